"""``/app/earnings``."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from liandong.http.calendar import DAY, calendar_of
from liandong.http.context import InContext
from liandong.pages.earnings.chart import HEIGHT, LEFT, WIDTH, chart, colour_of
from liandong.pages.rendering import render
from liandong.pages.session import Own, SignedIn
from liandong.participants.service import participant
from liandong.payouts import earnings
from liandong.payouts.schemas import AccountView

router = APIRouter()

MOST_ORDERS = 100
"""Orders of one day that are listed."""


@router.get("/earnings")
def earnings_page(
    request: Request, context: InContext, me: Own, visitor: SignedIn, days: Literal["30", "360"] = "30"
) -> Response:
    """Everything at a glance."""
    span = int(days)
    with context.database.read() as session:
        calendar = calendar_of(session)
        since = (calendar.today - span + 1 + calendar.day_zero) * DAY - calendar.utc_offset
        found = earnings.by_day(session, me, since, calendar.utc_offset, calendar.day_zero)
        lines = earnings.by_line(session, me)
        waiting = earnings.waiting(session, me)
        values = {
            "account": AccountView.of(earnings.account(session, me)),
            "frozen": participant(session, me).frozen,
        }
    taken_back = lines.pop("taken back", 0)
    earned = sum(lines.values())
    return render(
        request, "earnings/earnings.html", **values, me=me, calendar=calendar, days=span, waiting=waiting,
        lines=sorted(lines.items(), key=lambda one: -one[1]), taken_back=taken_back, earned=earned,
        chart=chart(found, calendar.today, span), colour_of=colour_of, width=WIDTH, height=HEIGHT, left=LEFT,
    )  # fmt: skip


@router.get("/earnings/waiting")
def waiting_orders(
    request: Request, context: InContext, me: Own, day: Annotated[int | None, Query(ge=0, lt=2**16)] = None
) -> Response:
    """The orders whose shares come free on a day; without a day, those that are not delivered."""
    with context.database.read() as session:
        orders = earnings.orders_of_day(earnings.waiting(session, me), day)
    return render(
        request, "earnings/waiting_orders.html", orders=orders[:MOST_ORDERS], left_off=orders[MOST_ORDERS:]
    )
