"""Reads pools and agents' shares of them from the mirror (rules § 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, select

from liandong.db.money import Book, PoolEpoch, PoolWeight

Pool = Literal["support", "dividend"]
POOLS: tuple[Pool, ...] = ("support", "dividend")

DAYS: dict[Pool, int] = {"support": 30, "dividend": 365}
"""Days in an epoch of each."""


@dataclass(frozen=True, slots=True)
class Share:
    """What an agent has in an epoch. ``amount``: its claim if the epoch were closed as it stands."""

    pool: Pool
    epoch: int
    weight: int
    all_weights: int
    gathered: int
    amount: int
    claimed: int | None
    closed_on: int | None
    can_claim: bool


def epoch(session: Session, pool: str, number: int) -> PoolEpoch | None:
    """A month or year."""
    return session.get(PoolEpoch, (pool, number))


def closed(totals: Book, pool: Pool) -> int:
    """How many epochs are closed; the last of them can be claimed until the next one is."""
    return totals.months_closed if pool == "support" else totals.years_closed


def shares(session: Session, totals: Book, pool: Pool, agent: int, cap_bps: int) -> list[Share]:
    """An agent's shares: of the epochs that are not closed, and of the one closed last. Newest first.

    ``cap_bps``: the most that one agent gets of the dividend, by the plan in force.
    """
    last = closed(totals, pool) - 1
    query = select(PoolEpoch).where(PoolEpoch.pool == pool, PoolEpoch.epoch >= last)
    found = []
    for row in session.exec(query.order_by(col(PoolEpoch.epoch).desc())):
        weight = session.get(PoolWeight, (pool, row.epoch, agent))
        if weight is not None and weight.weight:
            can = row.epoch == last and weight.claimed is None
            amount = _amount(row, weight.weight, row.cap_bps if row.epoch == last else cap_bps)
            found.append(
                Share(
                    pool=pool, epoch=row.epoch, weight=weight.weight, all_weights=row.weight,
                    gathered=row.gathered, amount=amount, claimed=weight.claimed, closed_on=row.closed_on,
                    can_claim=can,
                )
            )  # fmt: skip
    return found


def _amount(row: PoolEpoch, weight: int, cap_bps: int) -> int:
    share = row.gathered * weight // row.weight if row.weight else 0
    return min(share, weight if row.pool == "support" else row.gathered * cap_bps // 10_000)
