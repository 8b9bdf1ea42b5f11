"""Campaigns (``/v1/campaigns``)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from liandong.access.operations import Operations
from liandong.campaigns.standing import Standing, standing
from liandong.db.orders import Campaign
from liandong.errors import CampaignExists, InvalidAmount, UnknownCampaign
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.errors import InvalidCursor
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.orders import repository
from liandong.orders.schemas import CampaignNumber
from liandong.participants.schemas import Amount, Body
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1/campaigns", tags=["campaigns"])


class NewCampaign(Body):
    """A campaign under a number of the mall's choice."""

    campaign: CampaignNumber
    kind: Literal["group", "presale"]
    target: Amount = Field(default=0, description="Orders that a group buy takes to be won.")
    days: int = Field(strict=True, ge=0, le=3650, description="Days from today on until its deadline.")

    def outbox_body(self) -> dict[str, Any]:
        """As the outbox takes it."""
        kind = "group_buy" if self.kind == "group" else "presale"
        return {"type": kind, "campaign": self.campaign, "days": self.days, "target": self.target}


class CampaignView(BaseModel):
    """A campaign as it is now."""

    campaign: int
    kind: Literal["group", "presale"]
    target: int | None
    recorded: int
    deadline: int = Field(description="The last day on which it is open.")
    standing: Standing = Field(description="A presale is never won or failed, but over.")

    @classmethod
    def of(cls, row: Campaign, today: int) -> CampaignView:
        """From its row, as it stands on a day."""
        return cls(
            campaign=row.number, kind=row.kind, target=row.target if row.kind == "group" else None,
            recorded=row.recorded, deadline=row.deadline, standing=standing(row, today),
        )  # fmt: skip


@router.post(
    "", operation_id="open_campaign", responses=write_refusals(CampaignExists, InvalidAmount), **WRITE
)
def open_campaign(body: NewCampaign, writes: Writes) -> RequestView:
    """Open a group buy (拼团) or a live presale (直播预售)."""
    return writes.send("open_campaign", body.outbox_body())


@router.get("", operation_id="list_campaigns", responses=refusals(InvalidCursor))
def list_campaigns(context: InContext, cursor: Cursor = None, limit: Limit = 50) -> Page[CampaignView]:
    """Campaigns in the order of their numbers."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        rows = repository.campaigns(session, after, limit + 1)
        shown, next_ = page_of(rows, limit, lambda row: (row.number,))
        day = calendar_of(session).today
        return Page(items=[CampaignView.of(row, day) for row in shown], next=next_)


@router.get("/{campaign}", operation_id="get_campaign", responses=refusals(UnknownCampaign))
def get_campaign(campaign: Annotated[int, Path(ge=1, lt=2**32)], context: InContext) -> CampaignView:
    """One campaign."""
    with context.database.read() as session:
        row = repository.campaign(session, campaign)
        if row is None:
            raise UnknownCampaign(str(campaign))
        return CampaignView.of(row, calendar_of(session).today)
