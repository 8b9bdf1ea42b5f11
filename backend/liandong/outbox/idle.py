"""Which lanes have anything to do, asked for all of a worker's lanes at once: most of the time few have."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from liandong.db.base import in_words
from liandong.db.outbox import OutboxCall, OutboxRequest
from liandong.outbox import states

OPEN = (*states.IN_FLIGHT, states.MINED, states.REVERTED)
"""States of calls that something may still become of."""


def roles_at_work(session: Session, lanes: tuple[tuple[str, str], ...]) -> set[str]:
    """Of lanes (role, address) the roles with a call that is not done with, or a request in the queue."""
    values = {f"lane_{place}": address.lower() for place, (_, address) in enumerate(lanes)}
    found = session.execute(_asked(lanes), values).one()
    return {role for (role, _), at_work in zip(lanes, found, strict=True) if at_work}


@cache
def _asked(lanes: tuple[tuple[str, str], ...]) -> Select[Any]:
    return select(
        *(
            or_(
                exists().where(
                    OutboxCall.lane == bindparam(f"lane_{place}"), OutboxCall.state.in_(in_words(OPEN))
                ),
                exists().where(OutboxRequest.state == states.QUEUED, OutboxRequest.role == role),
            ).label(f"at_work_{place}")
            for place, (role, _) in enumerate(lanes)
        )
    )
