"""What a participant earned, by line and by day, and what still waits for its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, or_, select

from liandong.db.chain import ChainEvent, MirrorBlock
from liandong.db.money import Account
from liandong.db.orders import SalesOrder
from liandong.db.session import Reader
from liandong.orders.lines import lines_for
from liandong.orders.repository import EVENTS, EventRow, event_row, terms
from liandong.payouts.statements import LINES, NAMES
from liandong.plans.repository import plan_of
from liandong.rules.plan import Plan

CREDITS = LINES | {"SupportClaimed": "support", "DividendClaimed": "dividend", "InsurancePaid": "insurance"}
"""Events that give a participant money for something, and the line or claim that it is for."""

DAY = 86_400


@dataclass(slots=True)
class WaitingOrder:
    """What one order that has not settled will pay the participant; ``free_on`` None: not delivered yet."""

    order: int
    lines: dict[str, int]
    free_on: int | None
    held: bool

    @property
    def amount(self) -> int:
        """All its lines together."""
        return sum(self.lines.values())


@dataclass(slots=True)
class WaitingDay:
    """What comes free on one day."""

    free_on: int | None
    amount: int = 0
    orders: list[WaitingOrder] = field(default_factory=list)


def account(session: Session, number: int) -> Account:
    """A participant's account; one that never had anything is empty."""
    return session.get(Account, number) or Account(number=number)


def waiting(session: Session, participant: int) -> list[WaitingDay]:
    """What orders on their way will pay, by the day on which each can settle; those without a day last."""
    named = (SalesOrder.seller, SalesOrder.supplier, SalesOrder.partner, SalesOrder.leader)
    query = (
        select(*SalesOrder.__table__.columns)  # not whole orders: of a large team there are thousands
        .where(SalesOrder.state == "recorded", or_(*(col(one) == participant for one in named)))
        .order_by(col(SalesOrder.delivered_on), col(SalesOrder.number))
    )
    plans: dict[int, Plan] = {}
    days: dict[int | None, WaitingDay] = {}
    for row in session.execute(query):
        plan = plans.get(row.plan) or plans.setdefault(row.plan, plan_of(session, row.plan))
        paid = lines_for(terms(row), plan, participant)  # type: ignore[arg-type]
        if not paid:
            continue
        free_on = None if row.delivered_on is None else row.delivered_on + plan.return_days + 1
        day = days.setdefault(free_on, WaitingDay(free_on))
        day.orders.append(WaitingOrder(row.number, paid, free_on, row.held))
        day.amount += day.orders[-1].amount
    return sorted(days.values(), key=lambda day: (day.free_on is None, day.free_on or 0))


def by_line(session: Session, participant: int) -> dict[str, int]:
    """All credits by line; what refunds took back is ``taken back``."""
    query = (
        select(ChainEvent.name, func.sum(ChainEvent.amount))
        .where(ChainEvent.account == participant, col(ChainEvent.name).in_((*CREDITS, "PaymentTakenBack")))
        .group_by(ChainEvent.name)
    )
    return {CREDITS.get(name, "taken back"): int(amount) for name, amount in session.exec(query)}


def by_day(
    session: Session, participant: int, since: int, utc_offset: int, day_zero: int
) -> dict[int, dict[str, int]]:
    """Credits by day since deployment and line, of blocks from a moment (Unix seconds) on."""
    day = (col(MirrorBlock.timestamp) + utc_offset) // DAY
    query = (
        select(day, ChainEvent.name, func.sum(ChainEvent.amount))
        .join(MirrorBlock, col(MirrorBlock.number) == ChainEvent.block_number)
        .where(ChainEvent.account == participant, col(ChainEvent.name).in_(CREDITS))
        .where(MirrorBlock.timestamp >= since)
        .group_by(day, ChainEvent.name)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for at, name, amount in session.exec(query):
        found[int(at) - day_zero][CREDITS[name]] = int(amount)
    return dict(found)


def entry(reader: Reader, participant: int, block: int, log_index: int) -> EventRow | None:
    """One event of a statement, if it is the participant's."""
    query = EVENTS.where(
        ChainEvent.block_number == block, ChainEvent.log_index == log_index,
        ChainEvent.account == participant, col(ChainEvent.name).in_(NAMES),
    )  # fmt: skip
    found = reader.execute(query).first()
    return None if found is None else event_row(found)


def refunds_before(session: Session, order: int, block: int, log_index: int) -> list[int]:
    """What was refunded of an order before an event, refund by refund."""
    return [amount for at, amount in _refunds(session, order) if at < (block, log_index)]


def refunds_with(session: Session, order: int, block: int, log_index: int) -> list[int]:
    """The same, and the refund that an event is a part of: what it changes is told before it."""
    found = _refunds(session, order)
    before = sum(at < (block, log_index) for at, _ in found)
    return [amount for _, amount in found[: before + 1]]


def _refunds(session: Session, order: int) -> list[tuple[tuple[int, int], int]]:
    """Where each refund of an order was told, and how much it was, in order."""
    query = (
        select(ChainEvent.block_number, ChainEvent.log_index, ChainEvent.amount)
        .where(ChainEvent.order_number == order, ChainEvent.name == "OrderRefunded")
        .order_by(col(ChainEvent.block_number), col(ChainEvent.log_index))
    )
    return [((block, log_index), amount or 0) for block, log_index, amount in session.exec(query)]


def orders_of_day(days: Sequence[WaitingDay], free_on: int | None) -> Sequence[WaitingOrder]:
    """The orders that come free on a day."""
    return next((day.orders for day in days if day.free_on == free_on), ())
