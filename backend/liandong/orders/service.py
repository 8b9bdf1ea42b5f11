"""An order whole: as it is now, its life, its proof."""

from __future__ import annotations

import json

from sqlmodel import Session

from liandong.chain.deployment import Deployment
from liandong.chain.order_proof import OrderProof, proof_of
from liandong.db.session import Reader
from liandong.errors import UnknownOrder
from liandong.http.explorer import NO_EXPLORER, Explorer
from liandong.orders import repository
from liandong.orders.lines import lines_of, terms_view
from liandong.orders.schemas import EventView, OrderHistory, OrderView
from liandong.outbox import requests
from liandong.plans.repository import parsed
from liandong.transactions.schemas import ORDER_KEY, RequestView, mall_id


def order(reader: Reader, number: int, caller: str) -> OrderView:
    """An order as it is now; its mall id only for the caller that gave it."""
    return _view(reader, number, caller)


def order_by_mall_id(session: Session, order_id: str, caller: str) -> OrderView:
    """The order that a caller recorded under this id. Raises ``UnknownOrder``."""
    request = requests.find(session, caller, ORDER_KEY + order_id)
    if request is None or request.order_number is None or request.state not in ("mined", "final"):
        raise UnknownOrder(f"{order_id}: not recorded, or not yet")
    return _view(session, request.order_number, caller)


def history(
    reader: Reader, number: int, caller: str, explorer: Explorer, *, with_requests: bool
) -> OrderHistory:
    """All that happened to an order."""
    # requests first: what one of them says was mined is among the events, if these are asked for later
    own = repository.requests_about(reader, number, caller) if with_requests else []
    state, events = repository.life(reader, number)
    return OrderHistory(
        number=number, state=state,
        requests=[RequestView.of(one, one.transaction_hash, explorer) for one in own],
        events=[event_view(one, explorer) for one in events],
    )  # fmt: skip


def proof(session: Session, number: int, deployment: Deployment) -> OrderProof:
    """What proves an order's terms to whoever has a node."""
    batch = repository.batch(session, repository.get(session, number).batch_first)
    return proof_of(batch, number, deployment.chain_id, deployment.settlement)


def event_view(row: repository.EventRow, explorer: Explorer = NO_EXPLORER) -> EventView:
    """An event as it is shown."""
    event, transaction, at = row
    return EventView(
        event=event.name, block=event.block_number, log_index=event.log_index, at=at, transaction=transaction,
        explorer=explorer.transaction(transaction), order=event.order_number, account=event.account,
        amount=event.amount,
        detail=json.loads(event.detail) if event.detail else None,
    )  # fmt: skip


def _view(reader: Reader, number: int, caller: str) -> OrderView:
    row = repository.whole(reader, number)
    plan = parsed(row.parameters)
    terms = repository.terms(row)
    return OrderView(
        number=row.number, state=row.state, terms=terms_view(terms), refunded=row.refunded,
        order_id=mall_id(row.key) if row.key is not None and row.caller == caller else None,
        lines=lines_of(terms, plan) if row.state in ("recorded", "settled") else [],
        delivered_on=row.delivered_on, settled_on=row.settled_on, held=row.held,
        settles_from=None if row.delivered_on is None else row.delivered_on + plan.return_days + 1,
        balance_paid=row.balance_paid, compensated=row.compensated,
        insurance_claimed=row.insurance_claimed,
    )  # fmt: skip
