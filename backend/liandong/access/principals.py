"""Who a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from liandong.http.errors import Forbidden


class Scope(StrEnum):
    """What a caller may do. A key has one or more; a wallet that signed in has ``agent`` alone."""

    MALL = "mall"
    """Records what happens in the mall: the operator's steps."""

    RISK = "risk"
    """Holds and releases, freezes, slashes: the risk officer's steps."""

    TREASURER = "treasurer"
    """Pays out the brand's own accounts."""

    GUARDIAN = "guardian"
    """Pauses; cannot end a pause."""

    PLANNER = "planner"
    """Publishes plans: the plan administrator's step."""

    ADMIN = "admin"
    """Ends pauses and gives roles: the administrator's steps."""

    AUDITOR = "auditor"
    """Reads everything but personal data; writes nothing."""

    MONITOR = "monitor"
    """Reads metrics and status only."""

    AGENT = "agent"
    """A participant: its own accounts, payouts, orders and team."""


KEY_SCOPES = frozenset(Scope) - {Scope.AGENT}
"""Scopes that a key can have."""

APART = (Scope.MALL, Scope.RISK, Scope.TREASURER, Scope.GUARDIAN, Scope.PLANNER, Scope.ADMIN)
"""Of these a key has one at most (三权分立)."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A known caller. ``id`` is stable (``key:7``, ``wallet:0x…``); requests belong to it."""

    id: str
    scopes: frozenset[Scope]
    per_minute: int
    wallet: str | None = None
    participant: int | None = None
    kind: str | None = None
    """What the participant is: agent, supplier or store."""

    @property
    def is_agent(self) -> bool:
        """Signed in with a wallet, so that it sees its own things only."""
        return self.wallet is not None

    def require_own(self, participant: int) -> None:
        """Raises :class:`Forbidden` where a wallet asks for what is another participant's."""
        if self.is_agent and participant != self.participant:
            raise Forbidden("a wallet sees and does what is its own participant's only")
