"""``/app/claims``: shares of the pools; a claim goes into the outbox as it does in the API."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.pages.forms import Fields, read
from liandong.pages.progress.pages import followed
from liandong.pages.rendering import render
from liandong.pages.session import OwnAgent, SignedIn
from liandong.plans.repository import book, plan_of
from liandong.pools import repository
from liandong.pools.endpoints import Pool
from liandong.transactions.submission import Writer

router = APIRouter()

CLOSING_DELAY = 15
"""Days from an epoch's end to its closing, at least (rules § 5)."""


class Wanted(BaseModel):
    """Which share is claimed."""

    pool: Pool
    epoch: int = Field(ge=0, lt=2**16)


@router.get("/claims")
def claims_page(request: Request, context: InContext, me: OwnAgent) -> Response:
    """Both pools."""
    with context.database.read() as session:
        totals = book(session)
        cap = plan_of(session, totals.plan).dividend_share_cap_bps
        shares = {pool: repository.shares(session, totals, pool, me, cap) for pool in repository.POOLS}
        closes = {
            pool: {
                share.epoch: (share.epoch + 1) * repository.DAYS[pool] + CLOSING_DELAY
                for share in found if share.closed_on is None
            }
            for pool, found in shares.items()
        }  # fmt: skip
        return render(
            request, "claims/claims.html", shares=shares, closes=closes, calendar=calendar_of(session)
        )


@router.post("/claims")
def claim(context: InContext, me: OwnAgent, visitor: SignedIn, fields: Fields) -> Response:
    """Asks for a share of a closed month or year, once: again leads to the same request."""
    wanted = read(Wanted, fields)
    writer = Writer(context, visitor, Response(), key=f"page claim {wanted.pool} {wanted.epoch} {me}")
    return followed(writer.send("claim", wanted.model_dump() | {"agents": [me]}), "/app/claims")
