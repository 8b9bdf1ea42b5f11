"""``/app/brand``: the overview, the lanes of transactions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from liandong.access.principals import Principal, Scope
from liandong.auditing import reconciliation
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.orders import overview
from liandong.outbox import requests
from liandong.pages.rendering import render
from liandong.pages.session import ByKey
from liandong.status import service as status
from liandong.transactions import repository
from liandong.transactions.schemas import RequestView

router = APIRouter(prefix="/brand")

Reader = Annotated[Principal, Depends(ByKey("list_orders"))]
Retrier = Annotated[Principal, Depends(ByKey("retry_request"))]
Number = Annotated[int, Path(ge=1, lt=2**63)]

DAYS = 30
REJECTED = 20


@router.get("")
def brand_home() -> Response:
    """The first of the pages."""
    return RedirectResponse("/app/brand/overview", HTTPStatus.SEE_OTHER)


@router.get("/overview")
def overview_page(request: Request, context: InContext, visitor: Reader) -> Response:
    """Sales, liabilities, treasury cover, what settles next, what was rejected and why."""
    books = reconciliation.now(context)
    with context.database.read() as session:
        calendar = calendar_of(session)
        sales = overview.sales(session, calendar.today - DAYS + 1)
        settling, undelivered, held = overview.settling(session)
        rejected = [RequestView.of(row) for row in repository.rejected(session, visitor.id, 2**62, REJECTED)]
    sold = sum(one.amount for one in sales.values())
    return render(
        request, "brand/overview.html", books=books, calendar=calendar, sales=sales, sold=sold, days=DAYS,
        orders=sum(one.orders for one in sales.values()), settling=settling, undelivered=undelivered,
        held=held, rejected=rejected, cover=books.treasury * DAYS // sold if sold else None,
        most=max((one.amount for one in sales.values()), default=0), may_retry=Scope.MALL in visitor.scopes,
    )  # fmt: skip


@router.post("/requests/{number}/retry")
def retry(context: InContext, visitor: Retrier, number: Number) -> Response:
    """Tries a rejected request of the caller's once more."""
    with context.database.write() as session:
        requests.retry(session, requests.of_caller(session, visitor.id, number))
    return RedirectResponse("/app/brand/overview", HTTPStatus.SEE_OTHER)


@router.get("/lanes")
def lanes_page(request: Request, context: InContext, visitor: Reader) -> Response:
    """How mirror and lanes do."""
    place = status.place(context)
    with context.database.read() as session:
        lanes, counts = status.lanes(session), status.requests_by_state(session)
    return render(
        request, "brand/lanes.html", place=place, lanes=lanes, counts=counts, trouble=context.trouble()
    )
