"""The books day by day, as pages and exports ask for them."""

from __future__ import annotations

from sqlmodel import Session

from liandong.auditing import kept_sums, over_time
from liandong.db.chain import MirrorCursor
from liandong.http.errors import NotReady


def by_day(session: Session, *, anew: bool = False) -> list[over_time.DayEnd]:
    """Every day on which something moved, oldest first; ``anew``: from all events, without the kept sums.

    Raises ``NotReady``.
    """
    mirror = session.get(MirrorCursor, 1)
    if mirror is None:
        raise NotReady("the mirror has not begun")
    return over_time.by_day(kept_sums.days(session, mirror, anew=anew))
