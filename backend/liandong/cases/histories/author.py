"""The author of random histories: looks at the model while it writes, so that most steps mean something."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter

from liandong.cases.document import AnyStep, Case, Participant
from liandong.cases.histories.themes import THEMES, Theme
from liandong.cases.model_driver import ModelDriver
from liandong.cases.play import play_step
from liandong.cases.result import StepOutcome, read_out
from liandong.rules.orders import HOLD_DAYS, VOID_DAYS, Order
from liandong.rules.plan import plan_from
from liandong.rules.pools import MONTH_DAYS, YEAR_DAYS
from liandong.rules.state import Ledger

T = TypeVar("T")

REGIONS = (310000, 440100, 510100)
NOBODY = ("nobody", "不存在")
_STEP: TypeAdapter[AnyStep] = TypeAdapter(AnyStep)


class NothingFits(Exception):
    """The history has nothing yet that this step could sensibly be about; better write another one."""


class Author:
    """Writes a history step by step and plays it on the model at once.

    ``wrong`` is how often an argument is chosen to be out of place, from 0 to 1. The choosing methods give
    something fitting otherwise, and raise ``NothingFits`` where there is nothing.
    """

    def __init__(self, seed: int, wrong: float) -> None:
        self.rng = random.Random(seed)
        self.wrong = wrong
        self.theme_name = self.rng.choice(list(THEMES))
        self.theme: Theme = THEMES[self.theme_name]
        self.treasury = self.rng.randint(*self.theme.treasury)
        self.driver = ModelDriver(plan_from(self.theme.plan))
        self.ledger: Ledger = self.driver.ledger
        self.steps: list[AnyStep] = []
        self.outcomes: list[StepOutcome] = []
        self.participants = [
            Participant(id="sup1", kind="supplier"),
            Participant(id="供应商二", kind="supplier"),
            Participant(id="shop1", kind="store"),
        ]
        if self.treasury:
            self.driver.fund(amount=self.treasury)
        for participant in self.participants:
            self.driver.register(id=participant.id, kind=participant.kind)

    def write(self, op: str, **fields: Any) -> bool:
        """Appends a step and plays it; returns whether the rules let it pass."""
        given = {name: value for name, value in fields.items() if value is not None}
        step = _STEP.validate_python({"op": op, **given})
        self.steps.append(step)
        self.outcomes.append(play_step(step, self.driver))
        return self.outcomes[-1]["ok"]

    def case(self, about: str) -> Case:
        """The case that was written, with the model's result as what it expects."""
        return Case(
            about=about,
            plan=dict(self.theme.plan),
            treasury=self.treasury,
            participants=self.participants,
            steps=self.steps,
            expect=dict(read_out(self.outcomes, self.driver)),
        )

    # --- choosing

    def chance(self, probability: float) -> bool:
        """True this often."""
        return self.rng.random() < probability

    def astray(self) -> bool:
        """Whether to choose something out of place now."""
        return self.chance(self.wrong)

    def choice(self, fitting: Sequence[T], otherwise: Sequence[T]) -> T:
        """One that fits; astray one of the others; where nothing fits mostly ``NothingFits``."""
        if otherwise and self.astray():
            return self.rng.choice(otherwise)
        if not fitting:
            if self.chance(0.9):
                raise NothingFits
            return self.rng.choice(otherwise)
        return self.rng.choice(fitting)

    def agent(self, fits: Callable[[str], bool] = lambda _: True) -> str:
        """An agent for which ``fits`` holds; astray any agent, a supplier, an account or nobody."""
        agents = [agent.id for agent in self.ledger.people.agents()]
        others = [*agents, "sup1", "shop1", "platform", *NOBODY]
        return self.choice([id for id in agents if fits(id)], others)

    def not_frozen(self, id: str) -> bool:
        """Whether an agent may act."""
        return not self.ledger.people.agent(id).frozen

    def supplier(self) -> str:
        """A supplier; astray anybody."""
        return self.choice(["sup1", "供应商二"], ["shop1", "support", *NOBODY, self.agent()])

    def store(self) -> str | None:
        """A store; astray anybody or none."""
        return self.choice(["shop1"], [None, "sup1", *NOBODY, self.agent()])

    def order(self, fits: Callable[[Order], bool] = lambda _: True) -> int:
        """The number of an order for which ``fits`` holds, rather a late one; astray any or none there is."""
        count = len(self.ledger.orders)
        fitting = [order.number for order in self.ledger.orders if fits(order)]
        others: list[int] = [*range(1, count + 1), 0, count + 1, count + 1000]
        return self.choice(fitting[-12:], others)

    def orders(self, fits: Callable[[Order], bool], most: int = 8) -> list[int]:
        """Some orders for which ``fits`` holds, now and then with one that is out of place or named twice."""
        fitting = [order.number for order in self.ledger.orders if fits(order)][:60]
        self.rng.shuffle(fitting)
        chosen = fitting[: self.rng.randint(1, most)]
        if not chosen and self.chance(0.9):
            raise NothingFits
        if not chosen or self.chance(self.wrong / 3):
            chosen.insert(self.rng.randint(0, len(chosen)), self.order())
        if self.chance(self.wrong / 4):
            chosen.append(self.rng.choice(chosen))
        return chosen

    def amount(self, limit: int) -> int:
        """An amount from 1 to ``limit``, often at the edge; astray one outside."""
        if limit < 1 and self.chance(0.9):
            raise NothingFits
        if limit < 1 or self.astray():
            outside: list[int] = [0, -1, limit + 1, limit + 1, 2 * limit + 7]
            return self.rng.choice(outside)
        inside: list[int] = [1, limit, limit, limit // 2 or 1, self.rng.randint(1, limit)]
        return self.rng.choice(inside)

    def region(self) -> int:
        """A region code; 0 is none."""
        return self.rng.choice([*REGIONS, *REGIONS, 0])

    def epoch(self, near: int, fits: bool) -> int:
        """The epoch, if it fits; astray one near it."""
        return self.choice([near] if fits else [], [max(0, near + away) for away in (-1, 0, 0, 1)])

    # --- time

    def days(self) -> int:
        """Days to the eve of something, to its very day, or just some."""
        ahead = [day - self.ledger.today for day in self._days_that_matter()]
        near = [days for days in ahead if 0 < days <= (400 if self.theme.far else 95)]
        if near and self.chance(0.75):
            return max(0, self.rng.choice(near) - self.rng.choice([0, 0, 1]))
        return self.rng.choice([0, 1, 2, 5, 8, 8, 15, 30])

    def _days_that_matter(self) -> list[int]:
        days: list[int] = []
        for order in self.ledger.orders[-25:]:
            if order.delivered_on is not None:
                days += [order.delivered_on + order.plan.return_days + 1] * 3
                days.append(order.delivered_on + order.plan.refund_days + 1)
            else:
                days.append(order.recorded_on + VOID_DAYS)
            if order.first_held_on is not None:
                days.append(order.first_held_on + HOLD_DAYS)
            if order.campaign is not None:
                days += [order.campaign.deadline, order.campaign.deadline + 1]
        books = self.ledger.books
        days += [(books.support.next_epoch + 1) * MONTH_DAYS, (books.dividend.next_epoch + 1) * YEAR_DAYS]
        days += [books.support.closes_from] * 3 + [books.dividend.closes_from] * (8 if self.theme.far else 3)
        return days + list(self.ledger.books.deposit_locked_until.values())
