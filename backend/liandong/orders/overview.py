"""Sales by day, and what settles next, for whoever runs the brand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from liandong.db.orders import SalesOrder
from liandong.plans.repository import plan_of


@dataclass(slots=True)
class Total:
    """Some orders: how many, and their prices in sum, in minor units."""

    orders: int = 0
    amount: int = 0


def sales(session: Session, since: int) -> dict[int, Total]:
    """What was recorded on each day since deployment from ``since`` on; voided orders do not count."""
    query = (
        select(SalesOrder.day, func.count(), func.sum(SalesOrder.price))
        .where(SalesOrder.day >= since, SalesOrder.state != "void")
        .group_by(col(SalesOrder.day))
    )
    return {day: Total(int(number), int(amount)) for day, number, amount in session.exec(query)}


def settling(session: Session) -> tuple[dict[int, Total], Total, Total]:
    """Orders on their way: by the day from which they settle, those not delivered, and those held."""
    query = (
        select(
            SalesOrder.delivered_on, SalesOrder.plan, SalesOrder.held, func.count(),
            func.sum(SalesOrder.price - SalesOrder.refunded),
        )
        .where(SalesOrder.state == "recorded")
        .group_by(col(SalesOrder.delivered_on), col(SalesOrder.plan), col(SalesOrder.held))
    )  # fmt: skip
    by_day: dict[int, Total] = defaultdict(Total)
    undelivered, held = Total(), Total()
    for delivered_on, plan, is_held, number, amount in session.exec(query):
        if is_held:
            into = held
        elif delivered_on is None:
            into = undelivered
        else:
            into = by_day[delivered_on + plan_of(session, plan).return_days + 1]
        into.orders += int(number)
        into.amount += int(amount)
    return dict(sorted(by_day.items())), undelivered, held
