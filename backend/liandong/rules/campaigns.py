"""Campaigns: group buys and live presales, won, pending or failed (rules § 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class CampaignKind(StrEnum):
    """``group`` 拼团 or ``presale`` 直播预售."""

    GROUP = "group"
    PRESALE = "presale"


class Outcome(Enum):
    """How a campaign stands for one of its orders."""

    WON = auto()
    PENDING = auto()
    FAILED = auto()


@dataclass(slots=True)
class Campaign:
    """A campaign; ``recorded`` counts its orders, also those that are refunded or voided later."""

    kind: CampaignKind
    target: int
    deadline: int
    recorded: int = 0

    def is_past(self, today: int) -> bool:
        """Whether the deadline day is over."""
        return today > self.deadline

    def outcome(self, balance_paid: bool, today: int) -> Outcome:
        """How the campaign stands today for an order whose balance is paid or not."""
        won = self.recorded >= self.target if self.kind is CampaignKind.GROUP else balance_paid
        if won:
            return Outcome.WON
        return Outcome.FAILED if self.is_past(today) else Outcome.PENDING
