"""What is due by the calendar: orders to settle, months and years to close and to claim (rules §§ 4, 5)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from liandong.db.money import Book, PoolWeight
from liandong.db.orders import Campaign, PlanVersion, SalesOrder
from liandong.db.outbox import OutboxRequest
from liandong.outbox import requests, states

CALLER = "schedule"
"""Whose requests these are."""

AT_ONCE = 100
"""Orders in one request."""

CLAIMS_AT_ONCE = 100
"""Agents in one claim."""

MOST = 10_000
"""Orders, or claims, that are scheduled together; the next ones follow when these are done."""

HOLD_DAYS = 60
MONTH, YEAR, CLOSING = 30, 365, 15


def schedule(session: Session, today: int) -> int:
    """Puts requests for all that is due on this day into the outbox; returns how many.

    What the chain refuses is asked for again the next day, or when other orders are due beside it.
    """
    waiting = exists().where(OutboxRequest.caller == CALLER, OutboxRequest.state.in_(states.UNDER_WAY))
    if session.scalar(select(waiting)):
        return 0
    items: list[requests.Item] = []
    orders = due_orders(session, today, MOST)
    for start in range(0, len(orders), AT_ONCE):
        part = list(orders[start : start + AT_ONCE])
        items.append((f"settle:{today}:{_mark(part)}", "settle", {"orders": part}))
    book = session.scalars(select(Book)).one_or_none()
    if book is not None:
        month, year = book.months_closed, book.years_closed
        if _can_close(today, month, MONTH, book.month_closed_on):
            items.append((f"close_month:{month}:{today}", "close_month", {"month": month}))
        if _can_close(today, year, YEAR, book.year_closed_on):
            items.append((f"close_year:{year}:{today}", "close_year", {"year": year}))
        for pool, closed in (("support", month), ("dividend", year)):
            agents = unclaimed(session, pool, closed - 1, MOST) if closed else ()
            for start in range(0, len(agents), CLAIMS_AT_ONCE):
                part = list(agents[start : start + CLAIMS_AT_ONCE])
                body = {"pool": pool, "epoch": closed - 1, "agents": part}
                items.append((f"claim:{pool}:{closed - 1}:{today}:{_mark(part)}", "claim", body))
    if items:
        requests.submit_many(session, CALLER, items)
    return len(items)


def due_orders(session: Session, today: int, limit: int) -> Sequence[int]:
    """Numbers of delivered orders that the rules let settle on this day, by day of delivery and number."""
    windows = [
        and_(SalesOrder.plan == version, SalesOrder.delivered_on < today - json.loads(written)["return_days"])
        for version, written in session.execute(select(PlanVersion.version, PlanVersion.parameters))
    ]
    if not windows:
        return []
    campaign = (
        select(Campaign.number)
        .where(
            Campaign.number == SalesOrder.campaign,
            or_(
                Campaign.deadline < today,
                and_(Campaign.kind == "group", Campaign.recorded >= Campaign.target),
                and_(Campaign.kind != "group", SalesOrder.balance_paid),
            ),
        )
        .exists()
    )
    query = (
        select(SalesOrder.number)
        .where(
            SalesOrder.state == "recorded",
            SalesOrder.delivered_on.is_not(None),
            or_(*windows),
            or_(~SalesOrder.held, SalesOrder.first_held_on <= today - HOLD_DAYS),
            or_(SalesOrder.campaign == 0, campaign),
        )
        .order_by(SalesOrder.delivered_on, SalesOrder.number)
        .limit(limit)
    )
    return session.scalars(query).all()


def unclaimed(session: Session, pool: str, epoch: int, limit: int) -> Sequence[int]:
    """Agents with a weight in a closed month or year who did not claim their share of it."""
    query = (
        select(PoolWeight.agent)
        .where(
            PoolWeight.pool == pool,
            PoolWeight.epoch == epoch,
            PoolWeight.weight > 0,
            PoolWeight.claimed.is_(None),
        )
        .order_by(PoolWeight.agent)
        .limit(limit)
    )
    return session.scalars(query).all()


def _mark(numbers: list[int]) -> str:
    return hashlib.sha256(json.dumps(numbers).encode()).hexdigest()[:32]


def _can_close(today: int, epoch: int, length: int, closed_on: int) -> bool:
    return today >= (epoch + 1) * length + CLOSING and (epoch == 0 or today >= closed_on + CLOSING)
