"""The pages, put together: an application of its own under ``/app``, beside the API."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from liandong.auditing.service import Audits
from liandong.backtest_jobs.queue import Backtests
from liandong.errors import LiandongError
from liandong.http import logs, problems
from liandong.http.context import Context
from liandong.http.errors import ApiError, InternalError, InvalidRequest, NotFound, NotReady
from liandong.http.language import title_of
from liandong.pages import language, session
from liandong.pages.audit import pages as audit
from liandong.pages.backtests import pages as backtests
from liandong.pages.brand import pages as brand
from liandong.pages.campaigns import pages as campaigns
from liandong.pages.card import pages as card
from liandong.pages.claims import pages as claims
from liandong.pages.deposits import pages as deposits
from liandong.pages.earnings import pages as earnings
from liandong.pages.errors import NotAnAgent, SessionLost
from liandong.pages.governance import pages as governance
from liandong.pages.headers import HEADERS, PageHeaders
from liandong.pages.joining import pages as joining
from liandong.pages.keys import pages as keys
from liandong.pages.payouts import pages as payouts
from liandong.pages.payouts import relay
from liandong.pages.plans import pages as plans
from liandong.pages.plans import publishing
from liandong.pages.progress import pages as progress
from liandong.pages.records import pages as records
from liandong.pages.rendering import is_part, render
from liandong.pages.sign_in import pages as sign_in
from liandong.pages.team import pages as team
from liandong.pages.webhooks import pages as webhooks
from liandong.pages.withdrawals import pages as withdrawals
from liandong.personal.cipher import KeyRing

ROUTERS = (
    sign_in.router, earnings.router, payouts.router, relay.router, team.router, claims.router,
    withdrawals.router, deposits.router, joining.router, card.router, progress.router,
    keys.router, audit.router, records.router, governance.router, brand.router, campaigns.router,
    webhooks.router, plans.router, publishing.router, backtests.router,
)  # fmt: skip

HOME = "/app/earnings"


class _Static(StaticFiles):
    """Files that the browser asks about again each time, so that it never has an old script."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        answer = super().file_response(*args, **more)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def mount(app: FastAPI, context: Context) -> None:
    """Puts the pages into the app, beside the API's operations."""

    async def home(request: Request) -> Response:
        return RedirectResponse(HOME)

    for path in ("/", "/app"):
        app.add_route(path, home, include_in_schema=False)
    app.mount("/app", create_pages(context, app.state.key_ring))


def create_pages(context: Context, ring: KeyRing | None) -> FastAPI:
    """The application of all pages; addresses within it lack the ``/app``."""
    pages = FastAPI(openapi_url=None, redirect_slashes=False)
    pages.state.context = context
    pages.state.audits = Audits(context)
    pages.state.key_ring = ring
    settings = context.settings
    pages.state.backtests = Backtests(settings.backtest_folder, settings.backtest_seconds)
    for router in ROUTERS:
        pages.include_router(router)
    pages.mount("/static", _Static(directory=Path(__file__).parent / "static"))
    pages.add_route("/", _home)
    pages.add_route("/language/{chosen}", _choose_language)
    pages.add_middleware(PageHeaders)
    _install_errors(pages)
    return pages


def _home(request: Request) -> Response:
    return RedirectResponse(keys.home_of(session.visitor(request)) or HOME)


async def _choose_language(request: Request) -> Response:
    # where the browser comes from, if it says so: the link does not know what the address said after "?"
    came_from = sign_in.own_path(_path(request.headers.get("referer", "")))
    back = came_from or own_path(request.query_params.get("back", HOME))
    answer = RedirectResponse(back, HTTPStatus.SEE_OTHER)
    chosen = request.path_params["chosen"]
    if chosen in language.LANGUAGES:
        answer.set_cookie(language.COOKIE, chosen, max_age=365 * 86_400, path="/app", samesite="lax")
    return answer


def own_path(written: str) -> str:
    """An address to go on to, if it is one of the pages', else the first page."""
    return sign_in.own_path(written) or HOME


def _install_errors(pages: FastAPI) -> None:
    @pages.exception_handler(SessionLost)
    def _lost(request: Request, error: SessionLost) -> Response:
        if not _wants_page(request):
            return JSONResponse(problems.document(SessionLost), 401)
        came_from = request.headers.get("hx-current-url") or request.headers.get("referer")
        back = request.url if request.method == "GET" and not is_part(request) else came_from or HOME
        to = f"{keys.sign_in_for(_path(str(back)))}?back={quote(_path(str(back)), safe='')}"
        if sign_in.had_session(request):
            to += "&lost=1"
        if is_part(request):
            return Response(status_code=204, headers={"HX-Redirect": to})
        return RedirectResponse(to, HTTPStatus.SEE_OTHER)

    @pages.exception_handler(LiandongError)
    def _failed(request: Request, error: LiandongError) -> Response:
        return _answer(request, error)

    @pages.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, InvalidRequest(".".join(map(str, error.errors()[0]["loc"]))))

    @pages.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return _answer(request, NotFound(request.url.path))

    @pages.exception_handler(Exception)
    def _fault(request: Request, error: Exception) -> Response:
        answer = _answer(request, InternalError())  # what it was is logged where all requests end
        for name, value in HEADERS:  # it is answered outside of PageHeaders
            answer.headers[name.decode()] = value.decode()
        return answer

    @pages.exception_handler(OperationalError)
    def _database(request: Request, error: OperationalError) -> Response:
        logs.failure(error)
        return _answer(request, NotReady("the database does not answer"))


def _answer(request: Request, error: LiandongError) -> Response:
    """An error as a page; as a problem document for what a script sent."""
    if not _wants_page(request):
        return problems.answer(error, request)
    kind = type(error)
    status = problems.status_of(kind)
    detail = error.detail if isinstance(error, ApiError) else str(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        logs.failure(error)
        kind, detail = InternalError, ""
    template = "layout/error_part.html" if is_part(request) else "layout/error.html"
    if kind is NotAnAgent:
        template = "joining/not_an_agent.html"
    title = title_of(kind)
    return render(
        request, template, int(status), code=kind.__name__, status=int(status), title=title, detail=detail,
        request_id=logs.request_id(),
    )  # fmt: skip


def _wants_page(request: Request) -> bool:
    """Whether a person is going to see the answer, not a script."""
    return request.method == "GET" or "text/html" in request.headers.get("accept", "")


def _path(url: str) -> str:
    path = url.partition("://")[2]
    return "/" + path.partition("/")[2] if path else url
