"""Plays a case through a driver, step by step (rules § 7)."""

from __future__ import annotations

from collections.abc import Callable

from liandong.cases.document import Case, Step
from liandong.cases.driver import Driver
from liandong.cases.result import Result, StepOutcome, read_out
from liandong.errors import CaseFileError, RuleError

OnStep = Callable[[int, Step, StepOutcome], None]
"""Told after each step: its index, the step, what became of it."""


def play(case: Case, driver: Driver, on_step: OnStep | None = None) -> Result:
    """Plays a case through a fresh driver under the case's plan; returns the result document.

    Funds the treasury and registers the participants first. Raises ``CaseFileError`` if the rules refuse
    that; a step that the rules refuse is an outcome, not an exception.
    """
    _set_up(case, driver)
    outcomes: list[StepOutcome] = []
    for index, step in enumerate(case.steps):
        outcomes.append(play_step(step, driver))
        if on_step is not None:
            on_step(index, step, outcomes[-1])
    return read_out(outcomes, driver)


def play_step(step: Step, driver: Driver) -> StepOutcome:
    """Plays one step; returns what became of it."""
    try:
        getattr(driver, step.op)(**step.arguments())
    except RuleError as error:
        return {"ok": False, "error": error.name}
    return {"ok": True}


def _set_up(case: Case, driver: Driver) -> None:
    if case.treasury > 0:
        driver.fund(amount=case.treasury)
    for index, participant in enumerate(case.participants):
        try:
            driver.register(id=participant.id, kind=participant.kind)
        except RuleError as error:
            raise CaseFileError(f"participants[{index}]: {error}") from error
