"""Pools (``/v1/pools``)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field
from sqlmodel import col, select

from liandong.access.operations import Operations
from liandong.db.money import PoolEpoch
from liandong.errors import (
    AlreadyClaimed,
    ClaimExpired,
    EpochOpen,
    EpochOutOfOrder,
    NothingToClaim,
    UnknownParticipant,
)
from liandong.http.context import InContext
from liandong.http.errors import Forbidden, InvalidCursor
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.participants.schemas import Body, Number
from liandong.plans.repository import book
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1/pools", tags=["pools"])

Pool = Literal["support", "dividend"]
EpochPath = Annotated[
    int, Path(ge=0, lt=2**16, description="A month of 30 days or a year of 365, from 0 on.")
]


class PoolsView(BaseModel):
    """How far the pools' clocks are."""

    months_closed: int
    month_closed_on: int | None = Field(description="Day of the last closing.")
    years_closed: int
    year_closed_on: int | None


class EpochView(BaseModel):
    """A month of the support fund or a year of the dividend; once closed, `weight` shares `pool_size`."""

    pool: Pool
    epoch: int
    closed_on: int | None
    pool_size: int
    weight: int
    unclaimed: int
    carried: int = Field(description="What was left of the epoch before.")


class Claim(Body):
    """For whom shares of a closed month or year are claimed."""

    agents: list[Number] = Field(min_length=1, max_length=200)


@router.get("", operation_id="get_pools")
def get_pools(context: InContext) -> PoolsView:
    """How many months and years are closed, and when the last one was."""
    with context.database.read() as session:
        totals = book(session)
        return PoolsView(
            months_closed=totals.months_closed, years_closed=totals.years_closed,
            month_closed_on=totals.month_closed_on if totals.months_closed else None,
            year_closed_on=totals.year_closed_on if totals.years_closed else None,
        )  # fmt: skip


@router.get("/{pool}", operation_id="list_epochs", responses=refusals(InvalidCursor))
def list_epochs(pool: Pool, context: InContext, cursor: Cursor = None, limit: Limit = 50) -> Page[EpochView]:
    """A pool's months or years, oldest first."""
    (after,) = key_of(cursor) or (-1,)
    query = select(PoolEpoch).where(PoolEpoch.pool == pool, PoolEpoch.epoch > after)
    with context.database.read() as session:
        rows = session.exec(query.order_by(col(PoolEpoch.epoch)).limit(limit + 1)).all()
        shown, next_ = page_of(rows, limit, lambda row: (row.epoch,))
        items = [
            EpochView(
                pool=pool, epoch=row.epoch, closed_on=row.closed_on, pool_size=row.gathered,
                weight=row.weight, unclaimed=row.unclaimed, carried=row.carried,
            )
            for row in shown
        ]  # fmt: skip
        return Page(items=items, next=next_)


@router.post(
    "/{pool}/{epoch}/close",
    operation_id="close_epoch",
    responses=write_refusals(EpochOutOfOrder, EpochOpen),
    **WRITE,
)
def close_epoch(pool: Pool, epoch: EpochPath, writes: Writes) -> RequestView:
    """Close a month or a year: from 15 days after its end on."""
    if pool == "support":
        return writes.send("close_month", {"month": epoch})
    return writes.send("close_year", {"year": epoch})


@router.post(
    "/{pool}/{epoch}/claims", operation_id="claim", **WRITE,
    responses=write_refusals(UnknownParticipant, EpochOpen, ClaimExpired, AlreadyClaimed, NothingToClaim),
)  # fmt: skip
def claim(pool: Pool, epoch: EpochPath, body: Claim, writes: Writes) -> RequestView:
    """Credit agents with their shares of a closed month or year: all or none."""
    caller = writes.caller
    if caller.is_agent and body.agents != [caller.participant]:
        raise Forbidden("a wallet can claim for its own participant only")
    return writes.send("claim", {"pool": pool, "epoch": epoch, "agents": body.agents})
