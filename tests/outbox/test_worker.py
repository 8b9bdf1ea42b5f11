"""From a request to its effect, on a real node."""

from __future__ import annotations

import pytest
from shop import Shop

from liandong.outbox import states


@pytest.mark.both_nodes
def test_an_order_is_recorded_delivered_and_settled(shop: Shop) -> None:
    worker = shop.worker()
    order = shop.submit("o1", "order", shop.order())
    delivery = shop.submit("d1", "deliver", {"order_request": order.id})
    shop.drive(worker)

    order, delivery = shop.get(order), shop.get(delivery)
    assert (order.state, order.order_number) == (states.MINED, 1)
    assert delivery.state == states.MINED

    shop.days_pass(9)
    settling = shop.submit("s1", "settle", {"orders": [1]})
    shop.drive(worker)
    assert shop.get(settling).state == states.MINED
    assert shop.client.lens("orderState", 1)[0] is True

    shop.mine()
    shop.drive(worker, until=lambda: shop.states() == {states.FINAL: 3})


@pytest.mark.both_nodes
def test_bad_orders_are_rejected_out_of_a_batch_with_the_rules_error(shop: Shop) -> None:
    worker = shop.worker()
    bodies = [shop.order(price=10_000 + i) for i in range(20)]
    bodies[3] |= {"cost": 20_000}
    bodies[7] |= {"price": 0}
    bodies[11] |= {"seller": 999}
    bodies[19] |= {"supplier": shop.boss}
    bodies[15] |= {"price": 2**48}
    sent = [shop.submit(f"o{i}", "order", body) for i, body in enumerate(bodies)]
    shop.drive(worker)

    found = [shop.get(one) for one in sent]
    errors = {i: one.error_name for i, one in enumerate(found) if one.state == states.REJECTED}
    assert errors == {
        3: "PriceBelowCost",
        7: "InvalidPrice",
        11: "UnknownParticipant",
        15: "AmountTooLarge",
        19: "WrongKind",
    }
    assert [one.order_number for one in found if one.state == states.MINED] == list(range(1, 16))
    assert len(shop.calls()) == 1
