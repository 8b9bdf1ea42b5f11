"""The two pools: gathering, weights, closing and claims (rules § 5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from liandong.errors import (
    AlreadyClaimed,
    ClaimExpired,
    EpochOpen,
    EpochOutOfOrder,
    NothingToClaim,
)
from liandong.rules.money import part

MONTH_DAYS = 30
YEAR_DAYS = 365

CLOSING_DELAY = 15
"""Days that have to pass after an epoch's end, and after the closing before."""


@dataclass(slots=True)
class Epoch:
    """A month or a year: what it gathers, and who has what weight in it."""

    gathered: int = 0
    weights: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Claimable:
    """The epoch closed last: its pool and weights as they were at closing, and what is left to claim.

    ``share_cap`` is what nobody's claim exceeds, None where the claim is capped by its own weight instead.
    """

    pool: int
    left: int
    weights: dict[str, int]
    all_weights: int
    share_cap: int | None
    closed_on: int
    claimed: set[str] = field(default_factory=set)

    def amount(self, agent: str) -> int:
        """What the agent's weight gives it."""
        weight = self.weights[agent]
        share = self.pool * weight // self.all_weights
        return min(share, weight if self.share_cap is None else self.share_cap)


class Pool:
    """A pool of epochs of ``days`` days each, closed in order 0, 1, 2, …"""

    def __init__(self, days: int) -> None:
        self._days = days
        self._epochs: defaultdict[int, Epoch] = defaultdict(Epoch)
        self._next = 0
        self._last: Claimable | None = None

    @property
    def next_epoch(self) -> int:
        """The oldest epoch that is not yet closed."""
        return self._next

    @property
    def closed(self) -> Claimable | None:
        """The epoch closed last."""
        return self._last

    def open_epochs(self) -> dict[int, Epoch]:
        """What the epochs that are not closed have gathered so far, by their numbers."""
        return dict(self._epochs)

    @property
    def closes_from(self) -> int:
        """The day from which the next epoch can be closed."""
        after_its_end = self._days * (self._next + 1) + CLOSING_DELAY
        return (
            after_its_end if self._last is None else max(after_its_end, self._last.closed_on + CLOSING_DELAY)
        )

    @property
    def balance(self) -> int:
        """What is gathered or still claimable."""
        return sum(epoch.gathered for epoch in self._epochs.values()) + (self._last.left if self._last else 0)

    # --- settlement

    def gather(self, amount: int, today: int) -> None:
        """Adds to the current epoch."""
        self._epochs[today // self._days].gathered += amount

    def add_weight(self, agent: str, weight: int, today: int) -> None:
        """Adds to the agent's weight in the current epoch."""
        if weight:
            weights = self._epochs[today // self._days].weights
            weights[agent] = weights.get(agent, 0) + weight

    # --- refunds after settlement

    def refundable(self, today: int) -> int:
        """What a refund may take: gathered in the oldest epoch not yet closed and in the current one."""
        return sum(epoch.gathered for epoch in self._refundable(today))

    def take(self, amount: int, today: int) -> None:
        """Takes what was gathered, no more than :meth:`refundable`, from the oldest epoch first."""
        for epoch in self._refundable(today):
            taken = min(amount, epoch.gathered)
            epoch.gathered -= taken
            amount -= taken

    def take_weight(self, agent: str, weight: int, today: int) -> None:
        """Takes from the agent's weight in the same epochs, no more than is there."""
        for epoch in self._refundable(today):
            there = epoch.weights.get(agent, 0)
            taken = min(weight, there)
            weight -= taken
            if taken:
                epoch.weights[agent] = there - taken

    def _refundable(self, today: int) -> list[Epoch]:
        # An epoch is closed after its end only, so the oldest open one is never after today's.
        oldest, current = self._next, today // self._days
        return [self._epochs[index] for index in dict.fromkeys((oldest, current))]

    # --- closing and claims

    def close(self, epoch: int, today: int, share_cap_bps: int | None = None) -> None:
        """Closes an epoch; what was not claimed of the one before is added, and claims on that one end.

        With ``share_cap_bps`` no claim is above this part of the pool; without, none is above its own weight.
        """
        if epoch != self._next:
            raise EpochOutOfOrder(f"{epoch} is not the next to close, {self._next} is")
        if today < self.closes_from:
            raise EpochOpen(f"{epoch} can be closed from day {self.closes_from}, today is {today}")
        closed = self._epochs.pop(epoch, Epoch())
        pool = closed.gathered + (self._last.left if self._last is not None else 0)
        self._last = Claimable(
            pool=pool,
            left=pool,
            weights=closed.weights,
            all_weights=sum(closed.weights.values()),
            share_cap=None if share_cap_bps is None else part(pool, share_cap_bps),
            closed_on=today,
        )
        self._next += 1

    def is_claimable(self, agent: str) -> bool:
        """Whether the agent has a claim on the epoch closed last, and has not made it."""
        last = self._last
        return last is not None and last.weights.get(agent, 0) > 0 and agent not in last.claimed

    def claim(self, agent: str, epoch: int) -> int:
        """Takes the agent's claim on a closed epoch out of the pool; returns its amount, which may be 0."""
        if epoch >= self._next or self._last is None:
            raise EpochOpen(f"{epoch} is not closed")
        if epoch < self._next - 1:
            raise ClaimExpired(f"claims on {epoch} ended when {epoch + 1} was closed")
        if agent in self._last.claimed:
            raise AlreadyClaimed(f"{epoch} by {agent}")
        if not self._last.weights.get(agent):
            raise NothingToClaim(f"{agent} has no weight in {epoch}")
        amount = self._last.amount(agent)
        self._last.left -= amount
        self._last.claimed.add(agent)
        return amount
