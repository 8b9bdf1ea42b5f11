"""``/app/brand/plans``: plans in force, on their way and past; the editor, and what a draft pays."""

from __future__ import annotations

import json
from dataclasses import asdict
from http import HTTPStatus
from itertools import pairwise
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from liandong.access.matrix import MATRIX, PAGES
from liandong.access.principals import Principal
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.pages.plans import drafts, trial, words
from liandong.pages.plans.fields import FIELDS, GROUPS, shown
from liandong.pages.rendering import render
from liandong.pages.session import ByKey
from liandong.pages.uploads import Form, text_of
from liandong.plans import announced, repository
from liandong.plans.file import PlanProblems, document_of
from liandong.plans.notices import notices
from liandong.plans.sample import SampleOrder
from liandong.rules.plan import NAMED_PLANS, Plan

router = APIRouter(prefix="/brand/plans")

Reader = Annotated[Principal, Depends(ByKey("view_plans"))]
Trier = Annotated[Principal, Depends(ByKey("try_plan"))]
Version = Annotated[int, Path(ge=1, lt=2**16)]

MOST_VERSIONS = 200
MOST_BYTES = 64 * 1024
"""Of a plan file; the longest that says anything has two thousand."""


@router.get("")
def plans_page(request: Request, context: InContext, visitor: Reader) -> Response:
    """What is in force, what comes, what was."""
    with context.database.read() as session:
        rows = repository.versions(session, -1, MOST_VERSIONS)
        number = repository.book(session).plan
        values = {"calendar": calendar_of(session), "number": number, "way": _way(context, session)}
    parameters = {row.version: json.loads(row.parameters) for row in rows}
    changed = {
        row.version: drafts.differences(parameters[before.version], parameters[row.version])
        for before, row in pairwise(rows)
    }
    return render(
        request, "plans/plans.html", **values, rows=rows[::-1], parameters=parameters, changed=changed,
        may_publish=may(visitor, "publish_plan"), groups=GROUPS, fields=FIELDS, shown=shown,
        delay=words.span_of(announced.delay(context)),
        rows_by_number={row.version: row for row in rows},
    )  # fmt: skip


@router.get("/on-their-way")
def way_part(request: Request, context: InContext, visitor: Reader) -> Response:
    """What comes, for a page that is open; it loads anew when something has come into force."""
    with context.database.read() as session:
        way, calendar = _way(context, session), calendar_of(session)
    if request.query_params.get("count", "") != str(len(way)):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    may_publish = may(visitor, "publish_plan")
    return render(request, "plans/on_their_way.html", way=way, calendar=calendar, may_publish=may_publish)


def _way(context: InContext, session: Any) -> list[announced.OnItsWay]:
    return announced.on_their_way(context, session, calendar_of(session).now)


@router.get("/new")
def editor_page(
    request: Request, context: InContext, visitor: Trier, draft: drafts.InAddress, order: trial.InAddress
) -> Response:
    """The editor with the draft of its address, else with the plan in force or another by ``start``."""
    in_force = _in_force(context)
    if draft is None:
        draft = drafts.of_plan(NAMED_PLANS.get(request.query_params.get("start", ""), in_force))
    return _editor(request, visitor, in_force, draft, order)


@router.get("/new/{version}")
def editor_of_version(context: InContext, visitor: Trier, version: Version) -> Response:
    """The editor, started from a version."""
    with context.database.read() as session:
        return _to_editor(drafts.of_plan(repository.plan_of(session, version)))


@router.post("/new")
def editor_of_file(
    request: Request, context: InContext, visitor: Trier, form: Form, order: trial.InAddress
) -> Response:
    """The editor, started from a plan file that is uploaded or pasted; what is wrong in it is said."""
    pasted = text_of(form, "pasted", MOST_BYTES)
    wrong: list[tuple[str, dict[str, str]]]
    try:
        document = document_of(text_of(form, "file", MOST_BYTES) or pasted)
        wrong = [words.wrong_in_file(one) for one in drafts.beyond_fields(document)]
        if not wrong:
            return _to_editor(drafts.of_document(document))
    except PlanProblems as error:
        wrong = [("json", {"detail": one}) for one in error.problems]
    in_force = _in_force(context)
    return _editor(
        request, visitor, in_force, drafts.of_plan(in_force), order,
        http_status=int(PlanProblems.http_status), file_problems=wrong, pasted=pasted,
    )  # fmt: skip


@router.get("/what-if")
def what_if(
    request: Request, context: InContext, visitor: Trier, draft: drafts.InAddress, order: trial.InAddress
) -> Response:
    """What the draft pays beside what the plan in force pays: parts of the editor's page."""
    in_force = _in_force(context)
    answer = render(
        request, "plans/what_if.html", **_tried(in_force, draft or drafts.of_plan(in_force), order), oob=True
    )
    answer.headers["HX-Replace-Url"] = f"/app/brand/plans/new?{request.url.query}"
    return answer


@router.get("/draft.json")
def download(visitor: Trier, draft: drafts.InAddress) -> Response:
    """The draft as a plan file. Raises ``PlanProblems``."""
    document = asdict((draft or drafts.read({})).usable())
    text = json.dumps({"base": drafts.BASE} | document, ensure_ascii=False, indent=1) + "\n"
    headers = {"Content-Disposition": 'attachment; filename="plan.json"'}
    return Response(text, media_type="application/json", headers=headers)


def _in_force(context: InContext) -> Plan:
    with context.database.read() as session:
        return repository.plan_of(session, repository.book(session).plan)


def _to_editor(draft: drafts.Draft) -> Response:
    return RedirectResponse(f"/app/brand/plans/new?{draft.query}", HTTPStatus.SEE_OTHER)


def _editor(
    request: Request, visitor: Principal, in_force: Plan, draft: drafts.Draft, order: trial.Trial, *,
    http_status: int = 200, file_problems: list[tuple[str, dict[str, str]]] | None = None, pasted: str = "",
) -> Response:  # fmt: skip
    return render(
        request, "plans/editor.html", http_status, **_tried(in_force, draft, order), oob=False, groups=GROUPS,
        choices=trial.CHOICES, named=NAMED_PLANS, file_problems=file_problems or [], pasted=pasted,
        amounts=trial.AMOUNTS, abroad=trial.ABROAD, may_backtest=may(visitor, "backtest_plan"),
    )  # fmt: skip


def _tried(in_force: Plan, draft: drafts.Draft, order: trial.Trial) -> dict[str, Any]:
    plan = draft.plan
    return {
        "draft": draft, "order": order, "fields": FIELDS, "shown": shown, "words": words,
        "now": asdict(in_force), "rows": trial.beside(order, in_force, plan),
        "changed": drafts.differences(asdict(in_force), draft.parameters) if plan else [],
        "checked": trial.checked(in_force, plan) if plan else [], "number_of": trial.number_of,
        "notices": notices(plan, SampleOrder()) if plan else [],
    }  # fmt: skip


def may(visitor: Principal, operation: str) -> bool:
    """Whether the visitor's key may do this, by the matrix."""
    return not (MATRIX | PAGES)[operation].scopes.isdisjoint(visitor.scopes)
