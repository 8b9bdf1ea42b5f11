"""What scenes are played on: steps on both sides, sales that live through to their settlement, the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liandong.demo.pair import Pair, Payment, Settled


class Stage:
    """Keeps the day and the number of the last order, so that scenes read like a story."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.day = 0
        self.last = 0

    def do(self, op: str, **arguments: Any) -> None:
        """A step of a case file (rules § 7), on both sides."""
        self.pair.step(op, **arguments)
        if op == "advance":
            self.day += arguments["days"]
        elif op == "order":
            self.last += 1

    def sale(self, **order: Any) -> Settled:
        """One order: recorded, delivered, settled after the return window; returns what it paid."""
        return self.sales([order])

    def sales(self, orders: Sequence[Mapping[str, Any]]) -> Settled:
        """Orders that go the same way together; returns what they paid."""
        first = self.last + 1
        for order in orders:
            self.do("order", **{"channel": "retail", "supplier": "factory", **order})
        numbers = list(range(first, self.last + 1))
        self.do("deliver", orders=numbers)
        self.do("advance", days=self.pair.model.ledger.plan.return_days + 1)
        return self.pair.settle(numbers)

    def claim(self, pool: str, agent: str, epoch: int) -> Payment:
        """An agent's claim on a closed month or year; returns what it paid."""
        return self.pair.claim(pool, agent, epoch)
