"""Random histories: what always holds, and that they reach every error of the rules (rules §§ 4, 6)."""

import copy
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.cases.compare import first_difference
from liandong.cases.document import Case, read_case, write_case
from liandong.cases.histories.random_case import random_case
from liandong.cases.histories.shorten import shorten, with_model_result
from liandong.cases.model_driver import ModelDriver
from liandong.cases.play import play, play_step
from liandong.cases.result import read_out
from liandong.errors import rule_error_names
from liandong.rules.invariants import check_invariants
from liandong.rules.orders import Status

HISTORIES = int(os.environ.get("LIANDONG_HISTORIES", "800"))
RULES = Path(__file__).parents[2] / "docs" / "settlement-rules.md"
SEEDS = st.integers(0, 2**63)

NOT_BY_CASES = {"OutOfSequence"}
"""What no case file can say: orders get their numbers from the driver."""

NOT_OF_BOTH = {
    ("hold", "NotHeld"),
    ("release", "AlreadySettled"),
    ("release", "OrderClosed"),
    ("protect_region", "RegionFree"),
    ("release_region", "UnknownParticipant"),
    ("release_region", "TierTooLow"),
    ("release_region", "RegionTaken"),
    ("release_region", "RegionMismatch"),
}
"""Where a row of the table is about two steps: errors that are of the other one."""


def driver_of(case: Case) -> ModelDriver:
    """A driver that is set up for the case, before its first step."""
    driver = ModelDriver(case.starting_plan)
    play(case.model_copy(update={"steps": []}), driver)
    return driver


def internals(driver: ModelDriver) -> object:
    """All that a step could change, as one value."""
    ledger = driver.ledger
    books = ledger.books
    pools = [(pool._next, pool._last, {e: v for e, v in pool._epochs.items() if v.gathered or v.weights})
             for pool in (books.support, books.dividend)]  # fmt: skip
    return copy.deepcopy((
        ledger.today, ledger.plan, ledger.orders, ledger.campaigns, ledger.regions, ledger.people.agents(),
        books.accounts.items(), books.treasury, books.escrow, books.deposit_locked_until, pools,
    ))  # fmt: skip


def test_every_error_of_every_step_is_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """Each step of the rules' table with each error that its row names, from this many seeds."""
    reached: Counter[tuple[str, str]] = Counter()
    for seed in range(HISTORIES):
        case = random_case(seed)
        assert case.expect is not None
        for step, outcome in zip(case.steps, case.expect["steps"], strict=True):
            reached[step.op, outcome.get("error", "ok")] += 1
    passed = sum(count for (_, outcome), count in reached.items() if outcome == "ok")
    with capsys.disabled():
        print(f"\n{HISTORIES} histories, {reached.total()} steps, {passed * 100 // reached.total()} % pass:")
        for (op, outcome), count in sorted(reached.items()):
            print(f"  {op:16} {outcome:22} {count:7}")
    missing = sorted(pairs_in_the_rules() - set(reached))
    assert not missing
    assert {name for _, name in reached} - {"ok"} == rule_error_names() - NOT_BY_CASES
    assert 0.65 < passed / reached.total() < 0.85


def pairs_in_the_rules() -> set[tuple[str, str]]:
    """Every step with every error of its row of the table in rules § 4, and with ``ok``."""
    pairs = {("publish_plan", "ok"), ("publish_plan", "InvalidPlan"), ("refund", "InsufficientTreasury")}
    table = RULES.read_text(encoding="utf-8").split("## 4.")[1]
    for row in re.findall(r"^\| ([a-z_, ]+) \| [^|]+ \| ([^|]*) \|", table, flags=re.MULTILINE):
        steps, checks = row
        names = ["ok", *re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", checks)]
        pairs |= {(step, name) for step in steps.split(", ") if step != "step" for name in names}
    return pairs - NOT_OF_BOTH


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_what_always_holds_holds_after_every_step(seed: int) -> None:
    case = random_case(seed, steps=80)
    driver = ModelDriver(case.starting_plan)
    result = play(case, driver, on_step=lambda *_: check_invariants(driver.ledger))
    assert first_difference(case.expect, result) is None


@given(SEEDS)
@settings(max_examples=12, deadline=None)
def test_a_step_that_fails_changes_nothing(seed: int) -> None:
    case = random_case(seed, steps=80, wrong=0.3)
    driver = driver_of(case)
    for step in case.steps:
        before = internals(driver)
        if not play_step(step, driver)["ok"]:
            assert internals(driver) == before, step


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_many_at_once_are_the_same_as_one_by_one(seed: int) -> None:
    case = random_case(seed, steps=80)
    together, apart = driver_of(case), driver_of(case)
    for step in case.steps:
        if play_step(step, together)["ok"]:
            numbers = step.arguments().get("orders")
            if numbers is None:
                play_step(step, apart)
            for number in numbers or []:
                getattr(apart, step.op)(orders=[number])
    assert first_difference(read_out([], together), read_out([], apart)) is None


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_money_is_never_stuck(seed: int) -> None:
    """Whatever is in escrow can be settled or voided in the end."""
    case = random_case(seed, steps=80)
    driver = driver_of(case)
    for step in case.steps:
        play_step(step, driver)
    driver.advance(days=200)
    for order in driver.ledger.orders:
        if order.status is Status.RECORDED:
            step = driver.void if order.delivered_on is None else driver.settle
            step(orders=[order.number])
    assert driver.escrow() == 0
    check_invariants(driver.ledger)


@given(SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_refunds_in_any_steps_come_to_the_same_lines(seed: int, random) -> None:
    """§ 6.5: one refund of the sum, or many of its parts."""
    case = random_case(seed, steps=60)
    at_once, in_parts = driver_of(case), driver_of(case)
    for step in case.steps:
        play_step(step, at_once)
        play_step(step, in_parts)
    for driver in (at_once, in_parts):
        driver.fund(amount=10**12)
    for order in at_once.ledger.orders:
        today = at_once.ledger.today
        if (
            order.status is Status.SETTLED
            and order.net
            and today <= order.delivered_on + order.plan.refund_days
        ):
            amount = random.randint(1, order.net)
            at_once.refund(order=order.number, amount=amount)
            while amount:
                now = random.randint(1, amount)
                in_parts.refund(order=order.number, amount=now)
                amount -= now
    assert at_once.orders() == in_parts.orders()
    check_invariants(in_parts.ledger)


def test_the_same_seed_gives_the_same_case() -> None:
    assert random_case(7) == random_case(7)
    assert random_case(7) != random_case(8)


def test_a_history_is_a_case_file(tmp_path) -> None:
    case = random_case(3)
    path = tmp_path / "history.json"
    write_case(path, case)
    again = read_case(path)
    assert again == case
    assert first_difference(again.expect, play(again, ModelDriver(again.starting_plan))) is None


def test_a_history_is_shortened_to_what_it_fails_by() -> None:
    def withdrawn_from(case: Case) -> bool:
        assert case.expect is not None
        return any(account["withdrawn"] for account in case.expect["accounts"].values())

    case = next(case for case in map(random_case, range(50)) if withdrawn_from(case))
    short = shorten(case, withdrawn_from)
    assert withdrawn_from(short)
    assert len(short.steps) < 15
    for index in range(len(short.steps)):
        fewer = [*short.steps[:index], *short.steps[index + 1 :]]
        assert not withdrawn_from(with_model_result(short, fewer))
