"""Many orders in one body: a JSON array, or NDJSON with an order a line; each has its own result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from pydantic import ValidationError

from liandong.errors import LiandongError
from liandong.http.errors import BodyTooLarge, InvalidRequest, MalformedBody, UnsupportedMediaType
from liandong.http.language import title_of
from liandong.orders.schemas import BulkOutcome, ItemOutcome, NewOrder, OrderOutcome
from liandong.outbox.errors import OutboxError
from liandong.transactions.schemas import ORDER_KEY, Rejection, RequestView
from liandong.transactions.submission import Writer

MOST = 10_000
"""Orders in one body."""

NDJSON = "application/x-ndjson"


def read(content_type: str, body: bytes) -> list[NewOrder | OrderOutcome]:
    """The orders, or for each that is none its outcome. Raises what is wrong with the body as a whole."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == NDJSON:
        lines = [line for line in body.splitlines() if line.strip()]
        _limit(len(lines))
        return [_order(one) for one in _parsed(lines)]
    if kind != "application/json":
        raise UnsupportedMediaType(f"send application/json or {NDJSON}")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBody(str(error)) from error
    if not isinstance(found, list):
        raise InvalidRequest("the body must be an array of orders")
    _limit(len(found))
    return [_order(one) for one in found]


def record(writer: Writer, orders: list[NewOrder | OrderOutcome]) -> BulkOutcome:
    """Puts all orders into the outbox, and tells of each what became of it."""
    good = [one for one in orders if isinstance(one, NewOrder)]
    found = iter(writer.send_many([(ORDER_KEY + one.order_id, "order", one.outbox_body()) for one in good]))
    items = [one if isinstance(one, OrderOutcome) else outcome(one.order_id, next(found)) for one in orders]
    accepted = sum(one.accepted for one in items)
    return BulkOutcome(accepted=accepted, refused=len(items) - accepted, items=items)


def outcome(order_id: str | None, found: RequestView | OutboxError) -> OrderOutcome:
    """One order's outcome."""
    if isinstance(found, RequestView):
        return OrderOutcome(order_id=order_id, accepted=True, request=found)
    return OrderOutcome(order_id=order_id, accepted=False, error=refusal(found))


def item(
    found: RequestView | OutboxError, order: int | None = None, order_id: str | None = None
) -> ItemOutcome:
    """The outcome of one order of a list."""
    if isinstance(found, RequestView):
        return ItemOutcome(order=order, order_id=order_id, accepted=True, request=found)
    return ItemOutcome(order=order, order_id=order_id, accepted=False, error=refusal(found))


def refusal(error: OutboxError) -> Rejection:
    """An error as it stands in a list."""
    return refusal_named(type(error), str(error))


def refusal_named(error: type[LiandongError], detail: str) -> Rejection:
    """An error that was not raised, as it stands in a list."""
    return Rejection(code=error.__name__, title=title_of(error), detail=detail)


def _limit(count: int) -> None:
    if count > MOST:
        raise BodyTooLarge(f"at most {MOST} orders")
    if count == 0:
        raise InvalidRequest("there are no orders in it")


def _parsed(lines: list[bytes]) -> Iterator[Any]:
    for line in lines:
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            yield MalformedBody


def _order(given: Any) -> NewOrder | OrderOutcome:
    if given is MalformedBody:
        error = refusal_named(MalformedBody, "the line is not JSON")
        return OrderOutcome(order_id=None, accepted=False, error=error)
    try:
        return NewOrder.model_validate(given)
    except ValidationError as found:
        first = found.errors(include_url=False, include_input=False, include_context=False)[0]
        detail = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        refused = refusal_named(InvalidRequest, detail)
        name = given.get("order_id") if isinstance(given, dict) else None
        known = name if isinstance(name, str) and len(name) <= 120 else None
        return OrderOutcome(order_id=known, accepted=False, error=refused)
