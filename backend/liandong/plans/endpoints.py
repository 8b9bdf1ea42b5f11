"""Plans (``/v1/plans``), open to everybody: whoever thinks of joining reads them first."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import Path

from liandong.access.operations import Operations
from liandong.errors import InvalidPlan
from liandong.http.context import InContext
from liandong.http.errors import InvalidCursor, UnknownPlan
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.plans import repository
from liandong.plans.file import PlanProblems, plan_of_document
from liandong.plans.schemas import PlanDocument, PlanView
from liandong.transactions.delayed import send_delayed
from liandong.transactions.schemas import RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1/plans", tags=["plans"])


@router.get("", operation_id="list_plans", responses=refusals(InvalidCursor))
def list_plans(context: InContext, cursor: Cursor = None, limit: Limit = 50) -> Page[PlanView]:
    """All plan versions, oldest first."""
    (after,) = key_of(cursor) or (-1,)
    with context.database.read() as session:
        in_force = repository.book(session).plan
        rows = repository.versions(session, after, limit + 1)
        shown, next_ = page_of(rows, limit, lambda row: (row.version,))
        return Page(items=[PlanView.of(row, in_force) for row in shown], next=next_)


@router.post("", operation_id="publish_plan", responses=write_refusals(PlanProblems, InvalidPlan), **WRITE)
def publish_plan(body: PlanDocument, writes: Writes) -> RequestView:
    """Publish a plan version: at once where the plan administrator has no delay, else announced now.

    After the delay it comes into force by itself. Orders keep the version that they were recorded under.
    """
    plan = plan_of_document(body.model_dump(exclude_unset=True))
    return send_delayed(writes, "publish_plan", {"plan": json.loads(json.dumps(asdict(plan)))})


@router.get("/{version}", operation_id="get_plan", responses=refusals(UnknownPlan))
def get_plan(version: Annotated[int, Path(ge=0, lt=2**16)], context: InContext) -> PlanView:
    """One plan version with all its parameters."""
    with context.database.read() as session:
        in_force = repository.book(session).plan
        return PlanView.of(repository.version(session, version), in_force)
