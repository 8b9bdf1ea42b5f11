"""Days of the deployment as dates (rules: days are of the deployment's calendar)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from liandong.db.chain import MirrorBlock, MirrorCursor
from liandong.http.errors import NotReady

DAY = 86_400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """``now``: the chain's time as far as the mirror knows it, in Unix seconds."""

    day_zero: int
    utc_offset: int
    now: int

    @property
    def today(self) -> int:
        """Today, in days since deployment."""
        return self.day_at(self.now)

    def day_at(self, seconds: int) -> int:
        """The day of a moment in Unix seconds."""
        return (seconds + self.utc_offset) // DAY - self.day_zero

    def date(self, day: int) -> str:
        """A day since deployment as ``2026-11-22``."""
        return (_EPOCH + timedelta(days=day + self.day_zero)).isoformat()

    def moment(self, seconds: int) -> str:
        """A moment as ``2026-11-22 09:30``, in the deployment's time."""
        local = datetime.fromtimestamp(seconds, UTC) + timedelta(seconds=self.utc_offset)
        return local.strftime("%Y-%m-%d %H:%M")


def calendar_of(session: Session) -> Calendar:
    """The calendar now. A chain whose clock was moved ahead is followed. Raises :class:`NotReady`."""
    cursor = session.get(MirrorCursor, 1)
    if cursor is None:
        raise NotReady("the mirror has not seen the deployment yet")
    block = session.get(MirrorBlock, cursor.block_number)
    return Calendar(
        cursor.day_zero, cursor.utc_offset, max(int(time.time()), block.timestamp if block else 0)
    )
