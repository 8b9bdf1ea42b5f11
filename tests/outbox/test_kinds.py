"""Every kind of request has the effect of its step on the contract."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict

from shop import Shop, wallet

from liandong.chain.consent import NO_DEADLINE, join_message, sign, withdrawal_message
from liandong.db.outbox import OutboxRequest
from liandong.outbox import requests, states
from liandong.outbox.kinds import KINDS
from liandong.rules.plan import SEED


def test_a_whole_market_through_the_outbox(shop: Shop) -> None:
    """All kinds once, each after what it needs; everything but the last refusals is mined."""
    worker = shop.worker()
    done: set[str] = set()
    keys = itertools.count()

    def step(kind: str, body: dict[str, object], error: str | None = None) -> int:
        request = shop.submit(f"step {next(keys)}", kind, body)
        shop.drive(worker)
        found = shop.get(request)
        assert (found.state, found.error_name) == (states.REJECTED if error else states.MINED, error), found
        done.add(kind)
        return (found.result or {}).get("participant", found.order_number or 0)

    client = shop.client
    amy = wallet(f"amy of {client.deployment.settlement}")
    consent = sign(amy.account, join_message(client.domain, amy.address, shop.boss, 0, NO_DEADLINE))
    joining = {"wallet": amy.address, "introducer": shop.boss, "deadline": NO_DEADLINE}
    step("join", joining | {"signature": "0x" + "11" * 65}, "InvalidSignature")
    number = step("join", joining | {"signature": "0x" + consent.hex()})
    store = step("register", {"type": "store", "wallet": wallet("store").address})
    founder = step("register", {"type": "founder", "wallet": wallet("founder").address, "region": 110000})
    assert [number, store, founder] == [shop.boss + 1, shop.boss + 2, shop.boss + 3]

    sale = shop.order(seller=number, cost=3_000)
    abroad = sale | {"channel": 3, "duty": 1_000, "insurance": 100}
    step("order", abroad, "NotCertified")
    step("certify", {"agent": number})
    insured = step("order", abroad)
    step("open_campaign", {"type": "presale", "campaign": 7, "days": 1})
    live = step("order", sale | {"channel": 1, "partner": shop.boss, "campaign": 7})
    step("pay_balance", {"order": live})
    retail, doomed, spare = (step("order", sale) for _ in range(3))
    step("refund", {"order": retail, "amount": 1_000})
    step("hold", {"order": retail, "reason": "0x" + "ab" * 32})
    step("release", {"order": retail})
    step("release", {"order": retail}, "NotHeld")
    for order in (insured, retail, spare):
        step("deliver", {"order": order})
    step("deliver", {"order": retail}, "AlreadyDelivered")
    step("settle", {"orders": [retail]}, "ReturnWindowOpen")
    shop.days_pass(100)
    step("void", {"order": doomed})
    step("settle", {"orders": [insured, retail, doomed, spare, 999]})
    with shop.database.read():
        settled = shop.get(max(one.id for one in _requests(shop)))
    assert settled.result is not None
    told = {order: one["error"] for order, one in settled.result["refused"].items()}
    assert told == {str(doomed): "OrderClosed", "999": "UnknownOrder"}
    step("insurance_claim", {"order": insured, "loss": 500}, "InsufficientBalance")
    step("refund", {"order": spare, "amount": 10**6}, "RefundExceedsPrice")
    step("protect_region", {"region": 310000, "agent": shop.boss}, "TierTooLow")
    step("release_region", {"region": 310000}, "RegionFree")
    step("slash", {"agent": number, "amount": 5})
    step("slash", {"agent": number, "amount": 10**9}, "InsufficientDeposit")
    step("compensate", {"order": retail, "amount": 5})
    step("freeze", {"agent": number})
    step("unfreeze", {"agent": number})
    step("close_month", {"month": 0})
    step("close_year", {"year": 0}, "EpochOpen")
    step("claim", {"pool": "support", "epoch": 0, "agents": [number]}, "NothingToClaim")
    has = client.lens("account", number)[0]
    signature = sign(amy.account, withdrawal_message(client.domain, number, has // 2, 0, NO_DEADLINE)).hex()
    drawing = {"account": number, "amount": has // 2, "deadline": NO_DEADLINE, "signature": "0x" + signature}
    step("withdraw_for", drawing)
    step("push_withdrawals", {"participants": [number]})
    assert client.lens("account", number)[:2] == (0, has)
    step("withdraw", {"account": 6, "amount": 1_000})
    step("allow", {"amount": 10**20})
    step("fund", {"amount": 1_000})
    step("pause", {"parts": 4})
    step("unpause", {"parts": 4})
    plan = {"plan": json.loads(json.dumps(asdict(SEED)))}
    step("publish_plan", plan)
    newcomer = {"holder": wallet("another operator").address, "bit": 1}
    step("set_role", newcomer)
    # without a delay there is nothing to announce, and the access manager refuses it
    for kind, body in (("plan", plan), ("unpause", {"parts": 4}), ("role", newcomer)):
        step(f"announce_{kind}", body, "TransactionReverted")
        nobodys = {**body, "caller": wallet("who announced nothing").address}
        step(f"call_off_{kind}", nobodys, "AccessManagerNotScheduled")
    assert done == set(KINDS)


def test_an_order_waits_for_its_campaign_and_a_release_for_its_hold(shop: Shop) -> None:
    """Requests that come in together take effect in the order of their coming, across lanes, too."""
    opened = shop.submit("c", "open_campaign", {"type": "group_buy", "campaign": 9, "days": 3, "target": 1})
    order = shop.submit(
        "o", "order", shop.order(channel=1, partner=shop.boss, campaign=9) | {"seller": shop.boss}
    )
    held = shop.submit("h", "hold", {"order_request": order.id})
    released = shop.submit("r", "release", {"order_request": order.id})
    again = shop.submit("h2", "hold", {"order_request": order.id})
    # the lane that would release comes first in every turn, and must not be tempted
    shop.drive(shop.worker(roles=("risk",)), shop.worker(roles=("operator",)))
    effects = {shop.get(one).state for one in (opened, order, held, released, again)}
    assert effects <= {states.MINED, states.FINAL}
    assert shop.client.lens("orderState", 1)[2] is True


def test_steps_on_a_rejected_order_are_rejected(shop: Shop) -> None:
    order = shop.submit("o", "order", shop.order(price=0))
    delivery = shop.submit("d", "deliver", {"order_request": order.id})
    shop.drive(shop.worker())
    found = shop.get(delivery)
    assert (found.state, found.error_name) == (states.REJECTED, "UnknownOrder")
    assert found.error_detail is not None and "InvalidPrice" in found.error_detail


def test_what_is_paused_waits_and_goes_on(shop: Shop) -> None:
    worker = shop.worker()
    shop.client.pause(1)
    order = shop.submit("o", "order", shop.order())
    for _ in range(5):
        shop.drive(worker, until=lambda: True)
    waiting = shop.get(order)
    assert (waiting.state, waiting.error_name) == (states.QUEUED, "Paused")
    shop.client.unpause(1)
    shop.drive(worker)
    done = shop.get(order)
    assert (done.state, done.error_name) == (states.MINED, None)


def _requests(shop: Shop) -> list[OutboxRequest]:
    with shop.database.read() as session:
        return list(requests.listed(session, limit=1000))
