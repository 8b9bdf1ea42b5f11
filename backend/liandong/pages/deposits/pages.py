"""``/app/deposit``: the contract pays it back to its owner's own transaction only; none is relayed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from liandong.chain.abi import abi_of
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.pages import Cursor, key_of, page_of
from liandong.pages.rendering import is_part, render
from liandong.pages.session import OwnAgent, SignedIn
from liandong.pages.sign_in.pages import chain_for_wallets
from liandong.pages.withdrawals.pages import Wish
from liandong.participants.service import participant
from liandong.payouts import deposits
from liandong.plans.repository import book, plan_of

router = APIRouter()

ROWS = 30
INSURED = 20


class Call(BaseModel):
    """The call that the wallet sends itself."""

    call: dict[str, str]


@router.get("/deposit")
def deposit_page(
    request: Request, context: InContext, me: OwnAgent, visitor: SignedIn, cursor: Cursor = None
) -> Response:
    """What is held, from which orders, until when; and the way to take it back."""
    before = key_of(cursor, 2)
    with context.database.read() as session:
        rows = deposits.movements(session, me, before, ROWS + 1)
        shown, next_ = page_of(rows, ROWS, lambda one: (one.block, one.log_index))
        values: dict[str, Any] = {"movements": shown, "next": next_, "calendar": calendar_of(session)}
        if is_part(request):
            return render(request, "deposits/rows.html", **values)
        agent = participant(session, me)
        values |= {
            "held": deposits.deposit(session, agent), "certified": agent.certified,
            "plan": plan_of(session, book(session).plan), "insured": deposits.insured(session, me, INSURED),
        }  # fmt: skip
    return render(
        request, "deposits/deposit.html", **values, wallet=visitor.wallet, chain=chain_for_wallets(context)
    )


@router.post("/deposit/prepare")
def prepare(body: Wish, context: InContext, me: OwnAgent) -> Call:
    """The transaction by which the owner takes so much back."""
    data = abi_of("Settlement").functions["releaseDeposit"].call_data((me, body.amount))
    return Call(call={"to": context.deployment.settlement, "data": "0x" + data.hex()})
