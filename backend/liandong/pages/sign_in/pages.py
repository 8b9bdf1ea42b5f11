"""``/app/sign-in``: the wallet signs the server's message, and the browser keeps the session's cookie."""

from __future__ import annotations

import re
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from liandong.access import service
from liandong.access.endpoints import ChallengeRequest, ChallengeView, SignIn
from liandong.http.context import InContext
from liandong.pages import session
from liandong.pages.rendering import render
from liandong.pages.session import Visitor

router = APIRouter()

_OWN_PATH = re.compile(r"/app/[A-Za-z0-9_\-/.]*(\?[A-Za-z0-9_\-=&%.]*)?")


class Begun(BaseModel):
    """Whether the wallet belongs to a participant; the session itself is in a cookie."""

    participant: int | None


def own_path(written: str) -> str | None:
    """An address of ours to go on to; None for any other, so that no link leads elsewhere through here."""
    return written if _OWN_PATH.fullmatch(written) and "//" not in written else None


def had_session(request: Request) -> bool:
    """Whether the browser still keeps a session's word, which then has ended."""
    return session.COOKIE in request.cookies


@router.get("/sign-in")
def sign_in_page(
    request: Request, context: InContext, visitor: Visitor, back: str = "", lost: bool = False
) -> Response:
    """Lists the browser's wallets."""
    to = own_path(back) or "/app/earnings"
    if visitor is not None:
        return RedirectResponse(to, HTTPStatus.SEE_OTHER)
    return render(request, "sign_in/sign_in.html", back=to, lost=lost, chain=chain_for_wallets(context))


@router.post("/sign-in/challenge")
def challenge(body: ChallengeRequest, context: InContext, visitor: Visitor) -> ChallengeView:
    """The message to sign."""
    domain = context.settings.public_url.partition("://")[2].partition("/")[0]
    found = service.challenge(
        context.database, body.address, domain, context.settings.public_url, context.deployment.chain_id
    )
    return ChallengeView(message=found.message, expires_at=found.expires_at)


@router.post("/sign-in")
def begin(body: SignIn, request: Request, context: InContext, visitor: Visitor) -> Response:
    """Begins a session. Raises ``SignInRefused``."""
    signature = bytes.fromhex(body.signature[2:])
    found = service.sign_in(context.database, context.node(), body.message, signature)
    answer = JSONResponse(Begun(participant=found.participant).model_dump())
    session.begin(request, answer, found.token, service.SESSION_SECONDS)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, context: InContext) -> Response:
    """Ends the session."""
    word = request.cookies.get(session.COOKIE)
    if word:
        service.sign_out(context.database, word)
    answer = RedirectResponse("/app/sign-in", HTTPStatus.SEE_OTHER)
    session.end(answer)
    return answer


def chain_for_wallets(context: InContext) -> dict[str, str]:
    """What wallets need to know to be on the right chain (EIP-3085)."""
    settings = context.settings
    return {
        "id": hex(context.deployment.chain_id), "name": settings.chain_name,
        "rpc": settings.public_rpc_url or "", "explorer": settings.explorer_url or "",
    }  # fmt: skip
