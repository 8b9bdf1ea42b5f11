"""``/app/brand/plans/backtests``: past orders under a draft, played in the background."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from liandong.access.principals import Principal
from liandong.backtest.charts import Series, stacked_columns
from liandong.backtest.history import COLUMNS, REQUIRED
from liandong.backtest_jobs.errors import BacktestQueueFull, FieldRefused, UnknownBacktest
from liandong.backtest_jobs.job import DRAFT, IN_FORCE, Job
from liandong.backtest_jobs.queue import MOST_WAITING, Backtests
from liandong.backtest_jobs.reception import ENCODINGS, MOST_DAYS, MOST_ROWS, task_of
from liandong.figures import money, short_money
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.errors import NotFound
from liandong.pages.backtests import asked as forms
from liandong.pages.language import CATALOGUES, language_of
from liandong.pages.plans import drafts
from liandong.pages.rendering import is_part, render
from liandong.pages.session import ByKey
from liandong.pages.uploads import Form
from liandong.plans import repository
from liandong.rules.plan import Plan, plan_from

router = APIRouter(prefix="/brand/plans/backtests")

Tester = Annotated[Principal, Depends(ByKey("backtest_plan"))]
Id = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]

FOLDERS = {"draft": DRAFT, "in-force": IN_FORCE}
"""The plans of a backtest as addresses name them."""

PAID_MONTHLY = ("direct", "team", "region", "support_claimed", "dividend_claimed")
ROWS_SHOWN = 200
PAYEES_SHOWN = 15


async def _backtests(request: Request) -> Backtests:
    found: Backtests = request.app.state.backtests
    return found


InBacktests = Annotated[Backtests, Depends(_backtests)]


@router.get("")
def home(visitor: Tester) -> Response:
    """A backtest begins with a draft."""
    return RedirectResponse("/app/brand/plans/new", HTTPStatus.SEE_OTHER)


@router.get("/new")
def upload_page(
    request: Request, context: InContext, tests: InBacktests, visitor: Tester, draft: drafts.InAddress
) -> Response:
    """The form, with the draft of the address; what is wrong with that is for the editor to show."""
    if draft is None or draft.plan is None:
        query = f"?{draft.query}" if draft is not None else ""
        return RedirectResponse(f"/app/brand/plans/new{query}", HTTPStatus.SEE_OTHER)
    return _form(request, context, tests, visitor, draft, forms.fresh(), None)


@router.post("")
def begin(request: Request, context: InContext, tests: InBacktests, visitor: Tester, form: Form) -> Response:
    """Takes the files in, and leads to where the backtest is followed. Raises ``PlanProblems``."""
    draft = drafts.read(_texts(form))
    plan = draft.usable()
    given = forms.asked(form)
    version, in_force = _in_force(context)
    compared = "compare" in given.texts
    try:
        task = task_of(forms.upload(form, given), {DRAFT: plan} | ({IN_FORCE: in_force} if compared else {}))
        added = tests.add(visitor.id, task, version if compared else None)
    except FieldRefused as error:
        return _form(request, context, tests, visitor, draft, given, error)
    except BacktestQueueFull:
        error = FieldRefused("", BacktestQueueFull.__name__, "")
        return _form(request, context, tests, visitor, draft, given, error, HTTPStatus.SERVICE_UNAVAILABLE)
    return RedirectResponse(f"/app/brand/plans/backtests/{added.id}", HTTPStatus.SEE_OTHER)


@router.get("/{number}")
def backtest_page(
    request: Request, context: InContext, tests: InBacktests, visitor: Tester, number: Id
) -> Response:
    """How far it is; then what came of it. The page asks again until it has ended."""
    anew = Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    try:
        job = tests.get(visitor.id, number)
    except UnknownBacktest:
        if is_part(request):
            return anew  # the whole page says so
        raise
    if is_part(request) and not job.under_way:
        return anew
    values: dict[str, Any] = {
        "job": job, "calendar": _calendar(context), "progress": tests.progress(job),
        "before": tests.before(job), "draft": drafts.of_plan(_plan(job)),
    }  # fmt: skip
    if is_part(request):
        return render(request, "backtests/progress.html", **values)
    if job.state == "done":
        sides = {
            plan: json.loads((tests.out(job, plan) / "statement.json").read_bytes()) for plan in job.plans
        }
        values |= {
            "sides": sides, "s": sides[DRAFT], "chart": _chart(request, sides[DRAFT]["months"]),
            "paid_monthly": PAID_MONTHLY, "rows_shown": ROWS_SHOWN, "payees_shown": PAYEES_SHOWN,
            "folders": {plan: folder for folder, plan in FOLDERS.items()},
        }  # fmt: skip
    return render(request, "backtests/backtest.html", **values)


@router.post("/{number}/delete")
def delete(tests: InBacktests, visitor: Tester, number: Id) -> Response:
    """Ends it where it is under way, and deletes all that is kept of it; back to its draft."""
    job = tests.get(visitor.id, number)
    tests.drop(visitor.id, number)
    query = drafts.of_plan(_plan(job)).query
    return RedirectResponse(f"/app/brand/plans/new?{query}", HTTPStatus.SEE_OTHER)


@router.get("/{number}/{folder}/report.html")
def report(tests: InBacktests, visitor: Tester, number: Id, folder: str) -> Response:
    """The report of `liandong backtest --out`: to be kept, since its styles are not for a page of ours."""
    return _download(
        tests.get(visitor.id, number), folder, "report.html", "text/html; charset=utf-8",
        lambda job, plan: (tests.out(job, plan) / "report.html").read_bytes(),
    )  # fmt: skip


@router.get("/{number}/{folder}/tables.zip")
def tables(tests: InBacktests, visitor: Tester, number: Id, folder: str) -> Response:
    """All that `liandong backtest --out` writes, in one file."""

    def packed(job: Job, plan: str) -> bytes:
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(tests.out(job, plan).iterdir()):
                archive.write(path, path.name)
        return into.getvalue()

    return _download(tests.get(visitor.id, number), folder, "tables.zip", "application/zip", packed)


def _download(job: Job, folder: str, name: str, kind: str, read: Callable[[Job, str], bytes]) -> Response:
    plan = FOLDERS.get(folder)
    if plan not in job.plans or job.state != "done":
        raise NotFound(f"{folder}/{name}")
    headers = {"Content-Disposition": f'attachment; filename="backtest-{folder}-{name}"'}
    return Response(read(job, plan), media_type=kind, headers=headers)


def _form(
    request: Request, context: InContext, tests: InBacktests, visitor: Principal, draft: drafts.Draft,
    given: forms.Asked, error: FieldRefused | None, http_status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:  # fmt: skip
    version, in_force = _in_force(context)
    return render(
        request, "backtests/upload.html", http_status if error else HTTPStatus.OK, draft=draft, given=given,
        error=error, earlier=tests.of(visitor.id), calendar=_calendar(context), columns=COLUMNS,
        required=REQUIRED, encodings=ENCODINGS, version=version, most_rows=MOST_ROWS, most_days=MOST_DAYS,
        most_megabytes=forms.MOST_BYTES // 2**20, most_waiting=MOST_WAITING,
        changes=len(drafts.differences(drafts.of_plan(in_force).parameters, draft.parameters)),
    )  # fmt: skip


def _texts(form: FormData) -> dict[str, str]:
    return {name: text for name, text in form.items() if isinstance(text, str)}


def _in_force(context: InContext) -> tuple[int, Plan]:
    with context.database.read() as session:
        number = repository.book(session).plan
        return number, repository.plan_of(session, number)


def _calendar(context: InContext) -> Any:
    with context.database.read() as session:
        return calendar_of(session)


def _plan(job: Job) -> Plan:
    return plan_from({"base": drafts.BASE} | job.parameters)


def _chart(request: Request, months: list[dict[str, Any]]) -> str:
    """What agents were paid by month, as the report draws it."""
    t = CATALOGUES[language_of(request)]
    series = [
        Series(str(t(f"backtests.paid_{name}")), f"c{at}", [month[name] for month in months])
        for at, name in enumerate(PAID_MONTHLY, 1)
    ]
    names = [month["month"] for month in months]
    return stacked_columns(
        str(t("backtests.by_month")), names, series, short_money, lambda value: money(int(value))
    )
