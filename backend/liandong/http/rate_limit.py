"""How often a caller may ask: one bucket a caller, in this process's memory."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from liandong.http.errors import RateLimited

CALLERS_KEPT = 100_000
"""Buckets that are kept; the one that was used longest ago goes first, and would be full by then."""


class RateLimiter:
    """Lets a caller ask ``per_minute`` times a minute, and as often at once after a quiet minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, per_minute: int) -> None:
        """Counts one request. Raises :class:`RateLimited`."""
        now = self._now()
        with self._lock:
            left, since = self._buckets.pop(caller, (float(per_minute), now))
            left = min(float(per_minute), left + (now - since) * per_minute / 60)
            taken = left >= 1
            self._buckets[caller] = (left - 1 if taken else left, now)
            if len(self._buckets) > CALLERS_KEPT:
                self._buckets.popitem(last=False)
        if not taken:
            wait = math.ceil((1 - left) * 60 / per_minute)
            raise RateLimited(f"{per_minute} requests a minute", wait)
