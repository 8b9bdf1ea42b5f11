"""Deliver, settle, void, refund, hold: on which day what may happen to an order (rules § 4)."""

import pytest

from liandong.errors import rule_error
from liandong.rules.campaigns import CampaignKind
from liandong.rules.orders import Status
from liandong.rules.plan import SEED


def fails(error, step, *args):
    with pytest.raises(rule_error(error)):
        step(*args)


def join_campaign(world, kind="group", target=2, deadline=5, orders=1):
    world.ledger.open_campaign("c", CampaignKind(kind), target, deadline)
    return [world.sell(channel="campaign", partner="boss", campaign="c") for _ in range(orders)]


def status(world, number):
    return world.ledger.order_numbered(number).status


@pytest.mark.parametrize("days", [0, 7])
def test_settled_only_after_the_return_window(world, days) -> None:
    number = world.sell()
    fails("NotDelivered", world.ledger.settle, [number])
    world.ledger.deliver([number])
    world.ledger.advance(days)
    fails("ReturnWindowOpen", world.ledger.settle, [number])
    world.ledger.advance(8 - days)
    world.ledger.settle([number])
    assert world.has("amy") == (2000, 0, 0)
    world.ledger.settle([number])
    assert world.has("amy") == (2000, 0, 0)


def test_the_window_is_of_the_plan_that_the_order_was_recorded_under(world) -> None:
    number = world.sell()
    world.ledger.publish_plan(SEED.changed({"return_days": 20}))
    world.ledger.deliver([number])
    world.ledger.advance(8)
    world.ledger.settle([number])


def test_several_orders_all_or_none(world) -> None:
    first, second, third = world.sell(), world.sell(), world.sell()
    fails("UnknownOrder", world.ledger.deliver, [first, 99])
    fails("AlreadyDelivered", world.ledger.deliver, [first, second, first])
    assert world.ledger.order_numbered(first).delivered_on is None
    world.ledger.deliver([first, second])
    world.ledger.advance(8)
    fails("NotDelivered", world.ledger.settle, [first, third])
    assert status(world, first) is Status.RECORDED
    world.ledger.settle([first, first])
    world.ledger.settle([first, second])
    fourth = world.sell()
    world.ledger.advance(90)
    fails("OrderClosed", world.ledger.void, [third, fourth, third])
    assert status(world, third) is Status.RECORDED
    world.ledger.void([third, fourth])
    for step in (world.ledger.deliver, world.ledger.settle, world.ledger.void):
        step([])


def test_the_error_is_that_of_the_first_order_that_fails(world) -> None:
    undelivered, refunded = world.sell(), world.sell()
    world.ledger.refund(refunded, 10_000)
    fails("NotDelivered", world.ledger.settle, [undelivered, refunded])
    fails("OrderClosed", world.ledger.settle, [refunded, undelivered])


def test_voided_after_ninety_days_without_delivery(world) -> None:
    number, delivered = world.sell(), world.sell()
    world.ledger.refund(number, 4_000)
    world.ledger.deliver([delivered])
    world.ledger.hold(number)
    world.ledger.advance(89)
    fails("NotVoidable", world.ledger.void, [number])
    world.ledger.advance(1)
    fails("AlreadyDelivered", world.ledger.void, [delivered])
    treasury = world.ledger.books.treasury
    world.ledger.void([number])
    assert world.ledger.books.treasury == treasury + 6_000
    for error, step, args in (
        ("OrderClosed", world.ledger.void, [[number]]),
        ("OrderClosed", world.ledger.deliver, [[number]]),
        ("OrderClosed", world.ledger.settle, [[number]]),
        ("OrderClosed", world.ledger.refund, [number, 1]),
        ("OrderClosed", world.ledger.hold, [number]),
    ):
        fails(error, step, *args)
    world.ledger.release(number)


def test_a_group_is_won_by_recorded_orders_refunded_or_not(world) -> None:
    first, second = join_campaign(world, orders=2)
    world.ledger.refund(second, 10_000)
    world.settle(first)
    assert status(world, first) is Status.SETTLED


def test_a_group_is_pending_until_its_deadline_day_is_over_then_failed(world) -> None:
    (number,) = join_campaign(world, deadline=10)
    fails("CampaignPending", world.ledger.settle, [number])
    fails("NotVoidable", world.ledger.void, [number])
    world.ledger.deliver([number])
    world.ledger.advance(10)
    fails("CampaignPending", world.ledger.settle, [number])
    world.ledger.advance(1)
    world.ledger.settle([number])
    assert world.has("boss")[0] == 1200 + 800


def test_what_was_not_delivered_for_a_failed_campaign_is_voided(world) -> None:
    (number,) = join_campaign(world, deadline=0)
    fails("NotVoidable", world.ledger.void, [number])
    world.ledger.advance(1)
    fails("CampaignFailed", world.ledger.settle, [number])
    world.ledger.void([number])
    assert world.ledger.books.escrow == 0


def test_a_presale_order_is_won_by_its_balance_in_time(world) -> None:
    paid, unpaid = join_campaign(world, kind="presale", deadline=3, orders=2)
    world.ledger.pay_balance(paid)
    world.ledger.pay_balance(paid)
    fails("NotDelivered", world.ledger.settle, [paid])
    fails("CampaignPending", world.ledger.settle, [unpaid])
    world.ledger.advance(4)
    fails("CampaignClosed", world.ledger.pay_balance, unpaid)
    fails("CampaignClosed", world.ledger.pay_balance, paid)
    fails("CampaignFailed", world.ledger.settle, [unpaid])
    fails("NotVoidable", world.ledger.void, [paid])
    world.ledger.void([unpaid])
    fails("OrderClosed", world.ledger.pay_balance, unpaid)
    fails("UnknownOrder", world.ledger.pay_balance, 99)


def test_only_presales_have_a_balance(world) -> None:
    (grouped,) = join_campaign(world)
    for number in (grouped, world.sell()):
        fails("WrongChannel", world.ledger.pay_balance, number)


def test_a_hold_lasts_sixty_days_from_the_first_one(world) -> None:
    number = world.sell()
    fails("NotHeld", world.ledger.release, number)
    world.ledger.deliver([number])
    world.ledger.hold(number)
    world.ledger.advance(30)
    fails("OrderHeld", world.ledger.settle, [number])
    world.ledger.release(number)
    fails("NotHeld", world.ledger.release, number)
    world.ledger.hold(number)
    world.ledger.advance(29)
    world.ledger.hold(number)
    fails("OrderHeld", world.ledger.settle, [number])
    world.ledger.advance(1)
    world.ledger.settle([number])
    fails("AlreadySettled", world.ledger.hold, number)
    world.ledger.release(number)
    fails("NotHeld", world.ledger.release, number)


def test_a_held_order_can_be_refunded(world) -> None:
    number = world.sell()
    world.ledger.hold(number)
    world.ledger.refund(number, 10_000)
    assert status(world, number) is Status.REFUNDED
    fails("OrderClosed", world.ledger.hold, number)


def test_refunds_before_settlement_come_out_of_escrow_whatever_the_day(world) -> None:
    number = world.sell()
    world.ledger.deliver([number])
    world.ledger.advance(500)
    treasury = world.ledger.books.treasury
    world.ledger.refund(number, 1)
    assert (world.ledger.books.treasury, world.ledger.books.escrow) == (treasury + 1, 9_999)
    for amount in (0, -1, 10_000):
        fails("RefundExceedsPrice", world.ledger.refund, number, amount)
    world.ledger.settle([number])
    fails("RefundTooLate", world.ledger.refund, number, 1)
    fails("RefundExceedsPrice", world.ledger.refund, number, 10_000)


@pytest.mark.parametrize(("day", "in_time"), [(180, True), (181, False)])
def test_refunds_after_settlement_have_their_last_day(world, day, in_time) -> None:
    number = world.sold()
    world.ledger.publish_plan(SEED.changed({"refund_days": 0}))
    world.ledger.advance(day - 8)
    if in_time:
        world.ledger.refund(number, 10_000)
        assert (status(world, number), world.has("amy")) == (Status.SETTLED, (0, 0, 0))
        fails("RefundExceedsPrice", world.ledger.refund, number, 1)
    else:
        fails("RefundTooLate", world.ledger.refund, number, 10_000)


def test_a_refund_after_settlement_moves_every_line_to_the_split_of_what_is_left(world) -> None:
    at_once, in_steps = world.sold(cost=3_333, fees=77), world.sold(cost=3_333, fees=77)
    world.ledger.refund(at_once, 6_789)
    for amount in (1, 2, 1_000, 5_786):
        world.ledger.refund(in_steps, amount)
    lines = [world.ledger.order_numbered(number).lines for number in (at_once, in_steps)]
    assert lines[0] == lines[1]
    assert world.has("sup")[0] == 2 * lines[0].supply
    assert world.has("amy")[0] == 2 * lines[0].direct
