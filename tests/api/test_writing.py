"""Writes over HTTP, from the caller's key to what the chain has, on both databases."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from market import AMY, DAY, Market, open_market
from served import Served, served

from liandong.access.principals import Scope
from liandong.chain.local import deploy_locally, local_signer
from liandong.chain.node import EmbeddedNode, NodeClock

WAIT = {"Prefer": "wait=30"}


@dataclass
class Mall:
    """A mall, its officers, and what is behind the API."""

    api: Served
    market: Market
    client: httpx.Client
    risk: httpx.Client
    treasurer: httpx.Client
    clock: NodeClock

    def post(
        self, path: str, body: Any = None, key: str | None = None, who: httpx.Client | None = None
    ) -> httpx.Response:
        headers = WAIT | {"Idempotency-Key": key or secrets.token_hex(8)}
        return (who or self.client).post(path, json=body, headers=headers)

    def sale(self, order_id: str, **more: Any) -> dict[str, Any]:
        return {
            "order_id": order_id, "channel": "retail", "price": 20_000, "cost": 5_000,
            "supplier": self.market.supplier, "seller": self.market.amy,
        } | more  # fmt: skip

    def settled_order(self, order_id: str) -> int:
        """Records, delivers and settles an order of amy's."""
        number = self.post("/v1/orders", self.sale(order_id)).json()["order"]
        (delivered,) = self.post("/v1/deliveries", {"orders": [number]}).json()["items"]
        until_mined(self, delivered["request"]["id"])
        self.days_pass(9)
        settled = self.post("/v1/settlements", {"orders": [number]})
        assert settled.status_code == 200, settled.text
        return number

    def days_pass(self, days: int) -> None:
        self.clock.set(self.clock.now() + days * DAY)
        self.api.caught_up()


@pytest.fixture(scope="module")
def mall_(
    make_database: Callable[[str | None], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mall]:
    folder: Path = tmp_path_factory.mktemp("writing")
    url = make_database(None)
    with EmbeddedNode() as node:
        market = open_market(deploy_locally(node.client()))
        with served(market.client, url, folder, finality=3, due_seconds=10**6) as api:
            api.caught_up()
            yield Mall(
                api, market, api.caller(Scope.MALL), api.caller(Scope.RISK), api.caller(Scope.TREASURER),
                NodeClock(node.client()),
            )  # fmt: skip


def test_an_orders_life_over_http(mall_: Mall) -> None:
    mall = mall_
    recorded = mall.post("/v1/orders", mall.sale("M-1"))
    assert recorded.status_code == 200, recorded.text
    number = recorded.json()["order"]
    assert recorded.json()["order_id"] == "M-1" and recorded.json()["transaction"].startswith("0x")

    again = mall.client.post("/v1/orders", json=mall.sale("M-1"))
    assert again.json()["id"] == recorded.json()["id"]
    other = mall.client.post("/v1/orders", json=mall.sale("M-1", price=30_000))
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyConflict")

    order = mall.client.get("/v1/orders/by-mall-id/M-1").json()
    assert (order["number"], order["state"], order["order_id"]) == (number, "recorded", "M-1")

    delivered = mall.post("/v1/deliveries", {"order_ids": ["M-1", "M-unknown"]})
    assert [one["accepted"] for one in delivered.json()["items"]] == [True, False]
    assert delivered.json()["items"][1]["error"]["code"] == "UnknownOrder"
    until_mined(mall, delivered.json()["items"][0]["request"]["id"])

    early = mall.post("/v1/settlements", {"orders": [number]})
    assert (early.status_code, early.json()["code"]) == (409, "ReturnWindowOpen"), early.text
    mall.days_pass(9)
    held = mall.post(f"/v1/orders/{number}/hold", {})
    assert held.status_code == 200, held.text
    assert mall.post("/v1/settlements", {"orders": [number]}).json()["code"] == "OrderHeld"
    assert mall.post(f"/v1/orders/{number}/release").status_code == 403
    assert mall.post(f"/v1/orders/{number}/release", who=mall.risk).status_code == 200
    settled = mall.post("/v1/settlements", {"orders": [number]})
    assert settled.status_code == 200, settled.text

    refunded = mall.post(f"/v1/orders/{number}/refunds", {"amount": 4_000})
    assert refunded.status_code == 200, refunded.text
    over = mall.post(f"/v1/orders/{number}/refunds", {"amount": 40_000})
    assert (over.status_code, over.json()["code"]) == (409, "RefundExceedsPrice")

    order = mall.client.get(f"/v1/orders/{number}").json()
    assert (order["state"], order["refunded"]) == ("settled", 4_000)
    history = mall.client.get(f"/v1/orders/{number}/history").json()
    assert {"order", "deliver", "hold", "release", "refund"} >= {one["kind"] for one in history["requests"]}
    assert history["events"][-1]["event"] == "OrderRefunded"


def until_mined(mall: Mall, request: int) -> dict[str, Any]:
    for _ in range(600):
        found = mall.client.get(f"/v1/requests/{request}").json()
        if found["state"] not in ("queued", "building", "sent"):
            return found
    raise AssertionError(found)


@pytest.mark.parametrize("ndjson", [False, True])
def test_orders_in_bulk_have_each_their_own_result(mall_: Mall, ndjson: bool) -> None:
    mall, mark = mall_, f"B{int(ndjson)}"
    orders: list[Any] = [mall.sale(f"{mark}-{i}") for i in range(300)]
    orders[7]["price"] = "a lot"
    orders[9] = mall.sale(f"{mark}-8", price=1)
    orders[11]["cost"] = 10**6
    if ndjson:
        lines = [json.dumps(one) for one in orders] + ["{broken"]
        answer = mall.client.post(
            "/v1/orders/bulk", content="\n".join(lines), headers={"Content-Type": "application/x-ndjson"}
        )
        items = [json.loads(line) for line in answer.text.splitlines()]
        assert items.pop()["error"]["code"] == "MalformedBody"
    else:
        answer = mall.client.post("/v1/orders/bulk", json=orders)
        items = answer.json()["items"]
    assert len(items) == 300
    assert {i: one["error"]["code"] for i, one in enumerate(items) if not one["accepted"]} == {
        7: "InvalidRequest", 9: "IdempotencyConflict",
    }  # fmt: skip
    rejected = until_mined(mall, items[11]["request"]["id"])
    assert rejected["rejection"]["code"] == "PriceBelowCost"
    numbers = {until_mined(mall, one["request"]["id"])["order"] for one in items if one["accepted"]} - {None}
    assert len(numbers) == 297


def test_a_join_with_a_signature(mall_: Mall) -> None:
    mall = mall_
    newcomer = Account.create()
    terms = {"wallet": newcomer.address, "introducer": mall.market.boss, "region": 310000, "deadline": 2**40}
    message = mall.client.post("/v1/joins/prepare", json=terms).json()
    signature = "0x" + newcomer.sign_message(encode_typed_data(full_message=message)).signature.hex()
    wrong = mall.post("/v1/joins", terms | {"region": 1, "signature": signature})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "InvalidSignature")
    joined = mall.post("/v1/joins", terms | {"signature": signature})
    assert joined.status_code == 200, joined.text
    number = joined.json()["result"]["participant"]
    shown = mall.client.get(f"/v1/participants/{number}").json()
    assert (shown["wallet"], shown["introducer"], shown["region"]) == (
        newcomer.address,
        mall.market.boss,
        310000,
    )


def test_a_withdrawal_on_the_owners_signed_word(mall_: Mall) -> None:
    mall, amy = mall_, mall_.market.amy
    mall.settled_order(f"W-{secrets.token_hex(4)}")
    available = mall.client.get(f"/v1/accounts/{amy}").json()["available"]
    assert available > 100
    terms = {"amount": 100, "deadline": 2**40}
    message = mall.client.post(f"/v1/participants/{amy}/withdrawals/prepare", json=terms).json()
    signature = "0x" + AMY.account.sign_message(encode_typed_data(full_message=message)).signature.hex()
    paid = mall.post(f"/v1/participants/{amy}/withdrawals", terms | {"signature": signature})
    assert paid.status_code == 200, paid.text
    twice = mall.post(f"/v1/participants/{amy}/withdrawals", terms | {"signature": signature})
    assert (twice.status_code, twice.json()["code"]) == (409, "InvalidSignature")
    account = mall.client.get(f"/v1/accounts/{amy}").json()
    assert account["available"] == available - 100
    statement = mall.client.get(f"/v1/accounts/{amy}/statement").json()["items"]
    assert (statement[0]["entry"], statement[0]["change"]) == ("withdrawal", -100)


def test_people_regions_campaigns_and_officers(mall_: Mall) -> None:
    mall, amy = mall_, mall_.market.amy
    key = secrets.token_hex(4)
    wallet = local_signer(f"a new store {key}").address
    store = mall.post("/v1/stores", {"wallet": wallet}).json()["result"]["participant"]
    assert mall.client.get(f"/v1/participants/{store}").json()["kind"] == "store"
    again = mall.post("/v1/suppliers", {"wallet": wallet})
    assert (again.status_code, again.json()["code"]) == (409, "AlreadyRegistered")
    certified = mall.client.put(
        f"/v1/participants/{amy}/certification",
        json={"certified": True},
        headers=WAIT | {"Idempotency-Key": key},
    )
    assert certified.status_code == 200, certified.text
    protected = mall.client.put(
        "/v1/regions/310000", json={"holder": amy}, headers=WAIT | {"Idempotency-Key": key + "r"}
    )
    assert protected.json()["code"] == "TierTooLow"
    assert (
        mall.post("/v1/campaigns", {"campaign": 5, "kind": "group", "target": 2, "days": 3}).status_code
        == 200
    )
    opened = mall.client.get("/v1/campaigns/5").json()
    assert (opened["target"], opened["standing"]) == (2, "open")
    twice = mall.post("/v1/campaigns", {"campaign": 5, "kind": "presale", "days": 3})
    assert twice.json()["code"] == "CampaignExists"

    assert mall.post(f"/v1/participants/{amy}/freeze", {}).status_code == 403
    assert mall.post(f"/v1/participants/{amy}/freeze", {}, who=mall.risk).status_code == 200
    frozen = mall.post("/v1/orders", mall.sale(f"F-{key}"))
    assert (frozen.status_code, frozen.json()["code"]) == (409, "AgentFrozen")
    assert mall.post(f"/v1/participants/{amy}/unfreeze", who=mall.risk).status_code == 200
    slashed = mall.post(f"/v1/participants/{amy}/slash", {"amount": 5}, who=mall.risk)
    assert slashed.json()["code"] == "InsufficientDeposit"
    too_much = mall.post(
        "/v1/treasurer/withdrawals", {"account": "fees", "amount": 10**9}, who=mall.treasurer
    )
    assert too_much.json()["code"] == "InsufficientBalance"
    paid = mall.post("/v1/treasurer/withdrawals", {"account": "treasury", "amount": 10}, who=mall.treasurer)
    assert paid.status_code == 200, paid.text
    funded = mall.post("/v1/treasurer/funding", {"amount": 10}, who=mall.treasurer)
    assert funded.status_code == 200, funded.text
    pushed = mall.post("/v1/treasurer/pushes", {"participants": [amy]}, who=mall.treasurer)
    assert pushed.status_code == 200, pushed.text
    assert mall.client.get(f"/v1/accounts/{amy}").json()["available"] == 0
    assert mall.post("/v1/pools/support/0/close").json()["code"] == "EpochOpen"


def test_a_write_needs_a_key_and_is_its_callers(mall_: Mall) -> None:
    mall = mall_
    body = {"wallet": local_signer("somebody").address}
    missing = mall.client.post("/v1/suppliers", json=body)
    assert (missing.status_code, missing.json()["code"]) == (400, "IdempotencyKeyMissing")
    queued = mall.client.post("/v1/suppliers", json=body, headers={"Idempotency-Key": "once"})
    assert queued.status_code in (200, 202)
    assert queued.headers["location"] == f"/v1/requests/{queued.json()['id']}"
    assert mall.treasurer.get(queued.headers["location"]).status_code == 404
    mine = mall.client.get("/v1/requests", params={"kind": "register", "limit": 200}).json()["items"]
    assert queued.json()["id"] in [one["id"] for one in mine]
    assert mall.treasurer.get("/v1/requests", params={"kind": "register"}).json()["items"] == []


def test_personal_data_is_sealed_and_masked(mall_: Mall) -> None:
    mall, amy = mall_, mall_.market.amy
    data = {"name": "王小明", "phone": "+86 13800000017", "address": "上海市某路一号"}
    assert mall.client.put(f"/v1/participants/{amy}/personal", json=data).status_code == 204
    masked = mall.client.get(f"/v1/participants/{amy}/personal").json()
    assert masked == {"name": "王***", "phone": "*************17", "address": "上***"}
    found = mall.client.post("/v1/personal/search", json={"phone": "86-138-0000-0017"})
    assert found.json() == {"participants": [amy]}
    assert mall.client.delete(f"/v1/participants/{amy}/personal").status_code == 204
    assert mall.client.get(f"/v1/participants/{amy}/personal").json()["code"] == "NoPersonalData"
