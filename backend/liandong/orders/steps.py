"""What happens to orders (``/v1/orders/{order}/…``, ``/v1/deliveries``, …): each is a write to the outbox."""

from __future__ import annotations

from liandong.access.operations import Operations
from liandong.errors import (
    AlreadyClaimed,
    AlreadyDelivered,
    AlreadySettled,
    CampaignClosed,
    CampaignFailed,
    CampaignPending,
    InsufficientBalance,
    LossExceedsDuty,
    NotDelivered,
    NotHeld,
    NotInsured,
    NotSettled,
    NotVoidable,
    OrderClosed,
    OrderHeld,
    RefundExceedsPrice,
    RefundTooLate,
    ReturnWindowOpen,
    UnknownOrder,
    WrongChannel,
)
from liandong.http.errors import InvalidRequest
from liandong.http.problems import refusals
from liandong.orders import bulk
from liandong.orders.schemas import (
    Compensation,
    ItemOutcome,
    ListOutcome,
    Loss,
    OrderList,
    OrderPath,
    Refund,
    Settlement,
)
from liandong.outbox import requests
from liandong.participants.schemas import Reason
from liandong.transactions.schemas import ORDER_KEY, RequestView
from liandong.transactions.submission import WRITE, Writer, Writes, write_refusals

router = Operations(prefix="/v1", tags=["an order's life"])


@router.post(
    "/deliveries", operation_id="deliver", responses=refusals(UnknownOrder, OrderClosed, AlreadyDelivered)
)
def deliver(body: OrderList, writes: Writes) -> ListOutcome:
    """Put on record that orders were delivered, today; each has its own result."""
    return _each(writes, "deliver", body)


@router.post(
    "/settlements", operation_id="settle", **WRITE,
    responses=write_refusals(
        UnknownOrder, OrderClosed, OrderHeld, CampaignPending, CampaignFailed, NotDelivered, ReturnWindowOpen
    ),
)  # fmt: skip
def settle(body: Settlement, writes: Writes) -> RequestView:
    """Settle orders now, rather than on the schedule; `result` tells of those that could not be."""
    return writes.send("settle", {"orders": body.orders})


@router.post(
    "/voids", operation_id="void",
    responses=refusals(UnknownOrder, OrderClosed, AlreadyDelivered, NotVoidable),
)  # fmt: skip
def void(body: OrderList, writes: Writes) -> ListOutcome:
    """Give orders up: their escrow goes back to the treasury; each has its own result."""
    return _each(writes, "void", body)


@router.post(
    "/orders/{order}/balance", operation_id="pay_balance", **WRITE,
    responses=write_refusals(UnknownOrder, OrderClosed, WrongChannel, CampaignClosed),
)  # fmt: skip
def pay_balance(order: OrderPath, writes: Writes) -> RequestView:
    """The balance of a presale order was paid."""
    return writes.send("pay_balance", {"order": order})


@router.post(
    "/orders/{order}/refunds", operation_id="refund", **WRITE,
    responses=write_refusals(UnknownOrder, OrderClosed, RefundExceedsPrice, RefundTooLate),
)  # fmt: skip
def refund(order: OrderPath, body: Refund, writes: Writes) -> RequestView:
    """Refund a part of an order's price, or what is left of it; before or after it settled."""
    return writes.send("refund", {"order": order, **body.model_dump()})


@router.post(
    "/orders/{order}/hold", operation_id="hold", **WRITE,
    responses=write_refusals(UnknownOrder, AlreadySettled, OrderClosed),
)  # fmt: skip
def hold(order: OrderPath, body: Reason, writes: Writes) -> RequestView:
    """Hold an order: it cannot settle before sixty days after its first hold."""
    return writes.send("hold", {"order": order, "reason": body.reason})


@router.post(
    "/orders/{order}/release",
    operation_id="release",
    responses=write_refusals(UnknownOrder, NotHeld),
    **WRITE,
)
def release(order: OrderPath, writes: Writes) -> RequestView:
    """End a hold."""
    return writes.send("release", {"order": order})


@router.post(
    "/orders/{order}/compensations", operation_id="compensate", **WRITE,
    responses=write_refusals(UnknownOrder, RefundExceedsPrice, InsufficientBalance),
)  # fmt: skip
def compensate(order: OrderPath, body: Compensation, writes: Writes) -> RequestView:
    """The protection account pays the treasury for a buyer's refund."""
    return writes.send("compensate", {"order": order, "amount": body.amount})


@router.post(
    "/orders/{order}/insurance-claims", operation_id="claim_insurance", **WRITE,
    responses=write_refusals(
        UnknownOrder, WrongChannel, NotSettled, AlreadyClaimed, NotInsured, LossExceedsDuty,
        InsufficientBalance,
    ),
)  # fmt: skip
def claim_insurance(order: OrderPath, body: Loss, writes: Writes) -> RequestView:
    """The insurance pays its part of a cross-border order's duty loss to the seller."""
    return writes.send("insurance_claim", {"order": order, "loss": body.loss})


def _each(writes: Writer, kind: str, body: OrderList) -> ListOutcome:
    """One write an order, under the caller's key and the order's name."""
    key = writes.required_key()
    if not body.orders and not body.order_ids:
        raise InvalidRequest("orders or order_ids: name at least one order")
    outcomes: list[ItemOutcome] = []
    items: list[requests.Item] = [(f"{key}:{order}", kind, {"order": order}) for order in body.orders]
    with writes.context.database.read() as session:
        keys = [ORDER_KEY + id_ for id_ in body.order_ids]
        recorders = requests.numbers_of(session, writes.caller.id, keys)
    for id_ in body.order_ids:
        recorder = recorders.get(ORDER_KEY + id_)
        if recorder is not None:
            items.append((f"{key}:{ORDER_KEY}{id_}", kind, {"order_request": recorder}))
    found = iter(writes.send_many(items))
    outcomes += [bulk.item(next(found), order=order) for order in body.orders]
    for id_ in body.order_ids:
        if ORDER_KEY + id_ not in recorders:
            error = bulk.refusal_named(UnknownOrder, id_)
            outcomes.append(ItemOutcome(order_id=id_, accepted=False, error=error))
        else:
            outcomes.append(bulk.item(next(found), order_id=id_))
    return ListOutcome(items=outcomes)
