"""``/app/payouts``: the list, one payout, and what its proof takes."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse
from sqlmodel import Session

from liandong.chain.words import CHANNELS
from liandong.http.calendar import calendar_of
from liandong.http.context import Context, InContext
from liandong.http.errors import NotFound
from liandong.http.pages import Cursor, key_of, page_of
from liandong.orders import repository as orders
from liandong.orders import service
from liandong.orders.repository import EventRow
from liandong.pages.payouts import formula
from liandong.pages.rendering import is_part, render
from liandong.pages.session import Own
from liandong.pages.sign_in.pages import chain_for_wallets
from liandong.payouts import earnings, statements
from liandong.plans.repository import plan_of
from liandong.pools import repository as pools

router = APIRouter()

ROWS = 30
Block = Annotated[int, Path(ge=0, lt=2**63)]
LogIndex = Annotated[int, Path(ge=0, lt=2**31)]


@router.get("/payouts")
def list_page(request: Request, context: InContext, me: Own, cursor: Cursor = None) -> Response:
    """The newest first; htmx asks for the rows that follow."""
    after = key_of(cursor, 2)
    with context.database.read() as session:
        calendar = calendar_of(session)
        rows = statements.entries(session, me, after, ROWS + 1)
        shown, next_ = page_of(rows, ROWS, lambda row: (row[0].block_number, row[0].log_index))
        entries = [view for row in shown for view in statements.views(row)]
    template = "payouts/rows.html" if is_part(request) else "payouts/list.html"
    return render(request, template, entries=entries, next=next_, calendar=calendar)


@router.get("/payouts.csv")
def statement(context: InContext, me: Own) -> Response:
    """The whole statement, oldest first."""
    return StreamingResponse(
        statements.csv_lines(statements.every(context.database, me)), media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="statement-{me}.csv"'},
    )  # fmt: skip


@router.get("/payouts/{block}/{log_index}")
def payout_page(request: Request, context: InContext, me: Own, block: Block, log_index: LogIndex) -> Response:
    """One entry: its order, the formula with the numbers filled in, and the way to prove it."""
    with context.database.read() as session:
        row = _row(session, me, block, log_index)
        event, transaction, at = row
        order = orders.get(session, event.order_number) if _is_of_order(row) else None
        steps = _steps(session, row, me)
        values: dict[str, Any] = {
            "calendar": calendar_of(session), "entries": list(statements.views(row)), "at": at,
            "event": event, "transaction": transaction, "order": order, "steps": steps,
            "channel": CHANNELS[order.channel] if order else None,
        }  # fmt: skip
    agrees = bool(steps) and steps[-1].result == event.amount
    return render(
        request, "payouts/payout.html", **values, agrees=agrees, me=me, chain=chain_for_wallets(context),
        provable=event.name in statements.LINES, settlement=context.deployment.settlement,
    )  # fmt: skip


@router.get("/payouts/{block}/{log_index}/proof")
def proof(context: InContext, me: Own, block: Block, log_index: LogIndex) -> dict[str, Any]:
    """What the browser needs to prove a payment: nothing in it has to be believed."""
    with context.database.read() as session:
        row = _row(session, me, block, log_index)
        event, transaction, _ = row
        if event.name not in statements.LINES:
            raise NotFound("only the lines of orders are proved by a path")
        return _proof(context, session, row) | {
            "event": event.name, "line": statements.LINES[event.name], "amount": event.amount,
            "account": me, "transaction": transaction, "log_index": log_index,
        }  # fmt: skip


def _proof(context: Context, session: Session, row: EventRow) -> dict[str, Any]:
    event = row[0]
    assert event.order_number is not None
    found = service.proof(session, event.order_number, context.deployment).document()
    refunds = earnings.refunds_before(session, event.order_number, event.block_number, event.log_index)
    net = found["terms"]["price"] - sum(refunds)
    return {"proof": found, "net": net, "lens": context.deployment.lens}


def _row(session: Session, me: int, block: int, log_index: int) -> EventRow:
    row = earnings.entry(session, me, block, log_index)
    if row is None:
        raise NotFound(f"payout {block}/{log_index}")
    return row


def _is_of_order(row: EventRow) -> bool:
    return row[0].order_number is not None and row[0].name in (
        *statements.LINES, "PaymentTakenBack", "PaymentAdded", "InsurancePaid",
    )  # fmt: skip


def _steps(session: Session, row: EventRow, me: int) -> list[formula.Step]:
    """The formula of an entry; none for what has none, like a withdrawal."""
    event = row[0]
    if event.name in ("SupportClaimed", "DividendClaimed"):
        return _claim_steps(session, row)
    if not _is_of_order(row) or event.name == "InsurancePaid" or event.order_number is None:
        return []
    order = orders.get(session, event.order_number)
    terms, plan = orders.terms(order), plan_of(session, order.plan)
    refunds = earnings.refunds_before(session, order.number, event.block_number, event.log_index)
    if event.name in statements.LINES:
        return formula.of_line(terms, plan, sum(refunds), statements.LINES[event.name])
    if event.name == "PaymentTakenBack":
        refunds = earnings.refunds_with(session, order.number, event.block_number, event.log_index)
        return formula.of_refund(terms, plan, refunds, me, event.amount or 0)
    return []


def _claim_steps(session: Session, row: EventRow) -> list[formula.Step]:
    event = row[0]
    detail = json.loads(event.detail or "{}")
    pool = "support" if event.name == "SupportClaimed" else "dividend"
    epoch = pools.epoch(session, pool, detail["month" if pool == "support" else "year"])
    weight = int(detail["weight"])
    if epoch is None:
        return []
    if pool == "support":
        return formula.of_claim(epoch.gathered, weight, epoch.weight, weight, "most_weight")
    most = epoch.gathered * epoch.cap_bps // 10_000
    return formula.of_claim(epoch.gathered, weight, epoch.weight, most, "most_share")
