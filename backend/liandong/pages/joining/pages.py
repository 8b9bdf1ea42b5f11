"""``/app/join/{introducer}``: an invitation; the newcomer's wallet signs its consent (rules § 1)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import Session

from liandong.chain.state_words import FIRST_PARTICIPANT
from liandong.db.people import Participant
from liandong.errors import AgentFrozen, TeamTooDeep, UnknownParticipant
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.errors import Forbidden
from liandong.pages.consent import deadline
from liandong.pages.joining.regions import PROVINCES
from liandong.pages.progress.pages import address_of
from liandong.pages.rendering import render
from liandong.pages.session import SignedIn, Visitor
from liandong.pages.sign_in.pages import chain_for_wallets
from liandong.pages.withdrawals.pages import Sent
from liandong.participants import repository, typed_data
from liandong.participants.schemas import Body, Deadline, RegionNumber, Signature
from liandong.plans.repository import book, plan_of
from liandong.transactions.submission import Writer

router = APIRouter()

Introducer = Annotated[int, Path(ge=FIRST_PARTICIPANT, lt=2**32)]


class Wish(Body):
    """What the newcomer chooses."""

    region: RegionNumber = 0


class Prepared(BaseModel):
    """What the wallet signs."""

    message: dict[str, Any]
    deadline: int


class Signed(Wish):
    """The consent."""

    deadline: Deadline
    signature: Signature


@router.get("/join/{introducer}")
def invitation(request: Request, context: InContext, visitor: Visitor, introducer: Introducer) -> Response:
    """Who invites, what joining means in plain words, and the consent."""
    with context.database.read() as session:
        by, leader = _introducer(session, introducer)
        plan = plan_of(session, book(session).plan)
        until = calendar_of(session).moment(deadline(context))
    if visitor is not None and visitor.participant is not None:
        return render(request, "joining/already.html", me=visitor.participant)
    return render(
        request, "joining/invitation.html", by=by, leader=leader, plan=plan, provinces=PROVINCES, until=until,
        chain=chain_for_wallets(context), level=2 if leader == by.number else 3,
    )  # fmt: skip


@router.post("/join/{introducer}/prepare")
def prepare(body: Wish, context: InContext, visitor: SignedIn, introducer: Introducer) -> Prepared:
    """The message by which the visitor's wallet consents."""
    until = deadline(context)
    values = {
        "wallet": visitor.wallet, "introducer": introducer, "region": body.region, "deadline": until,
    }  # fmt: skip
    return Prepared(message=typed_data.document(context.deployment, "Join", values), deadline=until)


@router.post("/join/{introducer}")
def join(body: Signed, context: InContext, visitor: SignedIn, introducer: Introducer) -> Sent:
    """Takes the consent into the outbox; the same one has one effect."""
    if visitor.wallet is None:
        raise Forbidden("a wallet joins, not a key")
    writer = Writer(context, visitor, Response(), key=f"page join {body.signature[-64:]}")
    request = writer.send("join", {"wallet": visitor.wallet, "introducer": introducer, **body.model_dump()})
    return Sent(to=address_of(request, "/app/earnings"))


def _introducer(session: Session, number: int) -> tuple[Participant, int]:
    """Who invites, and who would lead the newcomer. Raises what the rules would refuse the join with."""
    found = repository.get(session, number)
    if found is None or found.kind != "agent":
        raise UnknownParticipant(f"agent {number}")
    if found.frozen:
        raise AgentFrozen(f"agent {number}")
    if found.leader == 0:
        return found, number
    above = repository.get(session, found.introducer)
    if above is None or above.leader != 0:
        raise TeamTooDeep(f"agent {number}")
    return found, above.number
