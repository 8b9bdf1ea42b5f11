"""The contracts in Sourcify's repository form, as an explorer of another origin fetches them."""

from __future__ import annotations

import json

import httpx
import pytest
from eth_utils import keccak
from market import Market
from served import Served

from liandong.chain.contracts import load, sources
from liandong.chain.rpc import RpcClient
from liandong.explorer.repository import PublishedContracts
from liandong.http.problems import MEDIA_TYPE

ORIGIN = {"Origin": "http://127.0.0.1:5100"}


def _place(market: Market, name: str, chain: int = 31337) -> str:
    return f"/repository/contracts/full_match/{chain}/{market.client.deployment.contracts[name].address}"


def test_every_contract_has_its_metadata_and_all_sources(market: Market, anybody: httpx.Client) -> None:
    for name, contract in market.client.deployment.contracts.items():
        answer = anybody.get(f"{_place(market, name)}/metadata.json", headers=ORIGIN)
        assert answer.status_code == 200, name
        assert answer.headers["content-type"] == "application/json"
        assert answer.text == load(contract.artifact).metadata, "not to the byte the compiler's"
        for source, told in json.loads(answer.text)["sources"].items():
            got = anybody.get(f"{_place(market, name)}/sources/{told['keccak256']}", headers=ORIGIN)
            assert got.text == sources()[source]
            assert "0x" + keccak(got.content).hex() == told["keccak256"]
        for written in (source, source.replace("@", "_")):
            assert anybody.get(f"{_place(market, name)}/sources/{written}").text == sources()[source]


def test_an_address_may_be_written_in_any_case(market: Market, anybody: httpx.Client) -> None:
    place = _place(market, "Settlement")
    head, _, address = place.rpartition("/")
    assert anybody.get(f"{head}/{address.lower()}/metadata.json").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/repository/contracts/partial_match/31337/{address}/metadata.json",
        "/repository/contracts/full_match/1/{address}/metadata.json",
        "/repository/contracts/full_match/31337/0x00000000000000000000000000000000000000aa/metadata.json",
        "/repository/contracts/full_match/31337/{address}/sources/0x" + "00" * 32,
        "/repository/contracts/full_match/31337/{address}/creator-tx-hash.txt",
        "/repository/contracts/full_match/31337/{address}/metadata.json/..%2f..%2f..%2fpasswd",
    ],
)
def test_what_is_not_there_is_a_problem_document_that_another_origin_may_read(
    market: Market, anybody: httpx.Client, path: str
) -> None:
    answer = anybody.get(path.format(address=market.client.deployment.settlement), headers=ORIGIN)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["code"] == "NotFound" and answer.json()["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_nothing_else_is_open_to_other_origins(market: Market, anybody: httpx.Client) -> None:
    published = anybody.get(f"{_place(market, 'Settlement')}/metadata.json", headers=ORIGIN)
    assert published.headers["access-control-allow-origin"] == "*"
    for path in ("/health", "/v1/plans", "/v1/problems", "/openapi.json", "/v1/orders/1", "/repository"):
        assert "access-control-allow-origin" not in anybody.get(path, headers=ORIGIN).headers, path


def test_a_cache_is_told_what_lasts(market: Market, anybody: httpx.Client) -> None:
    metadata = f"{_place(market, 'Plans')}/metadata.json"
    first = anybody.get(metadata)
    assert first.headers["cache-control"] == "public, no-cache"
    again = anybody.get(metadata, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert anybody.get(metadata, headers={"If-None-Match": '"other"'}).status_code == 200
    hash_ = next(iter(first.json()["sources"].values()))["keccak256"]
    source = anybody.get(f"{_place(market, 'Plans')}/sources/{hash_}")
    assert "immutable" in source.headers["cache-control"] and source.headers["etag"] == f'"{hash_}"'


def test_a_contract_that_is_another_one_is_not_shown_as_verified(
    market: Market, api: Served, anybody: httpx.Client, rpc: RpcClient
) -> None:
    contract = market.client.deployment.contracts["Plans"]
    code = rpc.call("eth_getCode", contract.address, "latest")
    rpc.call("anvil_setCode", contract.address, code[:-40] + "00" + code[-38:])
    api.app.state.published_contracts = PublishedContracts(api.app.state.context)
    answer = anybody.get(f"{_place(market, 'Plans')}/metadata.json")
    assert answer.status_code == 404
    assert "Plans is not what this build's sources say" in answer.json()["detail"]
    rpc.call("anvil_setCode", contract.address, code)
    assert anybody.get(f"{_place(market, 'Plans')}/metadata.json").status_code == 200
