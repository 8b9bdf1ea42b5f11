"""Requests (``/v1/requests``) and transactions (``/v1/transactions``): each caller sees its own requests."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query

from liandong.access.guard import Caller
from liandong.access.operations import Operations
from liandong.http.context import InContext
from liandong.http.errors import InvalidCursor, UnknownTransaction
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.outbox import requests, states
from liandong.outbox.errors import AnnouncementUnderWay, NothingToCallOff, UnknownRequest
from liandong.transactions import repository
from liandong.transactions.delayed import call_off
from liandong.transactions.schemas import RequestView, TransactionView

router = Operations(prefix="/v1", tags=["requests and transactions"])

Number = Annotated[int, Path(ge=1, lt=2**63)]
State = Literal["queued", "building", "sent", "mined", "final", "rejected"]


@router.get("/requests", operation_id="list_requests", responses=refusals(InvalidCursor))
def list_requests(
    context: InContext, caller: Caller, state: State | None = None,
    kind: Annotated[str | None, Query(pattern="^[a-z_]{1,40}$")] = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> Page[RequestView]:  # fmt: skip
    """The caller's writes, oldest first."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        rows = requests.listed(
            session, caller=caller.id, state=state, kind=kind, after=after, limit=limit + 1
        )
        shown, next_ = page_of(rows, limit, lambda row: (row.id,))
        return Page(
            items=[
                RequestView.of(row, repository.transaction_of(session, row), context.explorer)
                for row in shown
            ],
            next=next_,
        )


@router.get("/requests/{request}", operation_id="get_request", responses=refusals(UnknownRequest))
def get_request(request: Number, context: InContext, caller: Caller) -> RequestView:
    """One of the caller's writes, and how far it is."""
    with context.database.read() as session:
        row = requests.of_caller(session, caller.id, request)
        return RequestView.of(row, repository.transaction_of(session, row), context.explorer)


@router.post("/requests/{request}/retry", operation_id="retry_request", responses=refusals(UnknownRequest))
def retry_request(request: Number, context: InContext, caller: Caller) -> RequestView:
    """Try a rejected write of the caller's once more, e.g. when the treasury has money again.

    Writes in any other state are answered as they are.
    """
    with context.database.write() as session:
        row = requests.of_caller(session, caller.id, request)
        requests.retry(session, row)
        return RequestView.of(row, repository.transaction_of(session, row), context.explorer)


@router.post(
    "/requests/{request}/call-off", operation_id="call_off_request",
    responses=refusals(UnknownRequest, NothingToCallOff, AnnouncementUnderWay),
)  # fmt: skip
def call_off_request(request: Number, context: InContext, caller: Caller) -> RequestView:
    """Call off a plan, a role or the end of a pause of the caller's that waits out its delay."""
    with context.database.write() as session:
        return call_off(context, session, requests.of_caller(session, caller.id, request))


@router.get("/transactions/{hash}", operation_id="get_transaction", responses=refusals(UnknownTransaction))
def get_transaction(
    hash_: Annotated[str, Path(alias="hash", pattern="^0x[0-9a-fA-F]{64}$")],
    context: InContext,
    caller: Caller,
) -> TransactionView:
    """A transaction by its hash, as the mirror and the outbox know it."""
    hash_ = hash_.lower()
    with context.database.read() as session:
        call = repository.call_with(session, hash_)
        mine = repository.requests_of(session, call.id, caller.id) if call is not None else []
        found = repository.mined(session, hash_)
        if found is not None:
            cursor, block = repository.cursor(session), repository.block(session, found.block_number)
            depth = max(cursor.block_number - found.block_number, 0) if cursor else 0
            final = depth >= context.settings.finality
            return TransactionView(
                hash=hash_, state="final" if final else "mined", block=found.block_number,
                block_hash=block.hash if block else None, confirmations=depth, requests=list(mine),
                explorer=context.explorer.transaction(hash_),
            )  # fmt: skip
        if call is None:
            raise UnknownTransaction(hash_)
        pending = call.state in states.IN_FLIGHT
        return TransactionView(
            hash=hash_, state="pending" if pending else "dropped", requests=list(mine),
            explorer=context.explorer.transaction(hash_),
        )  # fmt: skip
