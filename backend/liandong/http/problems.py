"""From every error of the package to a problem document (RFC 9457) with a stable code: the error's name."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from liandong.chain.errors import ChainError, ContractError, NodeRefused, NodeUnreachable, Paused
from liandong.errors import (
    AmountTooLarge,
    InvalidAmount,
    InvalidPlan,
    InvalidPrice,
    LiandongError,
    PlanFormatError,
    RuleError,
    UnknownCampaign,
    UnknownOrder,
    UnknownParticipant,
    WrongChannel,
    WrongKind,
)
from liandong.http import logs
from liandong.http.errors import (
    ApiError,
    InternalError,
    InvalidRequest,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
    NotReady,
)
from liandong.http.language import spoken, title_of
from liandong.outbox.errors import (
    AnnouncementUnderWay,
    CalledOff,
    IdempotencyConflict,
    InvalidBody,
    NothingToCallOff,
    UnknownRequest,
)

MEDIA_TYPE = "application/problem+json"

_STATUSES: tuple[tuple[type[LiandongError], HTTPStatus], ...] = (
    (UnknownParticipant, HTTPStatus.NOT_FOUND),
    (UnknownOrder, HTTPStatus.NOT_FOUND),
    (UnknownCampaign, HTTPStatus.NOT_FOUND),
    (InvalidPrice, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidAmount, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidPlan, HTTPStatus.UNPROCESSABLE_ENTITY),
    (PlanFormatError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (AmountTooLarge, HTTPStatus.UNPROCESSABLE_ENTITY),
    (WrongChannel, HTTPStatus.UNPROCESSABLE_ENTITY),
    (WrongKind, HTTPStatus.UNPROCESSABLE_ENTITY),
    (RuleError, HTTPStatus.CONFLICT),
    (UnknownRequest, HTTPStatus.NOT_FOUND),
    (IdempotencyConflict, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidBody, HTTPStatus.UNPROCESSABLE_ENTITY),
    (CalledOff, HTTPStatus.CONFLICT),
    (NothingToCallOff, HTTPStatus.CONFLICT),
    (AnnouncementUnderWay, HTTPStatus.CONFLICT),
    (Paused, HTTPStatus.SERVICE_UNAVAILABLE),
    (ContractError, HTTPStatus.CONFLICT),
    (NodeUnreachable, HTTPStatus.SERVICE_UNAVAILABLE),
    (NodeRefused, HTTPStatus.BAD_GATEWAY),
    (ChainError, HTTPStatus.BAD_GATEWAY),
)
"""What the rules refuse conflicts with the state of things, unless the request is wrong or names nobody."""


class Problem(BaseModel):
    """An error, as RFC 9457 has it. ``code`` is stable; ``GET /v1/problems`` lists all codes."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="The address of the code's explanation.", examples=["/v1/problems/OrderHeld"]
    )
    title: str = Field(description="What it means and what to do, by Accept-Language in English or Chinese.")
    status: int = Field(description="The HTTP status.", examples=[409])
    code: str = Field(description="The error's name in the settlement rules, on chain and here.")
    detail: str = Field(default="", description="This case: ids and values.", examples=["order 7"])
    instance: str = Field(
        default="", description="The id of the HTTP request, also in the header X-Request-Id."
    )


def status_of(error: type[LiandongError]) -> HTTPStatus:
    """The HTTP status that an error answers with."""
    if issubclass(error, ApiError):
        return error.status
    own = getattr(error, "http_status", None)
    if own is not None:
        return HTTPStatus(own)
    return next(
        (status for kind, status in _STATUSES if issubclass(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def all_errors() -> dict[str, type[LiandongError]]:
    """Every error type that an answer can have as its code, by name."""
    return {error.__name__: error for error in sorted(_leaves(LiandongError), key=lambda one: one.__name__)}


def document(error: type[LiandongError], detail: str = "", instance: str = "") -> dict[str, Any]:
    """The problem document of one error."""
    name = error.__name__
    return {
        "type": f"/v1/problems/{name}", "title": title_of(error), "status": int(status_of(error)),
        "code": name, "detail": detail, "instance": instance,
    }  # fmt: skip


def refusals(*errors: type[LiandongError]) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an operation that can end with these errors, for OpenAPI, with an example each."""
    found: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        status = int(status_of(error))
        answer = found.setdefault(
            status,
            {
                "description": HTTPStatus(status).phrase,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        answer["content"][MEDIA_TYPE]["examples"][error.__name__] = {
            "summary": title_of(error),
            "value": document(error, instance="01J9ZK3Q"),
        }
    return found


def answer(error: LiandongError, request: Request) -> Response:
    """The HTTP answer that an error makes."""
    kind = type(error)
    status = status_of(kind)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        # what went wrong inside is for the log; the caller gets the id to ask with
        logs.failure(error)
        kind, detail = InternalError, ""
    else:
        # of others what is said is the detail; an error without words is explained by its title alone
        detail = error.detail if isinstance(error, (ApiError, RuleError, ContractError)) else str(error)
    if isinstance(error, (NodeUnreachable, NodeRefused)):
        detail = "the chain's node does not answer as it should"  # its URL may hold a secret
        logs.failure(error)
    body = document(kind, detail, logs.request_id())
    if isinstance(error, InvalidRequest):
        body["errors"] = error.errors
    headers = {"Content-Language": spoken(), "Vary": "Accept-Language"}
    headers |= error.headers if isinstance(error, ApiError) else {}
    return JSONResponse(body, int(status), headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Lets every error of the app be answered as a problem document."""

    @app.exception_handler(LiandongError)
    def _liandong(request: Request, error: LiandongError) -> Response:
        return answer(error, request)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return answer(MalformedBody(str(found[0].get("ctx", {}).get("error", "not JSON"))), request)
        # what was given is not repeated: it may be personal data
        places = [{"place": ".".join(map(str, one["loc"])), "problem": one["msg"]} for one in found]
        return answer(InvalidRequest(f"{places[0]['place']}: {places[0]['problem']}", places), request)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.NOT_FOUND:
            return answer(NotFound(request.url.path), request)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return answer(MethodNotAllowed(request.method, headers), request)
        if error.status_code == HTTPStatus.BAD_REQUEST:
            return answer(MalformedBody(str(error.detail)), request)
        return answer(InternalError(), request)

    @app.exception_handler(OperationalError)
    def _database(request: Request, error: OperationalError) -> Response:
        logs.failure(error)
        return answer(NotReady("the database does not answer"), request)


def _leaves(error: type[LiandongError]) -> Iterator[type[LiandongError]]:
    below = [kind for kind in error.__subclasses__() if kind.__module__.startswith("liandong.")]
    if not below:
        yield error
    for kind in below:
        yield from _leaves(kind)
