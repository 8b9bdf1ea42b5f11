"""How campaigns stand: open, won, failed or over; what their orders came to, what becomes due (rules § 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlmodel import Session, col, func, select

from liandong.db.orders import Campaign, SalesOrder
from liandong.orders.overview import Total
from liandong.plans.repository import plan_of
from liandong.rules.campaigns import Campaign as Rule
from liandong.rules.campaigns import CampaignKind, Outcome


class Standing(StrEnum):
    """``won``, ``failed`` are a group buy's; a presale is ``over``, and each order stands by its balance."""

    OPEN = "open"
    WON = "won"
    FAILED = "failed"
    OVER = "over"


def rule_of(row: Campaign) -> Rule:
    """The campaign as the rules take it."""
    return Rule(CampaignKind(row.kind), row.target, row.deadline, row.recorded)


def standing(row: Campaign, today: int) -> Standing:
    """How a campaign stands on a day. One that is won takes orders until its deadline day all the same."""
    rule = rule_of(row)
    if rule.kind is CampaignKind.PRESALE:
        return Standing.OVER if rule.is_past(today) else Standing.OPEN
    return {Outcome.WON: Standing.WON, Outcome.FAILED: Standing.FAILED, Outcome.PENDING: Standing.OPEN}[
        rule.outcome(False, today)
    ]


@dataclass(slots=True)
class Sums:
    """Orders of one campaign, each at its price less refunds; ``balance`` are those whose balance is paid.

    The chain knows an order's whole price and whether its balance is paid, not how large a deposit was.
    """

    sold: Total = field(default_factory=Total)
    deposit: Total = field(default_factory=Total)
    balance: Total = field(default_factory=Total)
    settled: Total = field(default_factory=Total)
    dropped: Total = field(default_factory=Total)
    """Void, or refunded in full; at the price that they had."""


@dataclass(slots=True)
class Due:
    """Recorded orders by what comes next: settling by day, delivery, the campaign's end, voiding; or held."""

    by_day: dict[int, Total] = field(default_factory=lambda: defaultdict(Total))
    undelivered: Total = field(default_factory=Total)
    pending: Total = field(default_factory=Total)
    to_void: Total = field(default_factory=Total)
    held: Total = field(default_factory=Total)


def newest(session: Session, before: int, rows: int) -> Sequence[Campaign]:
    """Campaigns, those of the highest numbers first."""
    query = select(Campaign).where(Campaign.number < before)
    return session.exec(query.order_by(col(Campaign.number).desc()).limit(rows)).all()


def free_number(session: Session) -> int:
    """A number that no campaign has: the one after the highest."""
    return (session.exec(select(func.max(Campaign.number))).one() or 0) + 1


def sums(session: Session, numbers: Sequence[int]) -> dict[int, Sums]:
    """What the orders of these campaigns came to."""
    state, paid = col(SalesOrder.state), col(SalesOrder.balance_paid)
    query = (
        select(
            SalesOrder.campaign, state, paid, func.count(),
            func.sum(SalesOrder.price), func.sum(SalesOrder.refunded),
        )
        .where(col(SalesOrder.campaign).in_(numbers), SalesOrder.campaign != 0)
        .group_by(col(SalesOrder.campaign), state, paid)
    )  # fmt: skip
    found: dict[int, Sums] = {number: Sums() for number in numbers}
    for number, is_in, is_paid, orders, price, refunded in session.execute(query):
        one = found[number]
        if is_in in ("void", "refunded"):
            _add(one.dropped, orders, price)
            continue
        for total in (one.sold, one.balance if is_paid else one.deposit):
            _add(total, orders, price - refunded)
        if is_in == "settled":
            _add(one.settled, orders, price - refunded)
    return found


def due(session: Session, row: Campaign, today: int) -> Due:
    """What becomes of a campaign's orders that are on their way."""
    named = SalesOrder.delivered_on, SalesOrder.plan, SalesOrder.held, SalesOrder.balance_paid
    query = (
        select(*map(col, named), func.count(), func.sum(SalesOrder.price - SalesOrder.refunded))
        .where(SalesOrder.campaign == row.number, SalesOrder.campaign != 0, SalesOrder.state == "recorded")
        .group_by(*map(col, named))
    )
    found, rule = Due(), rule_of(row)
    for delivered_on, plan, held, paid, orders, amount in session.execute(query):
        outcome = rule.outcome(paid, today)
        if held:
            into = found.held
        elif outcome is Outcome.PENDING:
            into = found.pending
        elif delivered_on is not None:  # delivered settles as if won, also where the campaign failed
            into = found.by_day[delivered_on + plan_of(session, plan).return_days + 1]
        else:
            into = found.undelivered if outcome is Outcome.WON else found.to_void
        _add(into, orders, amount)
    found.by_day = dict(sorted(found.by_day.items()))
    return found


def orders(session: Session, number: int, after: int, rows: int) -> Sequence[SalesOrder]:
    """A campaign's orders by number."""
    query = select(SalesOrder).where(
        SalesOrder.campaign == number, SalesOrder.campaign != 0, SalesOrder.number > after
    )
    return session.exec(query.order_by(col(SalesOrder.number)).limit(rows)).all()


def _add(total: Total, orders: int, amount: int) -> None:
    total.orders += int(orders)
    total.amount += int(amount)
