"""Events that name many orders at once: by a first one and a bitmap, or by a count."""

from __future__ import annotations

import json
from collections.abc import Iterator

from liandong.db.chain import ChainEvent

OF_MANY = ("BatchRecorded", "OrdersDelivered", "OrdersSettled")
"""Their rows have the first order of the batch that they are about as ``order_number``."""


def orders_of(event: ChainEvent) -> Iterator[int]:
    """The orders that such an event is about."""
    first, detail = event.order_number or 0, json.loads(event.detail or "{}")
    if event.name == "BatchRecorded":
        yield from range(first, first + detail["count"])
        return
    bits = detail["orders"]
    bits = int(bits, 16) if isinstance(bits, str) else bits
    while bits:
        lowest = bits & -bits
        yield first + lowest.bit_length() - 1
        bits ^= lowest
