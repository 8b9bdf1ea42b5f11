"""An order's state after recording, and what may happen to it on which day (rules § 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from liandong.errors import (
    AlreadyDelivered,
    CampaignFailed,
    CampaignPending,
    NotDelivered,
    NotVoidable,
    OrderClosed,
    OrderHeld,
    RefundExceedsPrice,
    RefundTooLate,
    ReturnWindowOpen,
)
from liandong.rules.campaigns import Campaign, Outcome
from liandong.rules.plan import Plan
from liandong.rules.split import Lines, split
from liandong.rules.terms import Terms

HOLD_DAYS = 60
"""From the day of its first hold on, an order is held no longer than this."""

VOID_DAYS = 90
"""From the day of recording on, an order that was not delivered can be voided after this."""


class Status(StrEnum):
    """Where an order is in its life; ``REFUNDED`` is in full and before settlement."""

    RECORDED = "recorded"
    SETTLED = "settled"
    REFUNDED = "refunded"
    VOID = "void"


@dataclass(slots=True)
class Order:
    """A recorded order: its terms and plan version for good, and what has happened to it since, by day."""

    number: int
    terms: Terms
    plan: Plan
    recorded_on: int
    campaign: Campaign | None = None
    status: Status = Status.RECORDED
    refunded: int = 0
    balance_paid: bool = False
    delivered_on: int | None = None
    settled_on: int | None = None
    held: bool = False
    first_held_on: int | None = None
    compensated: int = 0
    insurance_claimed: bool = False

    @property
    def net(self) -> int:
        """The price less all refunds so far, in minor units."""
        return self.terms.price - self.refunded

    @property
    def lines(self) -> Lines:
        """The split of the net price: at any time, whatever led there (rules § 6.5)."""
        return self.lines_at(self.net)

    def lines_at(self, net: int) -> Lines:
        """The split at another net price, under the order's own plan version."""
        return split(self.terms, net, self.plan)

    def is_held(self, today: int) -> bool:
        """Whether a hold stops settlement: ``HOLD_DAYS`` from the first one on, however often it is held."""
        return self.held and self.first_held_on is not None and today < self.first_held_on + HOLD_DAYS

    def hold(self, today: int) -> None:
        """Holds the order; the days count from the first hold ever."""
        self.held = True
        if self.first_held_on is None:
            self.first_held_on = today

    def outcome(self, today: int) -> Outcome:
        """How the order's campaign stands; an order of no campaign has nothing to win."""
        return self.campaign.outcome(self.balance_paid, today) if self.campaign else Outcome.WON

    # --- checks, in the order of the rules' table

    def check_recorded(self) -> None:
        """``OrderClosed`` unless the order is recorded."""
        if self.status is not Status.RECORDED:
            raise OrderClosed(f"order {self.number} is {self.status}")

    def check_settle(self, today: int) -> None:
        """Whether the order can settle today; one that is settled is no error, settling passes it over."""
        if self.status is Status.SETTLED:
            return
        self.check_recorded()
        if self.is_held(today):
            raise OrderHeld(f"order {self.number}, first on day {self.first_held_on}")
        outcome = self.outcome(today)
        if outcome is Outcome.PENDING:
            raise CampaignPending(f"order {self.number}")
        if outcome is Outcome.FAILED and self.delivered_on is None:
            raise CampaignFailed(f"order {self.number}")
        if self.delivered_on is None:
            raise NotDelivered(f"order {self.number}")
        opens_on = self.delivered_on + self.plan.return_days + 1
        if today < opens_on:
            raise ReturnWindowOpen(f"order {self.number} can settle from day {opens_on}, today is {today}")

    def check_void(self, today: int) -> None:
        """Whether the order can be given up today; a hold does not matter."""
        self.check_recorded()
        if self.delivered_on is not None:
            raise AlreadyDelivered(f"order {self.number}")
        if self.outcome(today) is not Outcome.FAILED and today < self.recorded_on + VOID_DAYS:
            raise NotVoidable(
                f"order {self.number} before day {self.recorded_on + VOID_DAYS}, today is {today}"
            )

    def check_refund(self, amount: int, today: int) -> None:
        """Whether this amount can be refunded today."""
        if self.status is Status.VOID:
            raise OrderClosed(f"order {self.number} is void")
        if not 0 < amount <= self.net:
            raise RefundExceedsPrice(f"{amount} of order {self.number}, of which {self.net} is left")
        if self.status is Status.SETTLED and self.delivered_on is not None:
            last_day = self.delivered_on + self.plan.refund_days
            if today > last_day:
                raise RefundTooLate(f"order {self.number} until day {last_day}, today is {today}")
