"""How often a caller may ask: one bucket a caller in the database, for all processes together.

A process draws what a caller may ask in a second at a time, so that few requests cost a write.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from sqlalchemy import delete, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from liandong.db.access import RateBucket
from liandong.db.session import Database
from liandong.http.errors import RateLimited

LOG = logging.getLogger("liandong.http")

CALLERS_KEPT = 100_000
"""Callers whose drawn requests are kept; the one that was here longest ago goes first."""

DRAWN_SECONDS = 2.0
"""For how long what was drawn may be used."""

FULL_AGAIN_MS = 60_000
"""Every bucket is full after this long, and its row says nothing any more."""


class RateLimiter:
    """Lets a caller ask ``per_minute`` times a minute, and as often at once after a quiet minute.

    Where the database does not answer, callers are let through: it is for the request to say so.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._lock = threading.Lock()
        self._drawn: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._tidied = 0.0

    def take(self, caller: str, per_minute: int) -> None:
        """Counts one request. Raises :class:`RateLimited`."""
        if self.use(caller):
            return
        try:
            drawn = self._draw(caller, per_minute)
        except OperationalError:
            LOG.warning("the rate limit could not be looked up")
            return
        self._use(caller, drawn)

    def use(self, caller: str) -> bool:
        """Counts one request if one was drawn for it; whether it was. Asks nobody, and so never waits."""
        return self._use(caller, 0)

    def _use(self, caller: str, drawn: int) -> bool:
        """One of those that were drawn; whether there was one."""
        now = self._now()
        with self._lock:
            left, until = self._drawn.pop(caller, (0, 0.0))
            left = (left if now < until else 0) + drawn
            if drawn:
                until = now + DRAWN_SECONDS
            if left:
                self._drawn[caller] = (left - 1, until)
                if len(self._drawn) > CALLERS_KEPT:
                    self._drawn.popitem(last=False)
        return left > 0

    def _draw(self, caller: str, per_minute: int) -> int:
        """Takes a second's requests out of the caller's bucket, one at least."""
        now = int(self._now() * 1000)
        with self._database.write() as session:
            if not self._database.is_sqlite:
                # callers wait for this: a count that a crash of the server forgets is of a moment only
                session.execute(text("SET LOCAL synchronous_commit TO OFF"))
            insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
            new = {"caller": caller, "left": float(per_minute), "at": now}
            session.execute(insert(RateBucket).values(new).on_conflict_do_nothing(index_elements=["caller"]))
            bucket = session.exec(
                select(RateBucket).where(RateBucket.caller == caller).with_for_update()
            ).one()
            filled = max(now - bucket.at, 0) * per_minute / FULL_AGAIN_MS
            left = min(float(per_minute), bucket.left + filled)
            drawn = min(max(per_minute // 60, 1), math.floor(left))
            bucket.left, bucket.at = left - drawn, max(now, bucket.at)
            self._tidy(session, now)
        if drawn < 1:
            wait = math.ceil((1 - left) * 60 / per_minute)
            raise RateLimited(f"{per_minute} requests a minute", wait)
        return drawn

    def _tidy(self, session: Session, now: int) -> None:
        if now - self._tidied > FULL_AGAIN_MS:
            self._tidied = now
            session.exec(delete(RateBucket).where(col(RateBucket.at) < now - FULL_AGAIN_MS))
