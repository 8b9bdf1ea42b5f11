"""Reads participants from the mirror."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from liandong.db.people import Participant, Region, TeamCount, TeamPlace, Wallet


def owner_of_wallet(session: Session, address: str) -> Participant | None:
    """The participant whose wallet this is now; not one that it once was of."""
    wallet = session.get(Wallet, address.lower())
    if wallet is None:
        return None
    found = session.get(Participant, wallet.participant)
    return found if found is not None and found.wallet == address.lower() else None


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


_WITH_INTRODUCERS = (
    select(Participant)
    .join(
        TeamPlace,
        col(Participant.number).in_(
            [col(one) for one in (TeamPlace.number, TeamPlace.first, TeamPlace.second, TeamPlace.third)]
        ),
    )
    .where(TeamPlace.number == bindparam("number"))
)
_COUNTS = (
    select(TeamCount)
    .where(TeamCount.above == bindparam("above"))
    .order_by(col(TeamCount.level), col(TeamCount.tier))
)


def agent_and_introducers(session: Session, number: int) -> dict[int, Participant]:
    """An agent and those three introductions above, by number; nobody where this is no agent."""
    found = session.exec(_WITH_INTRODUCERS, params={"number": number})
    return {one.number: one for one in found}


def team_counts(session: Session, above: int) -> Sequence[TeamCount]:
    """How many stand below, by level and tier; a count may be 0."""
    return session.exec(_COUNTS, params={"above": above}).all()


def level_page(session: Session, above: int, level: int, after: int, rows: int) -> Sequence[Participant]:
    """Those who stand ``level`` introductions below, by number."""
    return session.exec(_level_page(level), params={"above": above, "after": after, "rows": rows}).all()


@cache
def _level_page(level: int) -> SelectOfScalar[Participant]:
    who = (col(TeamPlace.first), col(TeamPlace.second), col(TeamPlace.third))[level - 1]
    # the page first: joined before it is cut, all participants up to its end might be walked through
    numbers = select(TeamPlace.number).where(who == bindparam("above"), TeamPlace.number > bindparam("after"))
    page = numbers.order_by(col(TeamPlace.number)).limit(bindparam("rows")).subquery()
    query = select(Participant).join(page, page.c.number == Participant.number)
    return query.order_by(col(Participant.number))


def introduced(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """How many each of these agents introduced; those who introduced nobody are not in it."""
    query = select(TeamCount.above, func.sum(TeamCount.members)).where(
        col(TeamCount.above).in_(numbers), TeamCount.level == 1
    )
    return {
        above: int(members) for above, members in session.exec(query.group_by(TeamCount.above)) if members
    }


def place(session: Session, number: int) -> TeamPlace | None:
    """Who is above an agent; None where this is no agent."""
    return session.get(TeamPlace, number)
