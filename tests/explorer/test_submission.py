"""`liandong verify --sourcify/--blockscout/--etherscan`, against services on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from command import Run
from market import Market
from verification_desk import KEY, Desk, open_desk

from liandong.chain.rpc import RpcClient

PATHS = {"sourcify": "/server", "blockscout": "", "etherscan": "/v2/api"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def _to(desk: Desk, *services: str) -> list[str]:
    return [part for one in services for part in (f"--{one}", desk.url + PATHS[one])]


def test_all_three_get_every_contract_in_their_own_form(verify: Run, desk: Desk, market: Market) -> None:
    contracts = market.client.deployment.contracts
    done = verify(*_to(desk, *PATHS), "--json", LIANDONG_ETHERSCAN_KEY=KEY)
    assert desk.complaints == []
    assert done.returncode == 0, done.stdout + done.stderr
    outcomes = json.loads(done.stdout)["submissions"]
    assert [one["state"] for one in outcomes] == ["verified"] * 3 * len(contracts)
    assert set(desk.sent) == {(service, one.address) for service in PATHS for one in contracts.values()}
    settlement = contracts["Settlement"]
    asked = desk.sent["etherscan", settlement.address]
    assert asked["constructorArguments"] == settlement.constructor_arguments[2:]
    linked = json.loads(asked["sourceCode"])["settings"]["libraries"]
    assert {name: at for one in linked.values() for name, at in one.items()} == settlement.libraries
    assert KEY not in done.stdout + done.stderr


def test_it_is_told_line_by_line(verify: Run, desk: Desk) -> None:
    desk.already = True
    done = verify(*_to(desk, "sourcify", "etherscan"), LIANDONG_ETHERSCAN_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert f"sourcify   {'Settlement':<16} verified: exact_match" in done.stdout
    assert f"etherscan  {'Settlement':<16} verified: Contract source code already verified" in done.stdout


def test_a_refusal_is_told_and_is_a_failure(verify: Run, desk: Desk) -> None:
    desk.refusal = "The onchain and recompiled bytecodes don't match"
    done = verify(*_to(desk, "sourcify"))
    assert done.returncode == 1
    assert f"sourcify   {'Plans':<16} refused: {desk.refusal}" in done.stdout


@pytest.mark.parametrize("already", [True, False])
def test_a_match_that_is_not_exact_is_not_good_enough(verify: Run, desk: Desk, already: bool) -> None:
    desk.match, desk.already = "match", already
    done = verify(*_to(desk, "sourcify"))
    assert done.returncode == 1 and f"sourcify   {'Plans':<16} refused: match" in done.stdout


def test_no_outcome_in_time_is_not_called_one(verify: Run, desk: Desk) -> None:
    desk.silent = True
    done = verify(*_to(desk, "blockscout"), "--wait", "0.2")
    assert done.returncode == 1
    assert f"blockscout {'Plans':<16} pending: Smart-contract verification started" in done.stdout


def test_a_service_that_is_asked_too_often_is_asked_again(verify: Run, desk: Desk) -> None:
    desk.busy, desk.already = 2, True
    assert verify(*_to(desk, "etherscan"), LIANDONG_ETHERSCAN_KEY=KEY).returncode == 0
    assert desk.busy == 0


def test_a_wrong_key_is_the_services_word(verify: Run, desk: Desk) -> None:
    done = verify(*_to(desk, "etherscan"), "--wait", "1", LIANDONG_ETHERSCAN_KEY="another")
    assert done.returncode == 1 and "refused: bad request: ValueError('apikey')" in done.stdout


def test_nothing_is_submitted_unless_all_is_exact(
    verify: Run, desk: Desk, market: Market, rpc: RpcClient
) -> None:
    address = market.client.deployment.contracts["Plans"].address
    rpc.call("anvil_setCode", address, rpc.call("eth_getCode", address, "latest") + "00")
    done = verify(*_to(desk, "sourcify"))
    assert done.returncode == 1 and desk.sent == {}
    assert "nothing was submitted: not every contract is an exact match" in done.stdout


def test_a_service_that_fails_is_named_without_its_secrets(verify: Run, desk: Desk) -> None:
    desk.broken = True
    done = verify(*_to(desk, "etherscan"), LIANDONG_ETHERSCAN_KEY=KEY)
    assert done.returncode == 3
    assert f"error: etherscan at {desk.url} answers 502, not as its API does" in done.stderr
    gone = verify("--sourcify", "http://127.0.0.1:1/server")
    assert gone.returncode == 3 and "sourcify at http://127.0.0.1:1 does not answer" in gone.stderr
    assert KEY not in done.stderr
