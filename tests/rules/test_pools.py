"""Months and years: gathering, weights, closing, claims, and what refunds take back (rules § 5)."""

import pytest

from liandong.errors import AlreadyClaimed, ClaimExpired, EpochOpen, EpochOutOfOrder, NothingToClaim
from liandong.rules.plan import SEED
from liandong.rules.pools import Pool


def pool_with(gathered=1000, **weights) -> Pool:
    pool = Pool(30)
    pool.gather(gathered, 0)
    for agent, weight in weights.items():
        pool.add_weight(agent, weight, 0)
    return pool


@pytest.mark.parametrize("today", [30, 44])
def test_closing_waits_fifteen_days_after_the_end(today) -> None:
    pool = pool_with()
    with pytest.raises(EpochOpen):
        pool.close(0, today)
    pool.close(0, 45)


def test_closing_waits_fifteen_days_after_the_closing_before() -> None:
    pool = pool_with()
    pool.close(0, 200)
    with pytest.raises(EpochOpen):
        pool.close(1, 214)
    pool.close(1, 215)


def test_closing_goes_in_order() -> None:
    pool = pool_with()
    for epoch in (1, 7):
        with pytest.raises(EpochOutOfOrder):
            pool.close(epoch, 500)
    pool.close(0, 500)
    with pytest.raises(EpochOutOfOrder):
        pool.close(0, 600)


def test_a_support_claim_is_a_share_capped_by_its_weight() -> None:
    pool = pool_with(1000, amy=100, bob=2900)
    pool.close(0, 45)
    assert pool.claim("amy", 0) == 1000 * 100 // 3000
    assert pool.claim("bob", 0) == 1000 * 2900 // 3000
    assert pool.balance == 1000 - 33 - 966
    rich = pool_with(10_000, amy=100, bob=300)
    rich.close(0, 45)
    assert [rich.claim(agent, 0) for agent in ("amy", "bob")] == [100, 300]


def test_a_dividend_claim_is_capped_by_a_part_of_the_pool() -> None:
    pool = pool_with(1001, amy=9, bob=1)
    pool.close(0, 45, share_cap_bps=5000)
    assert [pool.claim(agent, 0) for agent in ("amy", "bob")] == [500, 100]


def test_what_was_not_claimed_is_in_the_next_closing() -> None:
    pool = pool_with(1000, amy=100, bob=300)
    pool.close(0, 45)
    assert pool.claim("amy", 0) == 100
    pool.gather(50, 46)
    pool.add_weight("amy", 5000, 46)
    pool.close(1, 75)
    assert pool.claim("amy", 1) == 950
    assert pool.balance == 0


def test_claims_that_fail() -> None:
    pool = pool_with(1000, amy=100)
    with pytest.raises(EpochOpen):
        pool.claim("amy", 0)
    pool.close(0, 45)
    with pytest.raises(EpochOpen):
        pool.claim("amy", 1)
    with pytest.raises(NothingToClaim):
        pool.claim("bob", 0)
    pool.claim("amy", 0)
    with pytest.raises(AlreadyClaimed):
        pool.claim("amy", 0)
    pool.close(1, 75)
    with pytest.raises(ClaimExpired):
        pool.claim("amy", 0)


def test_a_claim_that_comes_to_nothing_counts_as_claimed() -> None:
    pool = pool_with(1, amy=1, bob=9)
    pool.close(0, 45)
    assert pool.claim("amy", 0) == 0
    with pytest.raises(AlreadyClaimed):
        pool.claim("amy", 0)


def test_a_refund_takes_from_the_oldest_open_epoch_then_the_current_one_and_no_other() -> None:
    pool = pool_with(100)
    pool.gather(40, 35)
    pool.gather(70, 65)
    assert pool.refundable(65) == 170
    pool.take(120, 65)
    pool.close(0, 65)
    assert pool.balance == 90
    pool.close(1, 80)
    assert pool.balance == 90
    assert pool.refundable(80) == 50


def test_a_refund_takes_weight_only_as_far_as_there_is_some() -> None:
    pool = pool_with(100, amy=60)
    pool.add_weight("amy", 30, 31)
    pool.take_weight("amy", 70, 31)
    pool.take_weight("bob", 70, 31)
    pool.close(0, 45)
    with pytest.raises(NothingToClaim):
        pool.claim("amy", 0)
    pool.take_weight("amy", 5, 45)
    pool.close(1, 75)
    assert pool.claim("amy", 1) == 15


def test_a_member_has_support_weight_by_the_terms_and_a_boss_has_none(world) -> None:
    world.ledger.join("bob", 0, "amy")
    world.ledger.join("bea", 0, "amy")
    as_member = world.sell("amy")
    world.sold("boss")
    world.sold("bob")
    world.sold("bea")
    world.settle(as_member)
    world.sold("amy")
    world.ledger.advance(60)
    world.ledger.close_month(0)
    assert not world.ledger.books.support.is_claimable("boss")
    world.ledger.advance(15)
    world.ledger.close_month(1)
    world.ledger.claim_support("amy", 1)
    with pytest.raises(NothingToClaim):
        world.ledger.claim_support("boss", 1)


def test_dividend_weight_of_a_diamond_is_the_net_price_and_a_refund_takes_it_from_any(make_world) -> None:
    world = make_world(SEED.changed({"diamond_team": 1, "dividend_share_cap_bps": 10_000}))
    before = world.sold("boss")
    world.sold("amy")
    as_diamond = world.sell("boss")
    world.ledger.refund(as_diamond, 1000)
    world.settle(as_diamond)
    weights = world.ledger.books.dividend._epochs[0].weights
    assert weights == {"boss": 9000}
    world.ledger.refund(before, 4000)
    assert weights == {"boss": 5000}
    world.ledger.refund(as_diamond, 9000)
    assert weights == {"boss": 0}


def test_the_dividends_cap_is_that_in_force_at_closing(make_world) -> None:
    world = make_world(SEED.changed({"diamond_team": 1}))
    world.sold("amy")
    world.sold("boss")
    pool = world.ledger.books.dividend.balance
    world.ledger.publish_plan(SEED.changed({"dividend_share_cap_bps": 1000}))
    world.ledger.advance(380)
    world.ledger.close_year(0)
    world.ledger.publish_plan(SEED)
    before = world.has("boss")[0]
    world.ledger.claim_dividend("boss", 0)
    assert world.has("boss")[0] - before == pool // 10


def test_what_the_pools_lack_is_debited_to_the_platform(world) -> None:
    number = world.sold("amy", 10_000)
    world.ledger.advance(40)
    world.ledger.close_month(0)
    world.empty("platform")
    world.ledger.refund(number, 10_000)
    pools = world.ledger.books
    assert (pools.support.balance, pools.dividend.balance) == (1800, 0)
    assert world.has("platform") == (0, 5130 + 1800, 0)


def test_claims_go_to_debt_first_and_to_the_frozen_as_well(world) -> None:
    number = world.sold("amy", 10_000)
    world.ledger.advance(40)
    world.ledger.close_month(0)
    world.empty("amy")
    world.ledger.refund(number, 9_000)
    world.ledger.freeze("amy")
    treasury = world.ledger.books.treasury
    world.ledger.claim_support("amy", 0)
    assert world.has("amy") == (0, 0, 0)
    assert world.ledger.books.treasury == treasury + 1800


def test_a_line_that_rises_by_rounding_gives_no_weight(make_world) -> None:
    world = make_world(SEED.changed({"tier_bps": [4000] * 5, "cap_bps": 4500}))
    number = world.sold("amy", 10, cost=5, fees=3)
    assert world.ledger.order_numbered(number).lines.direct == 2
    world.ledger.refund(number, 1)
    assert world.ledger.order_numbered(number).lines.direct == 3
    assert world.ledger.books.support._epochs[0].weights == {"amy": 2}


def test_a_line_that_rises_by_rounding_is_gathered_on_the_day_of_the_refund(make_world) -> None:
    world = make_world(SEED.changed({"cap_bps": 0, "fund_bps": 10_000}))
    number = world.sold("boss", 10, cost=5, fees=3)
    assert world.ledger.books.support.balance == 2
    world.ledger.advance(40)
    world.ledger.close_month(0)
    world.ledger.refund(number, 1)
    assert world.ledger.order_numbered(number).lines.fund == 3
    assert (world.ledger.books.support.balance, world.ledger.books.support.refundable(48)) == (3, 1)


def test_a_dividends_cap_is_of_all_that_is_in_the_pool() -> None:
    pool = pool_with(1000)
    pool.close(0, 45, share_cap_bps=5000)
    pool.gather(500, 46)
    pool.add_weight("amy", 1, 46)
    pool.close(1, 75, share_cap_bps=5000)
    assert pool.claim("amy", 1) == 750
