"""Model and contracts through the same steps, compared after each of them."""

from __future__ import annotations

from liandong.cases.compare import first_difference
from liandong.cases.document import Case, Step
from liandong.cases.driver import Driver
from liandong.cases.histories.shorten import shorten
from liandong.cases.model_driver import ModelDriver
from liandong.cases.play import play_step
from liandong.cases.result import StepOutcome, read_out
from liandong.errors import LiandongError
from liandong.simulation.stage import Stage


class Pair:
    """A model and a fresh deployment under the case's plan, set up alike."""

    def __init__(self, stage: Stage, case: Case) -> None:
        self.model: Driver = ModelDriver(case.starting_plan)
        self.chain: Driver = stage.driver(case.starting_plan)
        for driver in (self.model, self.chain):
            if case.treasury:
                driver.fund(amount=case.treasury)
            for participant in case.participants:
                driver.register(id=participant.id, kind=participant.kind)

    def play(self, step: Step) -> StepOutcome:
        """Plays a step on both; raises ``AssertionError`` where outcome or state differ."""
        expected, got = play_step(step, self.model), play_step(step, self.chain)
        if expected != got:
            raise AssertionError(f"by the rules {expected}, on chain {got}")
        self.compare()
        return expected

    def compare(self) -> None:
        """The whole state of both."""
        found = first_difference(read_out([], self.model), read_out([], self.chain))
        if found is not None:
            raise AssertionError(f"by the rules and on chain: {found}")


def difference(stage: Stage, case: Case) -> str | None:
    """Where model and contracts part on a case: the step and what differs after it; None if nowhere."""
    pair = Pair(stage, case)
    for index, step in enumerate(case.steps):
        try:
            pair.play(step)
        except (AssertionError, LiandongError) as error:
            return f"steps[{index}] {step.model_dump(exclude_unset=True)}: {type(error).__name__}: {error}"
    return None


def require_same(stage: Stage, case: Case) -> None:
    """Raises ``AssertionError`` with the shortest history that model and contracts part on."""
    if difference(stage, case) is None:
        return
    short = shorten(case, lambda shorter: difference(stage, shorter) is not None)
    steps = "\n".join(str(step.model_dump(exclude_unset=True)) for step in short.steps)
    raise AssertionError(
        f"{case.about}\n{difference(stage, short)}\nplan {short.plan}, treasury {short.treasury}\n{steps}"
    )
