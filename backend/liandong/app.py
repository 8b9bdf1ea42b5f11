"""The API, put together: ``create_app(settings)``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from liandong import __version__
from liandong.access import endpoints as access
from liandong.access.guard import SCHEME
from liandong.access.known_keys import KnownKeys
from liandong.access.matrix import MATRIX, Own
from liandong.access.operations import Operation
from liandong.auditing import endpoints as auditing
from liandong.auditing import kept_sums
from liandong.auditing.service import Audits
from liandong.background import Background, Part, mirror_part, worker_part
from liandong.backtest_jobs.queue import Backtests
from liandong.campaigns import endpoints as campaigns
from liandong.chain.deployment import read_deployment
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.explorer import endpoints as explorer
from liandong.explorer.repository import PublishedContracts
from liandong.http import problems
from liandong.http.context import Context
from liandong.http.errors import (
    BodyTooLarge,
    Forbidden,
    InvalidRequest,
    MalformedBody,
    RateLimited,
    Unauthenticated,
)
from liandong.http.middleware import RequestFrame, RequestMetrics
from liandong.orders import endpoints as orders
from liandong.orders import steps
from liandong.orders.schemas import NewOrder
from liandong.pages import site
from liandong.participants import endpoints as participants
from liandong.pauses import endpoints as pauses
from liandong.payouts import endpoints as payouts
from liandong.personal import endpoints as personal
from liandong.personal.cipher import KeyRing
from liandong.plans import endpoints as plans
from liandong.pools import endpoints as pools
from liandong.roles import endpoints as roles
from liandong.settings import Settings
from liandong.status import endpoints as status
from liandong.transactions import endpoints as transactions
from liandong.webhooks import endpoints as webhooks
from liandong.webhooks.sending import Sender

DESCRIPTION = """\
The contract API of Liandong (链动). Amounts are integers of minor units (1 = 0.01 yuan), rates are basis
points, days count from deployment. A write answers 202 with a request, whose state tells how far it is; with
the header `Prefer: wait=10` it answers when it is mined, or with the error that the rules refuse it with.
Errors are problem documents (RFC 9457) whose `code` is the error's name in the settlement rules;
`/v1/problems` lists all.
"""

# each request is held against their routes in this order: what is read most comes first
ROUTERS = (
    participants.router, orders.router, payouts.router, transactions.router, steps.router, status.router,
    access.router, plans.router, personal.router, campaigns.router, pools.router, auditing.router,
    webhooks.router, pauses.router, roles.router, explorer.router,
)  # fmt: skip


def create_app(settings: Settings) -> FastAPI:
    """The app, with its database brought up to the newest schema.

    The mirror and the outbox's workers run beside it from its start to its end, as far as settings say so.
    """
    database = Database(settings.database_url)
    upgrade(database)
    written = settings.personal_keys.get_secret_value() if settings.personal_keys else None
    context = Context(settings, database, read_deployment(settings.deployment))
    ring = KeyRing.parse(written) if written else None
    background = Background(context, _parts(context, ring))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        background.start()
        yield
        background.stop()
        database.close()

    app = FastAPI(
        title="Liandong 链动", version=__version__, description=DESCRIPTION, lifespan=lifespan,
        docs_url=None, redoc_url=None, openapi_url="/openapi.json", redirect_slashes=False,
    )  # fmt: skip
    app.state.context = context
    app.state.known_keys = KnownKeys(database)
    app.state.audits = Audits(context)
    app.state.key_ring = ring
    app.state.published_contracts = PublishedContracts(context)
    # each by itself, since routers within a router are matched twice; what is read before what writes
    app.router.routes += sorted(operations(), key=lambda one: "GET" not in one.methods)
    site.mount(app, context)
    problems.install(app)
    app.add_middleware(RequestFrame, max_body=settings.max_body, metrics=RequestMetrics(context.registry))
    _check_matrix()
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _parts(context: Context, ring: KeyRing | None) -> dict[str, Part]:
    parts: dict[str, Part] = {"sums": lambda stop: kept_sums.run(context.database, stop)}
    if context.settings.run_mirror:
        parts["mirror"] = mirror_part(context)
    if context.settings.run_worker:
        parts["worker"] = worker_part(context)
    if context.settings.run_backtests:
        parts["backtests"] = Backtests(
            context.settings.backtest_folder, context.settings.backtest_seconds
        ).run
    if context.settings.run_webhooks and ring is not None:
        parts["webhooks"] = Sender(context.database, ring, private=context.settings.webhook_private).run
    return parts


def operations() -> Iterator[APIRoute]:
    """All operations of the API."""
    return (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))


def _check_matrix() -> None:
    """No operation without a rule or past the guard, no rule without an operation."""
    if unguarded := [route.path for route in operations() if not isinstance(route, Operation)]:
        raise ValueError(f"operations without a guard: {', '.join(unguarded)}")
    found = {route.operation_id for route in operations()}
    if found != set(MATRIX):
        odd = sorted(map(str, found ^ set(MATRIX)))
        raise ValueError(f"operations and authorisation matrix differ: {', '.join(odd)}")


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: with problem documents for all errors, and who may call each operation."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = {"bearer": SCHEME}
    schemas = components.setdefault("schemas", {})
    reference = "#/components/schemas/{model}"
    for model in (problems.Problem, NewOrder):
        schema = model.model_json_schema(ref_template=reference)
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    schemas["Problem"]["properties"]["code"]["enum"] = sorted(problems.all_errors())
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for path in document["paths"].values():
        for operation in path.values():
            _complete(operation)
    app.openapi_schema = document
    return document


def _complete(operation: dict[str, Any]) -> None:
    """Adds what every operation can answer, and who may call it."""
    rule = MATRIX[operation["operationId"]]
    general = [InvalidRequest, RateLimited, MalformedBody, BodyTooLarge]
    if rule.public:
        operation["security"] = []
    else:
        operation["security"] = [{"bearer": []}]
        general += [Unauthenticated, Forbidden]
        callers = ", ".join(f"keys with scope {scope}" for scope in sorted(rule.scopes))
        own = "" if rule.own is Own.NOTHING else f"wallets (own: {rule.own})"
        operation["description"] = (
            f"{operation.get('description', '')}\n\nFor {'; '.join(filter(None, (callers, own)))}."
        )
    answers = operation["responses"]
    answers.pop("422", None) if _is_fastapis(answers.get("422")) else None
    for status_, answer in problems.refusals(*general).items():
        have = answers.setdefault(str(status_), answer)
        if have is not answer:
            examples = have["content"][problems.MEDIA_TYPE]["examples"]
            examples.update(answer["content"][problems.MEDIA_TYPE]["examples"])


def _is_fastapis(answer: dict[str, Any] | None) -> bool:
    """Whether an answer is FastAPI's for invalid requests, which this app answers otherwise."""
    return answer is not None and problems.MEDIA_TYPE not in answer.get("content", {})
