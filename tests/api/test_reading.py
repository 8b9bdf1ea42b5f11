"""What the API tells of the chain: participants, orders, quotes, accounts, statements, proofs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import httpx
import pytest
from market import DAY, Market
from served import Served
from typer.testing import CliRunner

from liandong.chain.node import NodeClock
from liandong.cli import app as command
from liandong.db.money import Account
from liandong.mirror.many_orders import OF_MANY


@pytest.fixture(scope="module")
def settled(market: Market, api: Served, clock: NodeClock) -> list[int]:
    """Three orders of amy's: settled, settled and partly refunded, recorded."""
    orders = market.sell(3, price=20_000, cost=8_000, fees=100)
    market.client.deliver(orders[:2])
    clock.set(clock.now() + 8 * DAY)
    market.client.settle(orders[:2])
    market.client.refund(orders[1], 5_000)
    api.caught_up()
    return orders


def test_participants(market: Market, auditor: httpx.Client) -> None:
    amy = auditor.get(f"/v1/participants/{market.amy}").json()
    assert (amy["kind"], amy["introducer"], amy["leader"], amy["level"]) == (
        "agent",
        market.boss,
        market.boss,
        2,
    )
    found = auditor.get("/v1/participants", params={"limit": 2}).json()
    assert [one["number"] for one in found["items"]] == [market.supplier, market.boss]
    rest = auditor.get("/v1/participants", params={"limit": 2, "cursor": found["next"]}).json()
    assert [one["number"] for one in rest["items"]] == [market.amy] and rest["next"] is None


def test_lineage_and_team(market: Market, auditor: httpx.Client) -> None:
    lineage = auditor.get(f"/v1/participants/{market.amy}/lineage").json()
    assert [one["number"] for one in lineage["introducers"]] == [market.boss]
    team = auditor.get(f"/v1/participants/{market.boss}/team").json()
    assert [level["members"] for level in team["levels"]] == [1, 0, 0]
    assert [one["number"] for one in team["items"]] == [market.amy]


def test_a_quote_is_what_the_order_then_pays(market: Market, api: Served, mall: httpx.Client) -> None:
    sale = {
        "channel": "retail",
        "price": 30_000,
        "cost": 9_000,
        "supplier": market.supplier,
        "seller": market.amy,
    }
    quote = mall.post("/v1/quotes", json=sale).json()
    (number,) = market.sell(1, price=30_000, cost=9_000)
    api.caught_up()
    order = mall.get(f"/v1/orders/{number}").json()
    assert order["lines"] == quote["lines"] and order["terms"] == quote["terms"]
    assert sum(line["amount"] for line in quote["lines"]) == 30_000
    lines = {line["line"]: line for line in quote["lines"]}
    assert lines["team"]["account"] == market.boss and lines["direct"]["account"] == market.amy
    amounts, parties = market.client.book.terms(number).words()
    (by_lens,) = market.client.splits([(amounts, parties, 30_000)])
    assert sorted(filter(None, by_lens)) == sorted(line["amount"] for line in quote["lines"])


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"price": 0}, 422, "InvalidPrice"),
        ({"price": 2**48}, 422, "AmountTooLarge"),
        ({"supplier": 999}, 404, "UnknownParticipant"),
        ({"seller": 999}, 404, "UnknownParticipant"),
        ({"cost": 99_999}, 409, "PriceBelowCost"),
        ({"duty": 5}, 422, "WrongChannel"),
        ({"channel": "cross_border"}, 409, "NotCertified"),
        ({"price": 2**47}, 409, "InsufficientTreasury"),
    ],
)
def test_a_quote_is_refused_as_the_order_would_be(
    market: Market, mall: httpx.Client, change: dict[str, object], status: int, code: str
) -> None:
    sale = {"channel": "retail", "price": 10_000, "supplier": market.supplier, "seller": market.amy}
    answer = mall.post("/v1/quotes", json=sale | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_orders_life(market: Market, auditor: httpx.Client, settled: list[int]) -> None:
    order = auditor.get(f"/v1/orders/{settled[1]}").json()
    assert (order["state"], order["refunded"]) == ("settled", 5_000)
    assert sum(line["amount"] for line in order["lines"]) == 15_000
    history = auditor.get(f"/v1/orders/{settled[1]}/history").json()
    told = [one["event"] for one in history["events"]]
    assert told[0] == "RetailOrderRecorded" and told[-1] == "OrderRefunded"
    assert {"DirectPaid", "TeamPaid", "SupplyPaid", "PaymentTakenBack"} <= set(told)
    assert [name for name in told if name in OF_MANY] == list(OF_MANY)
    assert all(one["transaction"].startswith("0x") and one["at"] for one in history["events"])
    transaction = auditor.get(f"/v1/transactions/{history['events'][0]['transaction']}").json()
    assert (
        transaction["state"] in ("mined", "final") and transaction["block"] == history["events"][0]["block"]
    )


def test_an_account_and_its_statement(market: Market, auditor: httpx.Client, settled: list[int]) -> None:
    account = auditor.get(f"/v1/accounts/{market.amy}").json()
    on_chain = market.client.lens("account", market.amy)
    assert (account["available"], account["deposit"]) == (on_chain[0], on_chain[2])
    statement = auditor.get(f"/v1/accounts/{market.amy}/statement").json()["items"]
    assert sum(one["change"] for one in statement if one["into"] == "available") == account["available"]
    assert {one["entry"] for one in statement} == {"direct", "taken back"}
    one_a_page = auditor.get(f"/v1/accounts/{market.amy}/statement", params={"limit": 1}).json()
    assert one_a_page["items"] == statement[:1]
    after = auditor.get(
        f"/v1/accounts/{market.amy}/statement", params={"limit": 1, "cursor": one_a_page["next"]}
    ).json()
    assert after["items"] == statement[1:2]
    text = auditor.get(f"/v1/accounts/{market.amy}/statement", params={"format": "csv"})
    assert text.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(text.text)))
    assert [int(row["change"]) for row in rows] == [one["change"] for one in reversed(statement)]


def test_a_proof_holds_before_a_node_alone(
    market: Market, auditor: httpx.Client, settled: list[int], tmp_path: Path
) -> None:
    document = auditor.get(f"/v1/orders/{settled[1]}/proof").json()
    assert document["terms"]["refunded"] == 5_000
    url = market.client.sender.client.url
    run = CliRunner()

    def checked(changed: dict[str, object]) -> int:
        file = tmp_path / "proof.json"
        file.write_text(json.dumps(changed))
        return run.invoke(command, ["verify-proof", str(file), "--rpc", url]).exit_code

    assert checked(document) == 0
    assert checked(document | {"terms": document["terms"] | {"price": 20_001}}) == 1
    assert checked(document | {"terms": document["terms"] | {"refunded": 0}}) == 1
    assert checked(document | {"order": settled[2]}) == 1
    assert checked(document | {"path": document["path"][:-1]}) == 1
    (word,) = document["batch"]["deliveries"]
    for other in ([], [word, word], ["0x0001" + word[6:]]):
        assert checked(document | {"batch": document["batch"] | {"deliveries": other}}) == 1
    assert checked(document | {"batch": document["batch"] | {"deliveries": ["0x01"]}}) == 3
    assert checked(document | {"path": [*document["path"], "0x" + "00" * 32]}) == 1
    assert checked(document | {"chain_id": 1}) == 1
    assert checked(document | {"settlement": "0x" + "11" * 20}) == 1
    assert checked({"format": "something"}) == 3


def test_plans_are_public(anybody: httpx.Client) -> None:
    (plan,) = anybody.get("/v1/plans").json()["items"]
    assert plan["in_force"] and plan["parameters"]["team_bps"] == 800
    assert anybody.get(f"/v1/plans/{plan['version']}").json() == plan
    assert anybody.get("/v1/plans/77").json()["code"] == "UnknownPlan"


def test_status_and_metrics(api: Served, auditor: httpx.Client) -> None:
    status = auditor.get("/v1/status").json()
    assert status["lag"] == 0 and status["settlement"] == api.chain.deployment.settlement
    with api.caller("monitor") as monitor:
        text = monitor.get("/metrics").text
    assert "liandong_mirror_lag 0.0" in text and "liandong_http_requests_total" in text


def test_pools(auditor: httpx.Client, settled: list[int]) -> None:
    assert auditor.get("/v1/pools").json()["months_closed"] == 0
    (month,) = auditor.get("/v1/pools/support").json()["items"]
    assert month["pool_size"] > 0 and month["closed_on"] is None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/participants/4000", "UnknownParticipant"),
        ("/v1/orders/4000", "UnknownOrder"),
        ("/v1/orders/4000/proof", "UnknownOrder"),
        ("/v1/orders/4000/history", "UnknownOrder"),
        ("/v1/accounts/4000", "UnknownParticipant"),
        ("/v1/campaigns/4000", "UnknownCampaign"),
        ("/v1/requests/4000", "UnknownRequest"),
        ("/v1/transactions/0x" + "12" * 32, "UnknownTransaction"),
        ("/v1/nothing", "NotFound"),
    ],
)
def test_what_is_not_there(auditor: httpx.Client, path: str, code: str) -> None:
    answer = auditor.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert answer.json()["instance"] == answer.headers["x-request-id"]


def test_an_audit_finds_nothing_and_then_what_was_changed(
    api: Served, auditor: httpx.Client, market: Market, settled: list[int]
) -> None:
    def audited() -> dict:
        assert auditor.post("/v1/audits", json={}).status_code == 202
        for _ in range(600):
            found = auditor.get("/v1/audits/latest").json()
            if found["state"] != "running":
                return found
        raise AssertionError(found)

    assert audited()["state"] == "agrees"
    first = auditor.get("/v1/audits").json()["items"][0]
    assert auditor.get(f"/v1/audits/{first['id']}").json() == first == auditor.get("/v1/audits/latest").json()
    assert auditor.get("/v1/audits/4000").json()["code"] == "NotFound"
    sums = auditor.get("/v1/audits/reconciliation").json()
    assert sums["agrees"] and sums["held"] == sums["tokens"] > 0
    database = api.app.state.context.database
    with database.write() as session:
        session.get(Account, market.amy).available += 1
    found = audited()
    with database.write() as session:
        session.get(Account, market.amy).available -= 1
    assert found["state"] == "differs" and str(market.amy) in found["difference"]["name"]
