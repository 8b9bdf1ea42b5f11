"""Signing in with a wallet (EIP-4361) and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field

from liandong.access import service
from liandong.access.guard import Caller
from liandong.access.operations import Operations
from liandong.http.context import InContext
from liandong.http.errors import SignInRefused
from liandong.http.problems import refusals
from liandong.participants.schemas import Body, Signature, Wallet

router = Operations(prefix="/v1", tags=["signing in"])


class ChallengeRequest(Body):
    """The wallet that wants to sign in."""

    address: Wallet


class ChallengeView(BaseModel):
    """The message to be signed with `personal_sign`, and until when it is good (Unix seconds)."""

    message: str
    expires_at: int


class SignIn(Body):
    """The very message, and its signature."""

    message: Annotated[str, Field(max_length=2000)]
    signature: Signature


class SessionView(BaseModel):
    """A session: send its token as `Authorization: Bearer …`."""

    token: str
    address: str
    participant: int | None
    expires_at: int


class CallerView(BaseModel):
    """Who the key or token belongs to."""

    id: str
    scopes: list[str]
    wallet: str | None
    participant: int | None
    requests_per_minute: int


@router.post("/sign-in/challenge", operation_id="challenge_sign_in")
def challenge_sign_in(body: ChallengeRequest, context: InContext) -> ChallengeView:
    """The message that a wallet has to sign (EIP-4361); it is good for five minutes and one use."""
    domain = context.settings.public_url.partition("://")[2].partition("/")[0]
    found = service.challenge(
        context.database, body.address, domain, context.settings.public_url, context.deployment.chain_id
    )
    return ChallengeView(message=found.message, expires_at=found.expires_at)


@router.post("/sign-in", operation_id="sign_in", responses=refusals(SignInRefused))
def sign_in(body: SignIn, context: InContext) -> SessionView:
    """Begin a session with a signed message: of a plain wallet, or of a contract wallet (ERC-1271)."""
    signature = bytes.fromhex(body.signature[2:])
    found = service.sign_in(context.database, context.node(), body.message, signature)
    return SessionView(
        token=found.token, address=found.address, participant=found.participant, expires_at=found.expires_at
    )


@router.post("/sign-out", operation_id="sign_out", status_code=204)
def sign_out(request: Request, context: InContext, caller: Caller) -> None:
    """End the session."""
    service.sign_out(context.database, request.state.word)


@router.get("/me", operation_id="who_am_i")
def who_am_i(caller: Caller) -> CallerView:
    """Who the key or token belongs to, and what it may do."""
    return CallerView(
        id=caller.id, scopes=sorted(caller.scopes), wallet=caller.wallet, participant=caller.participant,
        requests_per_minute=caller.per_minute,
    )  # fmt: skip
