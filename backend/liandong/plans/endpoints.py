"""Plans (``/v1/plans``), open to everybody: whoever thinks of joining reads them first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from liandong.http.context import InContext
from liandong.http.errors import InvalidCursor, UnknownPlan
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.plans import repository
from liandong.plans.schemas import PlanView

router = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get("", operation_id="list_plans", responses=refusals(InvalidCursor))
def list_plans(context: InContext, cursor: Cursor = None, limit: Limit = 50) -> Page[PlanView]:
    """All plan versions, oldest first."""
    (after,) = key_of(cursor) or (-1,)
    with context.database.read() as session:
        in_force = repository.book(session).plan
        rows = repository.versions(session, after, limit + 1)
        shown, next_ = page_of(rows, limit, lambda row: (row.version,))
        return Page(items=[PlanView.of(row, in_force) for row in shown], next=next_)


@router.get("/{version}", operation_id="get_plan", responses=refusals(UnknownPlan))
def get_plan(version: Annotated[int, Path(ge=0, lt=2**16)], context: InContext) -> PlanView:
    """One plan version with all its parameters."""
    with context.database.read() as session:
        in_force = repository.book(session).plan
        return PlanView.of(repository.version(session, version), in_force)
