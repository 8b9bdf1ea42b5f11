"""Wherever the API names a transaction or a contract, it links to the explorer that the settings name."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from market import AMY, Market
from pydantic import ValidationError
from served import Served, served

from liandong.access.principals import Scope
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.settings import Settings

EXPLORER = "http://127.0.0.1:5100"


@pytest.fixture(scope="module")
def order(market: Market, api: Served) -> int:
    """An order that is delivered."""
    (number,) = market.sell(1)
    market.client.deliver([number])
    api.caught_up()
    return number


def _entries(client: httpx.Client, market: Market, order: int) -> list[dict]:
    history = client.get(f"/v1/orders/{order}/history").json()["events"]
    transaction = client.get(f"/v1/transactions/{history[0]['transaction']}").json()
    return [*history, {"transaction": transaction["hash"], "explorer": transaction["explorer"]}]


def test_orders_and_transactions_link_to_their_transaction(api: Served, market: Market, order: int) -> None:
    with api.caller(Scope.AUDITOR) as auditor:
        entries = _entries(auditor, market, order)
    assert len(entries) >= 3, entries
    for entry in entries:
        assert entry["explorer"] == f"{EXPLORER}/tx/{entry['transaction']}"


def test_a_statement_links_each_entry(api: Served, market: Market) -> None:
    market.client.mint(AMY.address, 500)
    market.client.allow(AMY)
    market.client.deposit(AMY, market.amy, 500)
    api.caught_up()
    with api.caller(Scope.AUDITOR) as auditor:
        items = auditor.get(f"/v1/accounts/{market.amy}/statement").json()["items"]
    assert items[0]["entry"] == "deposit"
    assert all(one["explorer"] == f"{EXPLORER}/tx/{one['transaction']}" for one in items)


def test_a_request_links_once_it_is_mined(tmp_path: Path) -> None:
    with EmbeddedNode() as node:
        chain = deploy_locally(node.client())
        url = f"sqlite:///{tmp_path / 'a.sqlite'}"
        with served(chain, url, tmp_path, explorer_url=EXPLORER) as api, api.caller(Scope.MALL) as mall:
            body, key = {"wallet": "0x" + "11" * 20}, {"Idempotency-Key": "links"}
            sent = mall.post("/v1/suppliers", json=body, headers=key)
            assert sent.status_code == 202 and sent.json()["explorer"] is None
            mined = mall.post("/v1/suppliers", json=body, headers=key | {"Prefer": "wait=20"})
            assert mined.status_code == 200, mined.text
            for view in (mined.json(), mall.get(f"/v1/requests/{mined.json()['id']}").json()):
                assert view["explorer"] == f"{EXPLORER}/tx/{view['transaction']}"


def test_the_status_links_every_contract(api: Served, market: Market) -> None:
    with api.caller(Scope.AUDITOR) as auditor:
        contracts = auditor.get("/v1/status").json()["contracts"]
    assert {one["name"]: one["address"] for one in contracts} == {
        name: one.address for name, one in market.client.deployment.contracts.items()
    }
    assert all(one["explorer"] == f"{EXPLORER}/address/{one['address']}" for one in contracts)


def test_without_an_explorer_there_are_no_links(market: Market, order: int, tmp_path: Path) -> None:
    with served(market.client, f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path, run_worker=False) as api:
        api.caught_up()
        with api.caller(Scope.AUDITOR) as auditor:
            assert all(entry["explorer"] is None for entry in _entries(auditor, market, order))
            assert all(one["explorer"] is None for one in auditor.get("/v1/status").json()["contracts"])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "explorer", "http://", "http://a b/"])
def test_an_explorer_is_a_web_address(url: str) -> None:
    with pytest.raises(ValidationError, match="explorer_url"):
        Settings(explorer_url=url)
