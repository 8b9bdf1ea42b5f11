"""Keeps sums of the events that are final, and adds what came since, so that pages need not go through all.

What is final is never undone, so these sums only grow. Whoever does not believe them adds up anew.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from liandong.auditing import over_time
from liandong.auditing.income import INCOME
from liandong.db.chain import ChainEvent, MirrorCursor
from liandong.db.session import Database
from liandong.db.sums import BookDay, EventSum, SumCursor

EVENTS_AT_ONCE = 20_000
"""So that no other writer waits long for one step."""

POLL_SECONDS = 5.0


def run(database: Database, stop: threading.Event) -> None:
    """Keeps the sums up with what becomes final, until told to stop."""
    while not stop.is_set():
        try:
            busy = is_behind(database) and bring_up(database)
        except DBAPIError:
            busy = False  # the next time may be better; until then pages add up more themselves
        if not busy:
            stop.wait(POLL_SECONDS)


def is_behind(database: Database) -> bool:
    """Whether there is something final that is not in the sums; asks without keeping writers waiting."""
    with database.read() as session:
        mirror, place = session.get(MirrorCursor, 1), session.get(SumCursor, 1)
        return mirror is not None and place is not None and mirror.final_number > place.block_number


def bring_up(database: Database) -> bool:
    """Takes the next events into the sums; whether there may be more."""
    with database.write() as session:
        place = session.get_one(SumCursor, 1, with_for_update=True)  # one process at a time
        mirror = session.get(MirrorCursor, 1)
        if mirror is None or mirror.final_number <= place.block_number:
            return False
        after, until = place.block_number, _until(session, place.block_number, mirror.final_number)
        for day, change in over_time.changes(session, mirror, after, until).items():
            row = session.get(BookDay, day) or BookDay(day=day, changes="[]")
            row.changes = json.dumps(_plus(json.loads(row.changes) or [0] * len(change), change))
            session.add(row)
        for name, amount in _by_name(session, after, until).items():
            kept = session.get(EventSum, name) or EventSum(name=name, amount="0")
            kept.amount = str(int(kept.amount) + amount)
            session.add(kept)
        place.block_number = until
        session.add(place)
        return until < mirror.final_number


def days(session: Session, mirror: MirrorCursor, *, anew: bool) -> dict[int, list[int]]:
    """How each day changed each position: the kept sums and what came since; ``anew``: from all events."""
    found: dict[int, list[int]] = {}
    after = -1
    if not anew:
        after = session.get_one(SumCursor, 1).block_number
        found = {row.day: json.loads(row.changes) for row in session.exec(select(BookDay))}
    for day, change in over_time.changes(session, mirror, after, None).items():
        found[day] = _plus(found.get(day, [0] * len(change)), change)
    return found


def income(session: Session) -> dict[str, int]:
    """What agents were paid, by event: the kept sums and what came since."""
    after = session.get_one(SumCursor, 1).block_number
    found: dict[str, int] = defaultdict(int)
    for row in session.exec(select(EventSum).where(col(EventSum.name).in_(INCOME))):
        found[row.name] += int(row.amount)
    for name, amount in _by_name(session, after, None).items():
        found[name] += amount
    return dict(found)


def _by_name(session: Session, after: int, until: int | None) -> dict[str, int]:
    query = select(ChainEvent.name, func.sum(ChainEvent.amount)).where(
        col(ChainEvent.name).in_(INCOME), *over_time.between(after, until)
    )
    return {name: int(amount or 0) for name, amount in session.exec(query.group_by(ChainEvent.name))}


def _until(session: Session, after: int, final: int) -> int:
    """The block with which a step ends: whole blocks, one at least."""
    block = col(ChainEvent.block_number)
    query = select(ChainEvent.block_number).where(block > after).order_by(block)
    found = session.exec(query.offset(EVENTS_AT_ONCE).limit(1)).first()
    return final if found is None else min(final, max(found - 1, after + 1))


def _plus(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]
