"""Days since deployment and the dates that they are; the first day of the play is day 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class PlayCalendar:
    """The calendar of a play whose day 0 is ``first``; ``utc_offset`` is the deployment's, in seconds."""

    first: date
    utc_offset: int

    def day(self, moment: date | datetime) -> int:
        """The day that a date or a moment falls on."""
        return ((moment.date() if isinstance(moment, datetime) else moment) - self.first).days

    def date(self, day: int) -> date:
        """The date of a day."""
        return self.first + timedelta(days=day)

    def month(self, day: int) -> str:
        """The calendar month of a day, e.g. ``2011-01``."""
        return self.date(day).strftime("%Y-%m")

    def morning(self, day: int) -> int:
        """Eight o'clock on a day in the deployment's time zone, in Unix seconds."""
        start = datetime(self.first.year, self.first.month, self.first.day, 8, tzinfo=UTC)
        return int(start.timestamp()) - self.utc_offset + day * DAY_SECONDS
