"""Lets a request through or not, by the authorisation matrix alone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from liandong.access.known_keys import KnownKeys
from liandong.access.matrix import Own, Rule
from liandong.access.principals import Principal
from liandong.http.context import context_of
from liandong.http.errors import Forbidden, Unauthenticated
from liandong.orders.repository import is_party

SCHEME: dict[str, Any] = {
    "type": "http", "scheme": "bearer",
    "description": "An API key (`ldk_…`, of `liandong keys create`) or a signed-in wallet's token (`ldt_…`).",
}  # fmt: skip
"""How callers say who they are, for OpenAPI."""


async def guard(request: Request, rule: Rule) -> None:
    """Raises what the rate limit and the matrix say. Takes a thread only where the database is asked."""
    context = context_of(request)
    request.state.principal = None
    word = _word(request)
    if word is None:
        if not rule.public:
            raise Unauthenticated("there is none")
        host = request.client.host if request.client else ""
        await _count(request, f"host:{host}", context.settings.anonymous_per_minute)
        return
    keys: KnownKeys = request.app.state.known_keys
    principal = keys.known(word) or await run_in_threadpool(keys.look_up, word)
    await _count(request, principal.id, principal.per_minute)
    request.state.principal = principal
    request.state.word = word
    if rule.public:
        return
    if principal.is_agent and rule.own is Own.ORDER:
        await run_in_threadpool(_check, request, rule, principal)
    else:
        _check(request, rule, principal)


async def _count(request: Request, caller: str, per_minute: int) -> None:
    limiter = context_of(request).limiter
    if not limiter.use(caller):
        await run_in_threadpool(limiter.take, caller, per_minute)


def _word(request: Request) -> str | None:
    """What came as ``Authorization: Bearer …``."""
    scheme, _, word = request.headers.get("authorization", "").partition(" ")
    return word.strip() or None if scheme.lower() == "bearer" else None


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


def caller_of(request: Request) -> Principal:
    """Who makes the request. Raises ``Unauthenticated`` where nobody said so."""
    principal: Principal | None = request.state.principal
    if principal is None:
        raise Unauthenticated("there is none")
    return principal


async def _caller(request: Request) -> Principal:
    """As a dependency: async, so that no thread is taken for it."""
    return caller_of(request)


Caller = Annotated[Principal, Depends(_caller)]
"""Who makes the request, in operations that are not public."""
