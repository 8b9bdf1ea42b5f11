"""``/app/withdraw``: the wallet signs a message that we relay, or sends the transaction itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from liandong.chain.abi import abi_of
from liandong.http.context import InContext
from liandong.pages.consent import deadline
from liandong.pages.progress.pages import address_of
from liandong.pages.rendering import render
from liandong.pages.session import Own, SignedIn
from liandong.pages.sign_in.pages import chain_for_wallets
from liandong.participants.schemas import Body
from liandong.participants.service import participant
from liandong.payouts import earnings
from liandong.payouts.endpoints import withdrawal_message
from liandong.payouts.schemas import Withdrawable, Withdrawal, WithdrawalTerms
from liandong.transactions.submission import Writer

router = APIRouter()


class Wish(Body):
    """How much."""

    amount: Withdrawable


class Prepared(BaseModel):
    """What the wallet signs, or the call that it sends itself."""

    message: dict[str, Any]
    deadline: int
    call: dict[str, str]


class Sent(BaseModel):
    """Where to follow what was sent."""

    to: str


@router.get("/withdraw")
def withdraw_page(request: Request, context: InContext, me: Own, visitor: SignedIn) -> Response:
    """How much, and by which way."""
    with context.database.read() as session:
        account = earnings.account(session, me)
        frozen = participant(session, me).frozen
    return render(
        request, "withdrawals/withdraw.html", account=account, frozen=frozen, wallet=visitor.wallet,
        chain=chain_for_wallets(context),
    )  # fmt: skip


@router.post("/withdraw/prepare")
def prepare(body: Wish, context: InContext, me: Own) -> Prepared:
    """Both ways: the wallet uses one of them."""
    until = deadline(context)
    terms = WithdrawalTerms(amount=body.amount, deadline=until)
    function = abi_of("Settlement").functions["withdraw"]
    data = "0x" + function.call_data((me, body.amount)).hex()
    return Prepared(
        message=withdrawal_message(context, me, terms), deadline=until,
        call={"to": context.deployment.settlement, "data": data},
    )  # fmt: skip


@router.post("/withdraw")
def relay(body: Withdrawal, context: InContext, me: Own, visitor: SignedIn) -> Sent:
    """Takes the signed message into the outbox; the same message has one effect."""
    writer = Writer(context, visitor, Response(), key=f"page withdrawal {body.signature[-64:]}")
    return Sent(
        to=address_of(writer.send("withdraw_for", {"account": me, **body.model_dump()}), "/app/earnings")
    )
