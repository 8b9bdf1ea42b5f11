"""Lanes: one a signer, each written to by one worker at a time, who holds its lease.

A lease runs out by the clock, but nothing depends on clocks: whatever a worker writes for a lane, it writes
in a transaction that first finds itself still the holder.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from liandong.db.outbox import OutboxLane
from liandong.outbox.errors import LeaseLost


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write to a lane; ``fence`` is the lane's when it was taken."""

    lane: str
    worker: str
    fence: int
    seconds: float


def now_ms() -> int:
    """Unix milliseconds."""
    return int(time.time() * 1000)


def ensure(session: Session, address: str, role: str) -> None:
    """Makes the lane if it is new."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"address": address.lower(), "role": role, "fence": 0, "leased_until": 0}
    session.execute(insert(OutboxLane).values(values).on_conflict_do_nothing(index_elements=["address"]))


def take(session: Session, address: str, worker: str, seconds: float) -> Lease | None:
    """Takes a free lane, or one whose lease ran out, or keeps one's own. None where another holds it."""
    now = now_ms()
    lane = session.scalars(
        select(OutboxLane).where(OutboxLane.address == address.lower()).with_for_update()
    ).one()
    if lane.holder not in (None, worker) and lane.leased_until > now:
        return None
    if lane.holder != worker:
        lane.holder = worker
        lane.fence += 1
    lane.leased_until = now + int(seconds * 1000)
    session.flush()
    return Lease(lane.address, worker, lane.fence, seconds)


def hold(session: Session, lease: Lease, **changes: Any) -> None:
    """Prolongs a lease, and changes the lane besides. Raises :class:`LeaseLost`: then write nothing."""
    until = now_ms() + int(lease.seconds * 1000)
    given = {"lane": lease.lane, "worker": lease.worker, "at_fence": lease.fence, "leased_until": until}
    result = session.connection().execute(_holding(tuple(changes)), given | changes)
    if result.rowcount != 1:
        raise LeaseLost(f"lane {lease.lane}")


@cache
def _holding(changed: tuple[str, ...]) -> Update:
    table = OutboxLane.__table__  # type: ignore[attr-defined]
    held = (
        table.c.address == bindparam("lane"), table.c.holder == bindparam("worker"),
        table.c.fence == bindparam("at_fence"),
    )  # fmt: skip
    return update(table).where(*held).values({name: bindparam(name) for name in ("leased_until", *changed)})


def give_up(session: Session, lease: Lease) -> None:
    """Frees a lane at a worker's end, so that the next one need not wait."""
    session.execute(
        update(OutboxLane)
        .where(OutboxLane.address == lease.lane, OutboxLane.holder == lease.worker)
        .values(holder=None, leased_until=0)
    )


def listed(session: Session) -> Sequence[OutboxLane]:
    """All lanes, for status pages."""
    return session.scalars(select(OutboxLane).order_by(OutboxLane.role, OutboxLane.address)).all()
