"""``/app/key``: a key is pasted once, and the browser keeps it as its session's word."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from liandong.access.principals import Principal, Scope
from liandong.access.secrets import KEY_PREFIX
from liandong.access.service import SESSION_SECONDS, principal_of
from liandong.http.context import InContext
from liandong.http.errors import Unauthenticated
from liandong.pages import session
from liandong.pages.forms import Fields
from liandong.pages.rendering import render
from liandong.pages.session import Visitor
from liandong.pages.sign_in.pages import had_session, own_path

router = APIRouter()

AREAS = ("/app/audit", "/app/brand")
"""Pages that take a key, where all others take a wallet."""


def home_of(visitor: Principal | None) -> str | None:
    """Where a key's pages begin; None for whoever has no key."""
    if visitor is None or visitor.is_agent:
        return None
    if Scope.PLANNER in visitor.scopes:
        return "/app/brand/plans"
    return "/app/brand/overview" if Scope.MALL in visitor.scopes else "/app/audit/books"


def sign_in_for(path: str) -> str:
    """Where one signs in for a page."""
    return "/app/key" if path.startswith(AREAS) else "/app/sign-in"


@router.get("/key")
def key_page(request: Request, visitor: Visitor, back: str = "", lost: bool = False) -> Response:
    """Asks for the key."""
    home = home_of(visitor)
    if home is not None:
        return RedirectResponse(own_path(back) or home, HTTPStatus.SEE_OTHER)
    return render(
        request, "keys/key.html", back=own_path(back) or "", lost=lost and had_session(request), wrong=False
    )


@router.post("/key")
def begin(request: Request, context: InContext, visitor: Visitor, fields: Fields) -> Response:
    """Begins a session with the key, if it is one."""
    word, back = fields.get("key", "").strip(), own_path(fields.get("back", ""))
    try:
        found = principal_of(context.database, word if word.startswith(KEY_PREFIX) else "")
    except Unauthenticated:
        return render(
            request, "keys/key.html", HTTPStatus.UNAUTHORIZED, back=back or "", lost=False, wrong=True
        )
    answer = RedirectResponse(back or home_of(found) or "/app/audit/books", HTTPStatus.SEE_OTHER)
    session.begin(request, answer, word, SESSION_SECONDS)
    return answer
