"""Which keys were good a moment ago, so that not each request asks the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from liandong.access.principals import Principal
from liandong.access.secrets import digest
from liandong.access.service import principal_of
from liandong.db.session import Database

KNOWN_SECONDS = 1.0
"""How long a key is taken for good without a look: a revoked one may be used for so long."""

KEYS_KEPT = 10_000
"""Keys that are kept at most; then all are forgotten."""


class KnownKeys:
    """Callers by the hash of their key. Wallets' tokens are looked up each time: their end and who they are
    change with what the wallet does."""

    def __init__(self, database: Database, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Principal, float]] = {}

    def known(self, word: str) -> Principal | None:
        """Who a key belongs to, if it was good within :data:`KNOWN_SECONDS`; asks nobody."""
        found = self._known.get(digest(word))
        return found[0] if found is not None and self._now() < found[1] else None

    def look_up(self, word: str) -> Principal:
        """Who a key or token belongs to, by the database. Raises ``Unauthenticated``."""
        until = self._now() + KNOWN_SECONDS
        principal = principal_of(self._database, word)
        if not principal.is_agent:
            with self._lock:
                if len(self._known) >= KEYS_KEPT:
                    self._known.clear()
                self._known[digest(word)] = (principal, until)
        return principal
