"""Who looks at a page: the session's cookie, and what pages ask of whoever it belongs to.

The cookie is the word that the API takes as a bearer token. Scripts cannot read it, and browsers send it with
requests of our own pages only.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from liandong.access.matrix import MATRIX, PAGES
from liandong.access.principals import Principal
from liandong.access.service import principal_of
from liandong.http.context import context_of
from liandong.http.errors import Forbidden, Unauthenticated
from liandong.pages.errors import AgentsOnly, NotAnAgent, SessionLost

COOKIE = "liandong_session"


def begin(request: Request, response: Response, word: str, seconds: int) -> None:
    """Lets the browser keep a session's word for so long."""
    secure = context_of(request).settings.public_url.startswith("https://")
    response.set_cookie(
        COOKIE, word, max_age=seconds, path="/app", secure=secure, httponly=True, samesite="strict"
    )


def end(response: Response) -> None:
    """Lets the browser forget it."""
    response.delete_cookie(COOKIE, path="/app", httponly=True, samesite="strict")


def visitor(request: Request) -> Principal | None:
    """Whoever is signed in; None: nobody. Counts the request against the caller's rate."""
    context = context_of(request)
    word = request.cookies.get(COOKIE)
    found: Principal | None = None
    if word:
        try:
            found = principal_of(context.database, word)
        except Unauthenticated:
            found = None
    if found is None:
        host = request.client.host if request.client else ""
        context.limiter.take(f"host:{host}", context.settings.anonymous_per_minute)
    else:
        context.limiter.take(found.id, found.per_minute)
    request.state.visitor = found
    return found


Visitor = Annotated[Principal | None, Depends(visitor)]
"""For pages that anybody may see."""


def signed_in(found: Visitor) -> Principal:
    """Whoever is signed in. Raises :class:`SessionLost`."""
    if found is None:
        raise SessionLost
    return found


SignedIn = Annotated[Principal, Depends(signed_in)]
"""For pages that take a session."""


def _participant(found: SignedIn) -> int:
    if found.participant is None:
        raise NotAnAgent
    return found.participant


Own = Annotated[int, Depends(_participant)]
"""The number of the participant whose wallet is signed in: pages show this one's things, and no other's."""


def _agent(found: SignedIn, me: Own) -> int:
    if found.kind != "agent":
        raise AgentsOnly
    return me


OwnAgent = Annotated[int, Depends(_agent)]
"""The same for what agents alone have: teams, shares of the pools, invitations, deposits."""


class ByKey:
    """A dependency: the visitor's key may call this operation of the API, or do what only pages do.

    Raises ``Forbidden``.
    """

    def __init__(self, operation: str) -> None:
        self.scopes = (MATRIX | PAGES)[operation].scopes

    def __call__(self, found: SignedIn) -> Principal:
        if self.scopes.isdisjoint(found.scopes):
            raise Forbidden("this page takes a key with scope " + ", ".join(sorted(self.scopes)))
        return found
