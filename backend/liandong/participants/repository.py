"""Reads participants from the mirror."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func
from sqlalchemy.sql import Select
from sqlmodel import Session, col, select

from liandong.db.people import Participant, Region, Wallet


def participant_of_wallet(session: Session, address: str) -> int | None:
    """The participant whose wallet this is now; not one that it once was of."""
    wallet = session.get(Wallet, address.lower())
    if wallet is None:
        return None
    found = session.get(Participant, wallet.participant)
    return found.number if found is not None and found.wallet == address.lower() else None


def get(session: Session, number: int) -> Participant | None:
    """A participant."""
    return session.get(Participant, number)


def page(session: Session, kind: str | None, after: int, rows: int) -> Sequence[Participant]:
    """Participants by number."""
    query = (
        select(Participant).where(Participant.number > after).order_by(col(Participant.number)).limit(rows)
    )
    if kind is not None:
        query = query.where(Participant.kind == kind)
    return session.exec(query).all()


def regions(session: Session, after: int, rows: int) -> Sequence[Region]:
    """Protected regions by number."""
    query = select(Region).where(Region.number > after, Region.holder != 0)
    return session.exec(query.order_by(col(Region.number)).limit(rows)).all()


def introducers(session: Session, of: Participant, levels: int) -> list[Participant]:
    """Who introduced, nearest first."""
    found: list[Participant] = []
    while of.introducer and len(found) < levels:
        above = session.get(Participant, of.introducer)
        if above is None:
            break
        found.append(above)
        of = above
    return found


def level_counts(session: Session, above: int, level: int) -> list[tuple[int, int, int]]:
    """Of those who stand ``level`` introductions below: (tier, how many, how many of them active)."""
    active = func.sum(case((col(Participant.active), 1), else_=0))
    query = (
        select(Participant.tier, func.count(), active)
        .where(_below(above, level))
        .group_by(col(Participant.tier))
    )
    return [(tier, count, int(active)) for tier, count, active in session.exec(query).all()]


def level_page(session: Session, above: int, level: int, after: int, rows: int) -> Sequence[Participant]:
    """Those who stand ``level`` introductions below, by number."""
    query = select(Participant).where(_below(above, level), Participant.number > after)
    return session.exec(query.order_by(col(Participant.number)).limit(rows)).all()


def _below(above: int, level: int):  # type: ignore[no-untyped-def]
    condition = col(Participant.introducer) == above
    for _ in range(level - 1):
        numbers: Select[tuple[int]] = select(Participant.number).where(condition)
        condition = col(Participant.introducer).in_(numbers)
    return condition
