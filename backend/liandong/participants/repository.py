"""Reads participants from the mirror."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, cast, literal, null, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from liandong.db.people import Participant, Region, TeamCount, TeamPlace, Wallet
from liandong.db.session import Reader


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


class Above(NamedTuple):
    """An agent as somebody's introducer."""

    number: int
    introducer: int
    leader: int
    tier: int


class Count(NamedTuple):
    """How many of a tier stand so many introductions below; may be 0."""

    level: int
    tier: int
    members: int
    active: int


class Member(NamedTuple):
    """An agent in a team."""

    number: int
    tier: int
    introducer: int
    active: bool
    leader: int
    joined_on: int


_WITH_INTRODUCERS = (
    select_columns(*(col(getattr(Participant, name)) for name in Above._fields))
    .join(
        TeamPlace,
        col(Participant.number).in_(
            [col(one) for one in (TeamPlace.number, TeamPlace.first, TeamPlace.second, TeamPlace.third)]
        ),
    )
    .where(TeamPlace.number == bindparam("number"))
)
_LEADER = select_columns(col(Participant.leader)).where(Participant.number == bindparam("number"))


def agent_and_introducers(reader: Reader, number: int) -> dict[int, Above]:
    """An agent and those three introductions above, by number; nobody where this is no agent."""
    found = reader.execute(_WITH_INTRODUCERS, {"number": number})
    return {row[0]: Above(*row) for row in found}


def leader(reader: Reader, number: int) -> int | None:
    """Who leads a participant's team sales, 0: nobody; None where there is no such participant."""
    return reader.execute(_LEADER, {"number": number}).scalar()


def team_page(
    reader: Reader, above: int, level: int, after: int, rows: int
) -> tuple[list[Count], list[Member]]:
    """How many stand below, by level and tier, and those who stand ``level`` introductions below, by number.

    One query, so that both are of one state.
    """
    counts, members = [], []
    for row in reader.execute(_team_page(level), {"above": above, "after": after, "rows": rows}):
        if row[-1] is None:
            counts.append(Count(*row[:4]))
        else:
            members.append(Member(*row[:3], bool(row[3]), *row[4:]))
    return sorted(counts), sorted(members)


@cache
def _team_page(level: int) -> Any:
    who = (col(TeamPlace.first), col(TeamPlace.second), col(TeamPlace.third))[level - 1]
    # the page first: joined before it is cut, all participants up to its end might be walked through
    numbers = select_columns(TeamPlace.number).where(
        who == bindparam("above"), TeamPlace.number > bindparam("after")
    )
    page = numbers.order_by(col(TeamPlace.number)).limit(bindparam("rows")).subquery()
    member, nothing = Participant, cast(literal(0), Integer)
    members = select_columns(
        member.number, member.tier, member.introducer, cast(member.active, Integer), member.leader,
        member.joined_on,
    ).join(page, page.c.number == member.number)  # fmt: skip
    count = TeamCount
    counts = select_columns(count.level, count.tier, count.members, count.active, nothing, null())
    return union_all(counts.where(count.above == bindparam("above")), members)


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
