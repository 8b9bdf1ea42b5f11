"""``/app/audit``: reconciliation now and over time, replays with their progress, exports."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from liandong.access.principals import Principal, Scope
from liandong.auditing import books, exports, reconciliation
from liandong.auditing.endpoints import AuditView, InAudits
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.errors import NotFound
from liandong.http.pages import Cursor, key_of, page_of
from liandong.pages.audit.chart import HEIGHT, LEFT, OWED, POSITIONS, WIDTH, chart
from liandong.pages.rendering import is_part, render
from liandong.pages.session import ByKey

router = APIRouter(prefix="/audit")

Reader = Annotated[Principal, Depends(ByKey("reconcile"))]
Auditor = Annotated[Principal, Depends(ByKey("start_audit"))]

ROWS = 20
DAYS = 14
"""Days that the table shows; all are in the export."""


@router.get("")
def audit_home() -> Response:
    """The first of the pages."""
    return RedirectResponse("/app/audit/books", HTTPStatus.SEE_OTHER)


@router.get("/books")
def books_page(request: Request, context: InContext, audits: InAudits, visitor: Reader) -> Response:
    """Tokens in − tokens out = treasury + escrow + pools + accounts + deposits, now."""
    found = reconciliation.now(context)
    with context.database.read() as session:
        calendar = calendar_of(session)
    last = audits.last()
    return render(
        request, "audit/books.html", found=found, calendar=calendar,
        may_start=Scope.AUDITOR in visitor.scopes, last=AuditView.of(last) if last else None,
        deployment=context.deployment,
    )  # fmt: skip


@router.get("/books/over-time")
def books_over_time(request: Request, context: InContext, visitor: Reader, anew: bool = False) -> Response:
    """The same at the end of each day, from events alone; a part of the page that comes later.

    ``anew``: from every event there is, held against the sums that are kept of those that are final.
    """
    with context.database.read() as session:
        calendar, days = calendar_of(session), books.by_day(session, anew=anew)
        differs = anew and days != books.by_day(session)
    return render(
        request, "audit/over_time.html", calendar=calendar, days=days, anew=anew, differs=differs,
        newest=days[::-1][:DAYS], wrong=[one for one in days if one.difference], chart=chart(days),
        positions=POSITIONS, owed=OWED, width=WIDTH, height=HEIGHT, left=LEFT,
    )  # fmt: skip


@router.get("/replays")
def replays_page(
    request: Request, context: InContext, audits: InAudits, visitor: Reader, cursor: Cursor = None
) -> Response:
    """All replays, newest first."""
    (before,) = key_of(cursor) or (None,)
    shown, next_ = page_of(audits.page(before, ROWS + 1), ROWS, lambda row: (row.id,))
    with context.database.read() as session:
        calendar = calendar_of(session)
    template = "audit/replay_rows.html" if is_part(request) else "audit/replays.html"
    return render(
        request, template, runs=[AuditView.of(row) for row in shown], next=next_, calendar=calendar,
        may_start=Scope.AUDITOR in visitor.scopes,
    )  # fmt: skip


@router.post("/replays")
def start_replay(audits: InAudits, visitor: Auditor) -> Response:
    """Begins a replay of everything; while one is under way, leads there."""
    begun = audits.start(None)
    return RedirectResponse(f"/app/audit/replays/{begun.id}", HTTPStatus.SEE_OTHER)


@router.get("/replays/{number}")
def replay_page(
    request: Request, context: InContext, audits: InAudits, visitor: Reader,
    number: Annotated[int, Path(ge=1, lt=2**31)],
) -> Response:  # fmt: skip
    """One replay: how far it is, then what it found. The page asks again until it has ended."""
    found = audits.get(number)
    if found is None:
        raise NotFound(f"there is no replay {number}")
    with context.database.read() as session:
        calendar = calendar_of(session)
    template = "audit/replay_state.html" if is_part(request) else "audit/replay.html"
    return render(
        request, template, run=AuditView.of(found), calendar=calendar,
        may_start=Scope.AUDITOR in visitor.scopes,
    )  # fmt: skip


@router.get("/exports/{name}.csv")
def export(context: InContext, visitor: Reader, name: Literal[*exports.NAMES]) -> Response:  # type: ignore[valid-type]
    """A whole table."""
    return StreamingResponse(
        exports.export(context.database, name), media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="liandong-{name}.csv"'},
    )  # fmt: skip
