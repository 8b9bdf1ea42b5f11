"""A fork that takes away what was final: the mirror halts, is made anew, and the outbox sends again."""

from __future__ import annotations

import pytest
from shop import Shop

from liandong.mirror.errors import ReorgTooDeep
from liandong.mirror.rebuild import forget
from liandong.outbox import requests, states
from liandong.outbox.lost import send_lost_again


def test_what_a_deep_reorganisation_took_away_is_mined_again(shop: Shop) -> None:
    worker = shop.worker()
    shop.drive(worker)
    mark = shop.clock.snapshot()
    order = shop.submit("o", "order", shop.order())
    shop.drive(worker)
    shop.mine(6)
    shop.drive(worker, until=lambda: shop.get(order).state == states.FINAL)
    number = shop.get(order).order_number
    shop.clock.revert(mark)
    shop.mine(9)
    with pytest.raises(ReorgTooDeep, match="liandong mirror rebuild"):
        shop.follower.catch_up()
    forget(shop.database)
    shop.follower.catch_up()
    assert send_lost_again(shop.database, shop.rpc) == 1
    assert shop.get(order).state == states.SENT
    shop.drive(worker)
    assert (shop.get(order).state, shop.get(order).order_number) == (states.MINED, number)
    assert shop.recorded() == number
    assert send_lost_again(shop.database, shop.rpc) == 0


def test_a_nonce_that_went_to_a_revert_is_used_up_again(shop: Shop) -> None:
    """On the new fork nothing uses the nonce of a call that had no effect; what comes after must not wait."""
    frozen = []

    def on_write(place: str) -> None:
        if place == "stored" and not frozen:
            frozen.append(shop.boss)
            shop.client.freeze(shop.boss)

    mark = shop.clock.snapshot()
    worker = shop.worker(on_write=on_write)
    order = shop.submit("o", "order", shop.order())
    shop.drive(worker, until=lambda: [one.state for one in shop.calls()] == [states.REVERTED])
    shop.client.unfreeze(shop.boss)
    shop.mine(6)
    shop.drive(worker)
    shop.mine(6)
    shop.drive(worker, until=lambda: shop.get(order).state == states.FINAL)
    assert [one.state for one in shop.calls()] == [states.UNDONE, states.FINAL]
    shop.clock.revert(mark)
    shop.mine(20)
    with pytest.raises(ReorgTooDeep):
        shop.follower.catch_up()
    forget(shop.database)
    shop.follower.catch_up()
    assert send_lost_again(shop.database, shop.rpc) == 1
    shop.drive(worker)
    assert shop.get(order).state == states.MINED
    assert shop.recorded() == 1


def test_a_rejected_request_is_tried_again_and_no_other(shop: Shop) -> None:
    worker = shop.worker()
    poor = shop.submit("p", "order", shop.order(price=2**47))
    fine = shop.submit("f", "order", shop.order())
    shop.drive(worker)
    assert shop.get(poor).error_name == "InsufficientTreasury"
    shop.client.mint(shop.client.keys.treasurer.address, 2**48)
    shop.client.fund(2**48)
    with shop.database.write() as session:
        for one in (poor, fine):
            requests.retry(session, requests.get(session, one.id))
    assert shop.get(fine).state == states.MINED
    shop.drive(worker)
    assert (shop.get(poor).state, shop.get(poor).order_number) == (states.MINED, 2)
