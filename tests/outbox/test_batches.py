"""No call is built on a batch's state that another call under way is about to change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from shop import Shop

from liandong.db.outbox import OutboxRequest
from liandong.outbox import states
from liandong.outbox.batches import PATIENCE
from liandong.outbox.kinds.orders import Deliver


@pytest.fixture
def by_hand(shop: Shop) -> Iterator[Shop]:
    """Orders 1 to 3 in one batch, 4 and 5 in another, 1 and 4 delivered nine days ago; blocks by hand."""
    worker = shop.worker()
    for count in (3, 2):
        for i in range(count):
            shop.submit(f"o {count} {i}", "order", shop.order())
        shop.drive(worker)
    for order in (1, 4):
        shop.submit(f"first {order}", "deliver", {"order": order})
    shop.drive(worker)
    worker.close()
    shop.days_pass(9)
    shop.clock.mine_by_itself(False)
    yield shop
    shop.clock.mine_by_itself(True)


def _mined(shop: Shop) -> bool:
    shop.mine(1)
    return shop.idle()


def _took_effect(shop: Shop, request: OutboxRequest) -> bool:
    return shop.get(request).state in (states.MINED, states.FINAL)


def _no_gas_was_lost(shop: Shop) -> bool:
    return {call.state for call in shop.calls()} <= {states.MINED, states.FINAL}


def test_what_is_about_a_batch_waits_for_what_changes_it(by_hand: Shop) -> None:
    shop, worker = by_hand, by_hand.worker()
    first = shop.submit("d2", "deliver", {"order": 2})
    shop.drive(worker, until=lambda: shop.get(first).state == states.SENT)
    others = [
        shop.submit("d3", "deliver", {"order": 3}),
        shop.submit("r1", "refund", {"order": 1, "amount": 100}),
        shop.submit("s", "settle", {"orders": [1]}),
    ]
    free = shop.submit("d5", "deliver", {"order": 5})
    for _ in range(20):
        worker.step()
    assert [(one.state, one.error_name) for one in map(shop.get, others)] == [(states.QUEUED, "NotYet")] * 3
    assert shop.get(free).state == states.SENT

    shop.drive(worker, until=lambda: _mined(shop))
    assert all(_took_effect(shop, one) for one in (first, *others, free))
    assert shop.get(others[2]).result is None
    assert _no_gas_was_lost(shop)


def test_a_full_call_ends_with_a_batch_so_that_the_next_one_need_not_wait(
    by_hand: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, worker = by_hand, by_hand.worker()
    monkeypatch.setattr(Deliver, "most", 3)
    for i in range(2):
        shop.submit(f"more {i}", "order", shop.order())
    shop.drive(worker, until=lambda: _mined(shop))
    waiting = [shop.submit(f"d{order}", "deliver", {"order": order}) for order in (2, 3, 5, 6, 7)]
    for _ in range(6):
        worker.step()
    assert [shop.get(one).state for one in waiting] == [states.SENT] * 5
    assert {tuple(call.batches or ()) for call in shop.calls()} >= {(1,), (4,), (6,)}
    shop.drive(worker, until=lambda: _mined(shop))
    assert all(_took_effect(shop, one) for one in waiting)
    assert _no_gas_was_lost(shop)


def test_a_delivery_waits_for_the_proofs_of_other_lanes(by_hand: Shop) -> None:
    shop, worker = by_hand, by_hand.worker()
    settling = shop.submit("s", "settle", {"orders": [1]})
    shop.drive(worker, until=lambda: shop.get(settling).state == states.SENT)
    delivery = shop.submit("d2", "deliver", {"order": 2})
    held = shop.submit("h", "hold", {"order": 3})
    worker.step()
    assert (shop.get(delivery).state, shop.get(held).state) == (states.QUEUED, states.SENT)
    assert shop.get(delivery).error_name == "NotYet"
    shop.drive(worker, until=lambda: _mined(shop))
    assert _took_effect(shop, delivery) and _took_effect(shop, settling)
    assert shop.get(settling).result is None
    assert _no_gas_was_lost(shop)


def test_settling_goes_in_the_end_without_a_batch_that_keeps_changing(by_hand: Shop) -> None:
    shop, worker = by_hand, by_hand.worker()
    delivery = shop.submit("d2", "deliver", {"order": 2})
    shop.drive(worker, until=lambda: shop.get(delivery).state == states.SENT)
    settling = shop.submit("s", "settle", {"orders": [1, 4]})
    shop.drive(worker, until=lambda: shop.get(settling).state == states.SENT, turns=4000)
    assert shop.get(settling).tries == PATIENCE
    shop.drive(worker, until=lambda: _mined(shop))
    found = shop.get(settling)
    assert found.result is not None
    assert {order: told["error"] for order, told in found.result["refused"].items()} == {"1": "NotYet"}
    assert [shop.client.lens("orderState", order)[0] for order in (1, 4)] == [False, True]
    assert _no_gas_was_lost(shop)


def test_of_two_lanes_that_build_at_once_one_waits(by_hand: Shop) -> None:
    shop, settler = by_hand, by_hand.worker(roles=("anyone",))
    settling = shop.submit("s", "settle", {"orders": [1]})
    delivery = shop.submit("d2", "deliver", {"order": 2})

    def meanwhile(place: str) -> None:
        if place == "before store" and shop.get(settling).state == states.QUEUED:
            shop.drive(settler, until=lambda: shop.get(settling).state == states.SENT)

    deliverer = shop.worker(roles=("operator",), on_write=meanwhile)
    deliverer.step()
    assert (shop.get(delivery).state, shop.get(settling).state) == (states.QUEUED, states.SENT)
    shop.drive(deliverer, settler, until=lambda: _mined(shop))
    assert _took_effect(shop, delivery) and _took_effect(shop, settling)
    assert _no_gas_was_lost(shop)


def test_batches_of_a_call_are_on_record(by_hand: Shop) -> None:
    shop, worker = by_hand, by_hand.worker()
    deliveries = [shop.submit(f"d{order}", "deliver", {"order": order}) for order in (5, 2, 3)]
    shop.drive(worker, until=lambda: _mined(shop))
    (call,) = {shop.get(one).call_id for one in deliveries}
    found = {one.id: one.batches for one in shop.calls()}
    assert found[call] == [1, 4]
    assert found[shop.get(1).call_id or 0] is None
