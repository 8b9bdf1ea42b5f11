"""Lineage up and team down, three levels at most."""

from __future__ import annotations

from sqlmodel import Session

from liandong.chain.state_words import TIERS
from liandong.db.people import Participant
from liandong.db.session import Reader
from liandong.errors import UnknownParticipant
from liandong.http.pages import page_of
from liandong.participants import repository
from liandong.participants.schemas import AncestorView, LineageView, MemberView, TeamLevel, TeamView
from liandong.rules.people import LEVELS


def participant(session: Session, number: int) -> Participant:
    """A participant. Raises ``UnknownParticipant``."""
    found = repository.get(session, number)
    if found is None:
        raise UnknownParticipant(f"participant {number}")
    return found


def lineage(reader: Reader, number: int) -> LineageView:
    """Who is above, three introducers at most. Raises ``UnknownParticipant``."""
    known = repository.agent_and_introducers(reader, number)
    of = known.get(number)
    leader = of.leader if of is not None else _leader(reader, number)
    above: list[repository.Above] = []
    while of is not None and (of := known.get(of.introducer)) is not None:
        above.append(of)
    return LineageView(
        participant=number, leader=leader or None,
        introducers=[
            AncestorView(
                number=one.number, tier=TIERS[one.tier], boss=one.leader == 0,
                introduced_by=one.introducer or None,
            )
            for one in above
        ],
    )  # fmt: skip


def _leader(reader: Reader, number: int) -> int:
    found = repository.leader(reader, number)
    if found is None:
        raise UnknownParticipant(f"participant {number}")
    return found


def distance(session: Session, above: int, below: int) -> int | None:
    """How many introductions one agent is below another: 0 to 3; None where it is not, or further."""
    if above == below:
        return 0
    place = repository.place(session, below)
    steps = (place.first, place.second, place.third) if place is not None else ()
    return steps.index(above) + 1 if above in steps else None


def team(reader: Reader, number: int, level: int, after: int, limit: int) -> TeamView:
    """Who is below: counts of three levels, a page of one of them. Raises ``UnknownParticipant``."""
    counts, rows = repository.team_page(reader, number, level, after, limit + 1)
    if not counts:
        _leader(reader, number)
    shown, next_ = page_of(rows, limit, lambda row: (row.number,))
    levels = []
    for distance in range(1, LEVELS + 1):
        there = [one for one in counts if one.level == distance and one.members]
        levels.append(
            TeamLevel(
                level=distance, members=sum(one.members for one in there),
                active=sum(one.active for one in there),
                tiers={TIERS[one.tier]: one.members for one in there},
            )
        )  # fmt: skip
    return TeamView(
        participant=number, levels=levels, level=level, next=next_,
        items=[
            MemberView(
                number=row.number, introducer=row.introducer, tier=TIERS[row.tier], active=row.active,
                boss=row.leader == 0, joined_on=row.joined_on,
            )
            for row in shown
        ],
    )  # fmt: skip
