"""Who has which share of a month or a year, and how it comes about (rules § 5)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from liandong.db.money import PoolEpoch, PoolWeight
from liandong.figures import money
from liandong.http.errors import NotFound
from liandong.orders.reckoning import Reckoned


def epochs(session: Session, pool: str) -> Sequence[PoolEpoch]:
    """All of a pool's epochs, the newest first."""
    query = select(PoolEpoch).where(PoolEpoch.pool == pool)
    return session.exec(query.order_by(col(PoolEpoch.epoch).desc())).all()


def epoch(session: Session, pool: str, number: int) -> PoolEpoch:
    """One of them. Raises ``NotFound``."""
    found = session.get(PoolEpoch, (pool, number))
    if found is None:
        raise NotFound(f"nothing was gathered in {pool} {number}")
    return found


def weights(session: Session, pool: str, number: int, after: int, rows: int) -> Sequence[PoolWeight]:
    """Who has a weight in it, by agent."""
    query = select(PoolWeight).where(
        PoolWeight.pool == pool, PoolWeight.epoch == number, PoolWeight.agent > after
    )
    return session.exec(query.order_by(col(PoolWeight.agent)).limit(rows)).all()


def share(of: PoolEpoch, one: PoolWeight) -> Reckoned:
    """What a weight gives, once the epoch is closed; in an open one, what it would give now."""
    amount = of.gathered * one.weight // of.weight if of.weight else 0
    filled = f"⌊{money(of.gathered)} × {money(one.weight)} ÷ {money(of.weight)}⌋"
    if of.pool == "support":
        most, formula = one.weight, "min(⌊pool × weight ÷ weights⌋, weight)"
    else:
        most, formula = of.gathered * of.cap_bps // 10_000, "min(⌊pool × weight ÷ weights⌋, ⌊pool × cap⌋)"
        if of.closed_on is None:
            return Reckoned("share", "⌊pool × weight ÷ weights⌋", filled, amount, one.agent)
    return Reckoned("share", formula, f"min({filled}, {money(most)})", min(amount, most), one.agent)
