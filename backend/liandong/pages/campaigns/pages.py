"""``/app/brand/campaigns``: all campaigns, one with its orders, and the form that opens one."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import ValidationError

from liandong.access.principals import Principal, Scope
from liandong.campaigns import standing
from liandong.campaigns.endpoints import NewCampaign
from liandong.db.orders import SalesOrder
from liandong.errors import UnknownCampaign
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.errors import InvalidRequest
from liandong.http.pages import Cursor, key_of, page_of
from liandong.orders import repository
from liandong.pages.forms import Fields
from liandong.pages.progress.pages import followed
from liandong.pages.rendering import is_part, render
from liandong.pages.session import ByKey
from liandong.rules.campaigns import Campaign, Outcome
from liandong.transactions.submission import Writer

router = APIRouter(prefix="/brand/campaigns")

Reader = Annotated[Principal, Depends(ByKey("list_campaigns"))]
Opener = Annotated[Principal, Depends(ByKey("open_campaign"))]
Number = Annotated[int, Path(ge=1, lt=2**32)]

ROWS = 20
ORDERS = 50
DAYS = 14
"""What the form proposes for the time until the deadline."""


@router.get("")
def list_page(request: Request, context: InContext, visitor: Reader, cursor: Cursor = None) -> Response:
    """All campaigns, those of the highest numbers first."""
    (before,) = key_of(cursor) or (2**32,)
    with context.database.read() as session:
        calendar = calendar_of(session)
        rows = standing.newest(session, before, ROWS + 1)
        shown, next_ = page_of(rows, ROWS, lambda row: (row.number,))
        sums = standing.sums(session, [row.number for row in shown])
    listed = [(row, standing.standing(row, calendar.today), sums[row.number]) for row in shown]
    template = "campaigns/rows.html" if is_part(request) else "campaigns/list.html"
    return render(
        request, template, campaigns=listed, next=next_, calendar=calendar,
        may_open=Scope.MALL in visitor.scopes,
    )  # fmt: skip


@router.get("/new")
def form_page(request: Request, context: InContext, visitor: Opener) -> Response:
    """Asks what the API's operation asks; the same form sent twice opens one campaign."""
    with context.database.read() as session:
        calendar, number = calendar_of(session), standing.free_number(session)
    return render(
        request, "campaigns/new.html", calendar=calendar, number=number, days=DAYS,
        once=secrets.token_hex(8),
    )  # fmt: skip


@router.post("")
def open_campaign(context: InContext, visitor: Opener, fields: Fields) -> Response:
    """Puts it into the outbox, as ``POST /v1/campaigns`` does, and leads to where it is followed."""
    once = fields.pop("once", "")
    try:
        numbers = {name: int(fields[name] or 0) for name in ("campaign", "target", "days") if name in fields}
        body = NewCampaign.model_validate({**fields, **numbers})
    except ValidationError as error:
        raise InvalidRequest(".".join(map(str, error.errors()[0]["loc"]))) from None
    except ValueError:
        raise InvalidRequest("number, target and days are whole numbers") from None
    writer = Writer(context, visitor, Response(), key=f"page campaign {body.campaign} {once[:32]}")
    request = writer.send("open_campaign", body.outbox_body())
    return followed(request, f"/app/brand/campaigns/{body.campaign}")


@router.get("/{number}")
def campaign_page(
    request: Request, context: InContext, visitor: Reader, number: Number, cursor: Cursor = None
) -> Response:
    """One campaign: how it stands, what its orders came to, what becomes due, each order."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        row = repository.campaign(session, number)
        if row is None:
            raise UnknownCampaign(str(number))
        calendar = calendar_of(session)
        found = standing.orders(session, number, after, ORDERS + 1)
        shown, next_ = page_of(found, ORDERS, lambda one: (one.number,))
        rule, today = standing.rule_of(row), calendar.today
        values = {
            "row": row, "calendar": calendar, "next": next_,
            "orders": [(one, _stands(rule, one, today)) for one in shown],
        }  # fmt: skip
        if is_part(request):
            return render(request, "campaigns/order_rows.html", **values)
        values |= {
            "standing": standing.standing(row, today), "due": standing.due(session, row, today),
            "sums": standing.sums(session, [number])[number],
        }  # fmt: skip
    return render(request, "campaigns/campaign.html", **values)


def _stands(rule: Campaign, order: SalesOrder, today: int) -> str:
    """What an order that is on its way waits for; empty where it is not."""
    if order.state != "recorded":
        return ""
    outcome = rule.outcome(order.balance_paid, today)
    if outcome is Outcome.FAILED:
        return "failed" if order.delivered_on is None else "delivered"
    return "won" if outcome is Outcome.WON else "pending"
