"""Accounts, deposits, insurance, protection, withdrawals (rules § 4)."""

import pytest

from liandong.errors import rule_error
from liandong.rules.accounts import Accounts
from liandong.rules.invariants import check_invariants
from liandong.rules.plan import SEED


def fails(error, step, *args):
    with pytest.raises(rule_error(error)):
        step(*args)


@pytest.fixture
def certified(world):
    """A world whose amy sells cross-border."""
    world.ledger.certify("amy")
    return world


def abroad(world, price=10_000, **more):
    fields = {"channel": "cross_border", "cost": 5_000, "duty": 900, "insurance": 200, **more}
    return world.sold("amy", price, **fields)


def test_a_debit_takes_available_then_deposit_then_makes_debt() -> None:
    accounts = Accounts()
    accounts.open("amy")
    accounts.credit("amy", 10)
    accounts.credit_deposit("amy", 5)
    accounts.debit("amy", 12)
    one = accounts["amy"]
    assert (one.available, one.deposit, one.debt, accounts.treasury) == (0, 3, 0, 12)
    accounts.debit("amy", 7)
    assert (one.available, one.deposit, one.debt, accounts.treasury) == (0, 0, 4, 15)
    accounts.credit_deposit("amy", 1)
    accounts.credit("amy", 5)
    assert (one.available, one.deposit, one.debt, accounts.treasury) == (2, 0, 0, 19)


def test_a_part_of_the_service_fee_is_held_back(certified) -> None:
    abroad(certified)
    assert certified.has("amy") == (900 + 2000, 0, 100)


def test_what_is_held_back_pays_debt_before_the_other_lines_do(certified) -> None:
    """Lines are paid in the order of the split, service before direct: no direct is taken for 60 of debt."""
    number = certified.sold("amy", 300)
    certified.empty("amy")
    certified.ledger.refund(number, 300)
    assert certified.has("amy") == (0, 60, 0)
    abroad(certified)
    assert certified.has("amy") == (2900, 0, 40)


def test_the_deposit_stays_for_some_days_after_something_was_held_back(certified) -> None:
    abroad(certified)
    certified.ledger.publish_plan(SEED.changed({"deposit_lock_days": 0}))
    certified.ledger.advance(29)
    fails("DepositLocked", certified.ledger.release_deposit, "amy", 100)
    certified.ledger.advance(1)
    for amount in (0, -1, 101):
        fails("InsufficientDeposit", certified.ledger.release_deposit, "amy", amount)
    certified.ledger.freeze("amy")
    fails("AgentFrozen", certified.ledger.release_deposit, "amy", 100)
    certified.ledger.unfreeze("amy")
    certified.ledger.release_deposit("amy", 100)
    assert certified.ledger.books.accounts["amy"].withdrawn == 0
    check_invariants(certified.ledger)


def test_a_service_fee_too_small_to_hold_anything_back_locks_nothing(certified) -> None:
    certified.ledger.deposit("amy", 50)
    abroad(certified, 99, cost=0, duty=0, insurance=0)
    certified.ledger.release_deposit("amy", 50)


def test_the_last_holdback_counts_with_its_own_plans_days(certified) -> None:
    abroad(certified)
    certified.ledger.publish_plan(SEED.changed({"deposit_lock_days": 1}))
    abroad(certified)
    fails("DepositLocked", certified.ledger.release_deposit, "amy", 200)
    certified.ledger.advance(1)
    certified.ledger.release_deposit("amy", 200)


def test_debt_is_paid_before_a_deposit_is_taken_back(world) -> None:
    number = world.sold("amy")
    world.empty("amy")
    world.ledger.refund(number, 10_000)
    fails("DebtOutstanding", world.ledger.release_deposit, "amy", 1)
    treasury = world.ledger.books.treasury
    world.ledger.deposit("amy", 2_500)
    assert world.has("amy") == (0, 0, 500)
    assert world.ledger.books.treasury == treasury + 2_000
    for amount in (0, -1):
        fails("InvalidAmount", world.ledger.deposit, "amy", amount)
    fails("UnknownParticipant", world.ledger.deposit, "shop", 1)


def test_slashed_deposits_compensate_buyers(world) -> None:
    number = world.sell("amy")
    world.ledger.deposit("amy", 800)
    for amount in (0, 801):
        fails("InsufficientDeposit", world.ledger.slash, "amy", amount)
    fails("InsufficientBalance", world.ledger.compensate, number, 1)
    world.ledger.slash("amy", 800)
    assert world.has("protection") == (800, 0, 0)
    for amount in (0, 10_001):
        fails("RefundExceedsPrice", world.ledger.compensate, number, amount)
    treasury = world.ledger.books.treasury
    world.ledger.compensate(number, 300)
    assert world.ledger.books.treasury == treasury + 300
    fails("RefundExceedsPrice", world.ledger.compensate, number, 9_701)
    fails("InsufficientBalance", world.ledger.compensate, number, 9_700)
    fails("UnknownOrder", world.ledger.compensate, 2, 1)
    check_invariants(world.ledger)


def test_insurance_pays_a_part_of_a_duty_loss_once(certified) -> None:
    for _ in range(4):
        abroad(certified)
    assert certified.has("insurance")[0] == 800
    certified.ledger.publish_plan(SEED.changed({"insurance_bps": 0}))
    certified.ledger.refund(1, 5_000)
    fails("LossExceedsDuty", certified.ledger.insurance_claim, 1, 451)
    fails("LossExceedsDuty", certified.ledger.insurance_claim, 1, 0)
    before = certified.has("amy")[0]
    certified.ledger.insurance_claim(1, 450)
    assert (certified.has("insurance")[0], certified.has("amy")[0] - before) == (700 - 360, 360)
    fails("AlreadyClaimed", certified.ledger.insurance_claim, 1, 1)
    fails("InsufficientBalance", certified.ledger.insurance_claim, 2, 900)
    certified.ledger.refund(3, 10_000)
    fails("NotInsured", certified.ledger.insurance_claim, 3, 1)
    fails("WrongChannel", certified.ledger.insurance_claim, certified.sell("amy"), 1)
    unsettled = certified.sell("amy", channel="cross_border", duty=900, insurance=200)
    fails("NotSettled", certified.ledger.insurance_claim, unsettled, 1)
    uninsured = abroad(certified, insurance=0)
    fails("NotInsured", certified.ledger.insurance_claim, uninsured, 1)


def test_who_withdraws_what(world) -> None:
    world.sold("amy", cost=100, fees=10)
    for account in ("insurance", "protection"):
        fails("NotWithdrawable", world.ledger.withdraw, account, 1)
    for account in ("nobody", "support", "dividend", "escrow"):
        fails("UnknownParticipant", world.ledger.withdraw, account, 1)
    for account in ("amy", "sup", "platform", "fees", "duty", "treasury"):
        there = world.ledger.books.treasury if account == "treasury" else world.has(account)[0]
        for amount in (0, -1, there + 1):
            fails("InsufficientBalance", world.ledger.withdraw, account, amount)
    world.ledger.freeze("amy")
    fails("AgentFrozen", world.ledger.withdraw, "amy", 10**6)
    world.ledger.unfreeze("amy")
    world.empty("amy", "sup", "platform", "fees", "treasury")
    assert world.ledger.books.accounts["amy"].withdrawn == 2_000
    check_invariants(world.ledger)


def test_a_refunds_rounding_credits_are_paid_by_the_treasury_or_nothing_happens(make_world) -> None:
    """Refunding 1 of this order takes 1 from the supplier and 1 from amy, and gives 1 to the platform."""
    world = make_world(SEED.changed({"team_bps": 0, "fund_bps": 0, "dividend_bps": 0}), treasury=15)
    number = world.sold("boss", 15, cost=5)
    lines = world.ledger.order_numbered(number)
    assert lines.lines.not_zero() == {"supply": 5, "direct": 3, "platform": 7}
    assert lines.lines_at(14).not_zero() == {"supply": 4, "direct": 2, "platform": 8}
    world.empty("sup", "boss", "platform")
    fails("InsufficientTreasury", world.ledger.refund, number, 1)
    assert [world.has(name)[1] for name in ("sup", "boss", "platform")] == [0, 0, 0]
    world.ledger.fund(1)
    world.ledger.refund(number, 1)
    assert [world.has(name)[:2] for name in ("sup", "boss", "platform")] == [(0, 1), (0, 1), (1, 0)]
    assert world.ledger.books.treasury == 0
    check_invariants(world.ledger)


def test_a_debits_proceeds_can_pay_the_credits(make_world) -> None:
    world = make_world(SEED.changed({"team_bps": 0, "fund_bps": 0, "dividend_bps": 0}), treasury=15)
    number = world.sold("boss", 15, cost=5)
    world.empty("boss", "platform")
    world.ledger.refund(number, 1)
    assert [world.has(name)[:2] for name in ("sup", "boss", "platform")] == [(4, 0), (0, 1), (1, 0)]


def test_funding(world) -> None:
    for amount in (0, -1):
        fails("InvalidAmount", world.ledger.fund, amount)


@pytest.mark.parametrize("step", ["freeze", "unfreeze", "certify"])
def test_whatever_names_an_agent_refuses_all_else(world, step) -> None:
    for other in ("sup", "shop", "platform", "nobody"):
        fails("UnknownParticipant", getattr(world.ledger, step), other)
    for step_of_two in (world.ledger.slash, world.ledger.release_deposit):
        fails("UnknownParticipant", step_of_two, "sup", 1)
    for claim in (world.ledger.claim_support, world.ledger.claim_dividend):
        fails("UnknownParticipant", claim, "sup", 0)


def test_a_holdback_that_debt_swallows_locks_the_deposit_all_the_same(certified) -> None:
    number = certified.sold("amy", 1_000)
    certified.empty("amy")
    certified.ledger.refund(number, 1_000)
    abroad(certified)
    assert certified.has("amy") == (2_800, 0, 0)
    certified.ledger.deposit("amy", 70)
    fails("DepositLocked", certified.ledger.release_deposit, "amy", 70)
