"""``/app/audit/records``: any order, batch, account, month or year by its number."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from liandong.access.principals import Principal
from liandong.auditing import records
from liandong.chain.words import CHANNELS
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.http.errors import NotFound
from liandong.http.pages import Cursor, key_of, page_of
from liandong.orders import repository as orders
from liandong.orders.schemas import OrderPath, State
from liandong.orders.service import event_view, order_by_mall_id
from liandong.pages.rendering import is_part, render
from liandong.pages.session import ByKey
from liandong.payouts import statements
from liandong.payouts.schemas import AccountPath, name_of
from liandong.pools import shares
from liandong.pools.endpoints import EpochPath, Pool
from liandong.transactions.repository import mined

router = APIRouter(prefix="/audit/records")

Orders = Annotated[Principal, Depends(ByKey("list_orders"))]
Accounts = Annotated[Principal, Depends(ByKey("list_accounts"))]

ROWS = 50


@router.get("")
def find_page(
    request: Request, context: InContext, visitor: Orders, state: State | None = None,
    seller: Annotated[int | None, Query(ge=1, lt=2**32)] = None, cursor: Cursor = None,
) -> Response:  # fmt: skip
    """A field for a number, and the orders by number."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        rows = orders.page(session, state=state, seller=seller, after=after, rows=ROWS + 1)
        shown, next_ = page_of(rows, ROWS, lambda row: (row.number,))
        calendar = calendar_of(session)
    template = "records/order_rows.html" if is_part(request) else "records/find.html"
    return render(
        request, template, orders=shown, next=next_, calendar=calendar, channels=CHANNELS, state=state,
        seller=seller,
    )  # fmt: skip


@router.get("/find")
def find(
    context: InContext, visitor: Orders, kind: Literal["order", "mall_id", "account", "batch", "transaction"],
    q: Annotated[str, Query(max_length=80)],
) -> Response:  # fmt: skip
    """Leads to what was asked for. Raises ``NotFound`` for what is no number, or no transaction's hash."""
    written = q.strip()
    if kind == "mall_id":
        with context.database.read() as session:
            number = order_by_mall_id(session, written, visitor.id).number
        return RedirectResponse(f"/app/audit/records/orders/{number}", HTTPStatus.SEE_OTHER)
    if kind == "transaction" or written.startswith("0x"):
        with context.database.read() as session:
            found = mined(session, written.lower())
        if found is None:
            raise NotFound("no transaction of this hash has told anything of these contracts")
        return RedirectResponse(f"/app/audit/records/transactions/{found.hash}", HTTPStatus.SEE_OTHER)
    if not written.isdecimal() or not 0 < int(written) < 2**40:
        raise NotFound("give a number from 1 on, or a transaction's hash")
    folder = {"order": "orders", "account": "accounts", "batch": "batches"}[kind]
    return RedirectResponse(f"/app/audit/records/{folder}/{int(written)}", HTTPStatus.SEE_OTHER)


@router.get("/orders/{number}")
def order_page(request: Request, context: InContext, visitor: Orders, number: OrderPath) -> Response:
    """An order: terms, batch, delivery, each line with its formula, its life with each event."""
    with context.database.read() as session:
        found = records.order(session, number)
        events, calendar = [event_view(one) for one in found.events], calendar_of(session)
    return render(
        request, "records/order.html", whole=found, row=found.row, events=events, calendar=calendar,
        channel=CHANNELS[found.row.channel],
    )  # fmt: skip


@router.get("/batches/{first}")
def batch_page(request: Request, context: InContext, visitor: Orders, first: OrderPath) -> Response:
    """A batch: its orders, and the commitment made of them against the one on chain."""
    found = records.batch(context, first)
    with context.database.read() as session:
        calendar = calendar_of(session)
    return render(
        request, "records/batch.html", whole=found, row=found.row, calendar=calendar, channels=CHANNELS,
        agrees=found.commitment == found.on_chain,
    )  # fmt: skip


@router.get("/accounts/{participant}")
def account_page(
    request: Request, context: InContext, visitor: Accounts, participant: AccountPath, cursor: Cursor = None
) -> Response:
    """An account: what its entries come to, and every entry with its rule and transaction."""
    after = key_of(cursor, 2)
    with context.database.read() as session:
        rows = statements.entries(session, participant, after, ROWS + 1)
        shown, next_ = page_of(rows, ROWS, lambda row: (row[0].block_number, row[0].log_index))
        entries, calendar = [one for row in shown for one in statements.views(row)], calendar_of(session)
    values = {"entries": entries, "next": next_, "calendar": calendar, "number": participant}
    if is_part(request):
        return render(request, "records/entry_rows.html", **values)
    found = records.account(context.database, participant)
    return render(
        request, "records/account.html", **values, whole=found, row=found.row, name=name_of(participant)
    )


@router.get("/pools")
def pools_page(request: Request, context: InContext, visitor: Accounts) -> Response:
    """All months and years."""
    with context.database.read() as session:
        values = {
            "pools": {name: shares.epochs(session, name) for name in ("support", "dividend")},
            "calendar": calendar_of(session),
        }
    return render(request, "records/pools.html", **values)


@router.get("/pools/{pool}/{number}")
def pool_page(
    request: Request, context: InContext, visitor: Accounts, pool: Pool, number: EpochPath,
    cursor: Cursor = None,
) -> Response:  # fmt: skip
    """A month or year: what it holds, and each share with its formula."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        row = shares.epoch(session, pool, number)
        rows = shares.weights(session, pool, number, after, ROWS + 1)
        shown, next_ = page_of(rows, ROWS, lambda one: (one.agent,))
        calendar = calendar_of(session)
    return render(
        request, "records/pool.html", row=row, calendar=calendar, next=next_,
        shares=[(one, shares.share(row, one)) for one in shown],
    )  # fmt: skip


@router.get("/transactions/{hash_}")
def transaction_page(
    request: Request, context: InContext, visitor: Orders,
    hash_: Annotated[str, Path(pattern="^0x[0-9a-f]{64}$")],
) -> Response:  # fmt: skip
    """A transaction with all that it told."""
    with context.database.read() as session:
        found = mined(session, hash_)
        if found is None:
            raise NotFound(hash_)
        rows = orders.events_of_transaction(session, found)
        events, calendar = [event_view(one) for one in rows], calendar_of(session)
    return render(request, "records/transaction.html", found=found, events=events, calendar=calendar)
