"""What a day came to, read from the mirror, as lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rich.text import Text
from sqlmodel import Session, col, select

from liandong.db.chain import ChainEvent
from liandong.figures import money
from liandong.mirror.events import PAYMENTS, RECORDED
from liandong.mirror.many_orders import orders_of

LINES = {
    "supply": "供货", "service": "服务费", "direct": "直推", "region": "区域", "host": "主持",
    "guide": "导购", "store": "门店", "team": "团队",
}  # fmt: skip
"""The lines' Chinese names."""

CLAIMS = {"SupportClaimed": "帮扶 support fund", "DividendClaimed": "分红 dividend"}

Place = tuple[int, int]
"""An event's block and log index."""


@dataclass
class Day:
    """Sums of a day's events, and the payments of its last settled order."""

    recorded: list[int] = field(default_factory=list)
    price: int = 0
    delivered: int = 0
    settled: int = 0
    paid: int = 0
    payees: set[int] = field(default_factory=set)
    refunded: int = 0
    refunds: int = 0
    withdrawn: int = 0
    joined: list[str] = field(default_factory=list)
    claimed: dict[str, list[int]] = field(default_factory=dict)
    shown: tuple[int, list[tuple[str, int, int]]] | None = None
    news: list[str] = field(default_factory=list)


def place_of(session: Session) -> Place:
    """The last event that the mirror has."""
    query = select(ChainEvent.block_number, ChainEvent.log_index).order_by(
        col(ChainEvent.block_number).desc(), col(ChainEvent.log_index).desc()
    )
    return session.exec(query.limit(1)).first() or (0, -1)


def day_since(session: Session, after: Place, names: Mapping[int, str]) -> Day:
    """What happened after an event."""
    block, index = after
    query = (
        select(ChainEvent)
        .where(
            (col(ChainEvent.block_number) > block)
            | ((col(ChainEvent.block_number) == block) & (col(ChainEvent.log_index) > index))
        )
        .order_by(col(ChainEvent.block_number), col(ChainEvent.log_index))
    )
    day = Day()
    for event in session.exec(query):
        _take(day, event, names)
    return day


def _take(day: Day, event: ChainEvent, names: Mapping[int, str]) -> None:
    amount, account = event.amount or 0, event.account or 0
    who = names.get(account, f"participant {account}")
    detail = json.loads(event.detail) if event.detail else {}
    if event.name in RECORDED:
        day.recorded.append(event.order_number or 0)
        day.price += amount
    elif event.name == "OrdersDelivered":
        day.delivered += sum(1 for _ in orders_of(event))
    elif event.name == "OrdersSettled":
        day.settled += sum(1 for _ in orders_of(event))
    elif event.name in PAYMENTS:
        day.paid += amount
        day.payees.add(account)
        order = event.order_number or 0
        if day.shown is None or day.shown[0] != order:
            day.shown = (order, [])
        day.shown[1].append((PAYMENTS[event.name], amount, account))
    elif event.name == "OrderRefunded":
        day.refunds += 1
        day.refunded += amount
    elif event.name == "Withdrawn":
        day.withdrawn += amount
    elif event.name in CLAIMS:
        day.claimed.setdefault(CLAIMS[event.name], []).append(amount)
    elif event.name in ("MonthClosed", "YearClosed"):
        kind = "month" if event.name == "MonthClosed" else "year"
        day.news.append(f"{kind} {detail[kind]} closed 结账: {money(amount)} to be shared")
    elif event.name == "AgentJoined":
        day.joined.append(who)
    elif event.name == "TierReached":
        day.news.append(f"{who} reached {detail['name']}")
    elif event.name == "BecameBoss":
        day.news.append(f"{who} left with its own team 走人留人, and is a boss")


def lines(date: str, day: Day, names: Mapping[int, str], status: Text) -> Iterator[Text]:
    """A day in a few lines."""
    told = [f"{len(day.recorded)} orders {money(day.price)}"] if day.recorded else ["no orders"]
    if day.recorded:
        told[0] += f" (#{min(day.recorded)}-#{max(day.recorded)})"
    if day.delivered:
        told.append(f"{day.delivered} delivered")
    if day.settled:
        told.append(f"{day.settled} settled, {money(day.paid)} to {len(day.payees)}")
    if day.refunds:
        told.append(f"{day.refunds} refunded, {money(day.refunded)}")
    if day.withdrawn:
        told.append(f"{money(day.withdrawn)} withdrawn")
    yield Text.assemble((date, "bold"), "  ", " · ".join(told), "  ", status)
    if day.shown is not None:
        order, payments = day.shown
        parts = [
            f"{LINES[line]} {line} {money(amount)} → {names.get(payee, payee)}"
            for line, amount, payee in payments
        ]
        yield Text(f"    #{order} paid {', '.join(parts)}", "green")
    for pool, amounts in day.claimed.items():
        yield Text(f"    ▸ {pool}: {money(sum(amounts))} to {len(amounts)}", "cyan")
    if day.joined:
        yield Text(f"    ▸ joined: {', '.join(day.joined)}", "cyan")
    for one in day.news:
        yield Text(f"    ▸ {one}", "cyan")
