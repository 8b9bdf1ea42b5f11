"""Orders (``/v1/orders``): quotes, recording, reading, proofs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from liandong.access.guard import Caller, caller_of
from liandong.access.operations import Operations
from liandong.errors import (
    AgentFrozen,
    AmountTooLarge,
    CampaignClosed,
    InsufficientTreasury,
    InvalidPrice,
    NotCertified,
    PriceBelowCost,
    UnknownCampaign,
    UnknownOrder,
    UnknownParticipant,
    WrongChannel,
    WrongKind,
)
from liandong.http.context import InContext, context_of
from liandong.http.errors import BodyTooLarge, Forbidden, InvalidCursor, MalformedBody, UnsupportedMediaType
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.orders import bulk, quotes, repository, service
from liandong.orders.schemas import (
    BulkOutcome,
    MallId,
    NewOrder,
    OrderHistory,
    OrderPath,
    OrderRow,
    OrderView,
    QuoteView,
    Sale,
    State,
)
from liandong.transactions.schemas import ORDER_KEY, RequestView
from liandong.transactions.submission import WRITE, Writes, write_refusals

router = Operations(prefix="/v1", tags=["orders"])

RECORDING = (
    InvalidPrice, AmountTooLarge, UnknownParticipant, WrongKind, AgentFrozen, UnknownCampaign, CampaignClosed,
    NotCertified, WrongChannel, PriceBelowCost, InsufficientTreasury,
)  # fmt: skip
"""What the rules can say to an order, in their order (rules § 4)."""

_BULK_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "array", "minItems": 1, "maxItems": bulk.MOST,
                           "items": {"$ref": "#/components/schemas/NewOrder"}},
            },
            bulk.NDJSON: {"schema": {"type": "string", "description": "One order a line."}},
        },
    }
}  # fmt: skip


async def _raw_body(request: Request) -> bytes:
    return await request.body()


RawBody = Annotated[bytes, Depends(_raw_body)]


@router.post("/quotes", operation_id="quote", responses=refusals(*RECORDING))
def quote(sale: Sale, context: InContext, caller: Caller) -> QuoteView:
    """What an order would pay, to whom and by which line, were it recorded now. Nothing is written."""
    if caller.is_agent and (caller.participant is None or sale.seller != caller.participant):
        raise Forbidden("a wallet can have quotes of its own sales only")
    with context.database.read() as session:
        return quotes.quote(session, sale)


@router.post("/orders", operation_id="record_order", responses=write_refusals(*RECORDING), **WRITE)
def record_order(order: NewOrder, writes: Writes) -> RequestView:
    """Record one order. Its `order_id` is the idempotency key, and the header is not needed."""
    return writes.send("order", order.outbox_body(), ORDER_KEY + order.order_id)


@router.post(
    "/orders/bulk", operation_id="record_orders", openapi_extra=_BULK_BODY, response_model=BulkOutcome,
    responses=refusals(MalformedBody, UnsupportedMediaType, BodyTooLarge),
)  # fmt: skip
def record_orders(request: Request, body: RawBody, writes: Writes) -> Any:
    """Record up to 10 000 orders; each has its own result. NDJSON is answered in NDJSON, a result a line.

    Each order's `order_id` is its idempotency key: what was sent before is answered as before.
    """
    content_type = request.headers.get("content-type", "")
    found = bulk.record(writes, bulk.read(content_type, body))
    if content_type.startswith(bulk.NDJSON):
        lines = "".join(one.model_dump_json(exclude_none=True) + "\n" for one in found.items)
        return Response(lines, media_type=bulk.NDJSON)
    return found


@router.get("/orders", operation_id="list_orders", responses=refusals(InvalidCursor))
def list_orders(
    context: InContext, state: State | None = None,
    seller: Annotated[int | None, Query(ge=1, lt=2**32)] = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> Page[OrderRow]:  # fmt: skip
    """Orders in the order of their numbers."""
    (after,) = key_of(cursor) or (0,)
    with context.database.read() as session:
        rows = repository.page(session, state=state, seller=seller, after=after, rows=limit + 1)
        shown, next_ = page_of(rows, limit, lambda row: (row.number,))
        return Page(items=[OrderRow.of(row) for row in shown], next=next_)


@router.get(
    "/orders/by-mall-id/{order_id}", operation_id="get_order_by_mall_id", responses=refusals(UnknownOrder)
)
def get_order_by_mall_id(order_id: MallId, context: InContext, caller: Caller) -> OrderView:
    """The order that the caller recorded under this id of its own."""
    with context.database.read() as session:
        return service.order_by_mall_id(session, order_id, caller.id)


@router.get("/orders/{order}", operation_id="get_order", responses=refusals(UnknownOrder))
def get_order(order: OrderPath, request: Request) -> OrderView:
    """An order as it is now, with every line of its split."""
    with context_of(request).database.look() as reader:
        return service.order(reader, order, caller_of(request).id)


@router.get("/orders/{order}/history", operation_id="get_order_history", responses=refusals(UnknownOrder))
def get_order_history(order: OrderPath, request: Request) -> OrderHistory:
    """An order's whole life: the caller's requests, and the chain's events with their transactions."""
    context, caller = context_of(request), caller_of(request)
    with context.database.look() as reader:
        return service.history(reader, order, caller.id, context.explorer, with_requests=not caller.is_agent)


@router.get("/orders/{order}/proof", operation_id="get_order_proof", responses=refusals(UnknownOrder))
def get_order_proof(order: OrderPath, context: InContext) -> dict[str, Any]:
    """The order's terms, its path in the batch's tree, and its batch with all deliveries.

    `liandong verify-proof` checks them.
    """
    with context.database.read() as session:
        return service.proof(session, order, context.deployment).document()
