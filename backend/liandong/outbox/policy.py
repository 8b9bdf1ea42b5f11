"""How a worker goes about its lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from liandong.outbox.fees import FeeCaps

OnWrite = Callable[[str], None]
"""Told before and after each write that matters after a crash: ``before store``, ``stored``, ``sent``, …"""


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds and counts by which a worker goes.

    ``depth``: calls of a lane that are under way together; nodes keep a few dozen for an account.
    ``resend_seconds``: what is not mined is sent again, for nodes forget. ``stuck_seconds``: what is not
    mined is replaced at a higher fee; a few blocks, since fees stand for five. ``tries``: after this many
    mined reverts a request is rejected with what its call reverted with. ``schedule``: whether it looks for
    what is due, every ``due_seconds``.
    """

    depth: int = 16
    lease_seconds: float = 15.0
    poll_seconds: float = 0.1
    resend_seconds: float = 10.0
    stuck_seconds: float = 60.0
    due_seconds: float = 30.0
    schedule: bool = True
    retry_seconds: float = 0.25
    longest_retry_seconds: float = 30.0
    tries: int = 5
    caps: FeeCaps = field(default_factory=FeeCaps)

    def retry_ms(self, tries: int) -> int:
        """How long to wait before the next try: twice as long each time."""
        seconds = min(self.retry_seconds * 2 ** min(tries, 16), self.longest_retry_seconds)
        return int(seconds * 1000)
