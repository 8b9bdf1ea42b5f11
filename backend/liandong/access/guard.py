"""Lets a request through or not, by the authorisation matrix alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from liandong.access.matrix import MATRIX, Own, Rule
from liandong.access.principals import Principal
from liandong.access.service import principal_of
from liandong.http.context import context_of
from liandong.http.errors import Forbidden, Unauthenticated
from liandong.orders.repository import is_party

_bearer = HTTPBearer(
    auto_error=False, scheme_name="bearer",
    description="An API key (`ldk_…`, from `liandong keys create`), or a signed-in wallet's token (`ldt_…`).",
)  # fmt: skip


def guard(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
    """A dependency of the whole app. Raises what the rate limit and the matrix say."""
    context = context_of(request)
    rule = MATRIX[request.scope["route"].operation_id]
    request.state.principal = None
    if rule.public and bearer is None:
        host = request.client.host if request.client else ""
        context.limiter.take(f"host:{host}", context.settings.anonymous_per_minute)
        return
    if bearer is None:
        raise Unauthenticated("there is none")
    principal = principal_of(context.database, bearer.credentials)
    context.limiter.take(principal.id, principal.per_minute)
    request.state.principal = principal
    request.state.word = bearer.credentials
    if not rule.public:
        _check(request, rule, principal)


def _check(request: Request, rule: Rule, principal: Principal) -> None:
    if not principal.is_agent:
        if rule.scopes.isdisjoint(principal.scopes):
            allowed = ", ".join(sorted(rule.scopes)) or "a wallet that signed in"
            raise Forbidden(f"this takes {allowed}; the key has {', '.join(sorted(principal.scopes))}")
        return
    match rule.own:
        case Own.NOTHING:
            raise Forbidden("this takes an API key: " + ", ".join(sorted(rule.scopes)))
        case Own.PARTICIPANT:
            principal.require_own(_path_number(request, "participant"))
        case Own.ORDER:
            order = _path_number(request, "order")
            with context_of(request).database.read() as session:
                if principal.participant is None or not is_party(session, order, principal.participant):
                    raise Forbidden("the wallet's participant is no party to this order")
        case Own.ANYTHING | Own.BODY:
            pass


def _path_number(request: Request, name: str) -> int:
    written = request.path_params[name]
    # what is no number is nobody's; the operation itself would say what is wrong with it
    return (
        int(written)
        if isinstance(written, str) and len(written) < 19 and written.isascii() and written.isdigit()
        else -1
    )


async def _caller(request: Request) -> Principal:
    principal: Principal | None = request.state.principal
    if principal is None:
        raise Unauthenticated("there is none")
    return principal


Caller = Annotated[Principal, Depends(_caller)]
"""Who makes the request, in operations that are not public."""
