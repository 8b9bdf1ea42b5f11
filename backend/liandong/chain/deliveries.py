"""The deliveries of a batch, one word a day (contracts/pure/Deliveries.sol).

The day stands in the upper 16 bits, below it bit i is the batch's order ``first + i``. Days ascend, and no
order is in two words, so that the days of its orders' deliveries tell a batch's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

MAX_WIDTH = 240
"""Orders in a batch at most, so that a day fits beside them."""


def members(first: int, orders: int) -> Iterator[int]:
    """The order numbers in a bitmap over a batch, ascending."""
    while orders:
        lowest = orders & -orders
        yield first + lowest.bit_length() - 1
        orders ^= lowest


def after(deliveries: Sequence[int], day: int, orders: int) -> list[int]:
    """All words, once more orders were delivered on a day that is not before the last one."""
    word = day << MAX_WIDTH | orders
    if deliveries and deliveries[-1] >> MAX_WIDTH == day:
        return [*deliveries[:-1], deliveries[-1] | word]
    return [*deliveries, word]


def words_of(days: Iterable[tuple[int, int | None]]) -> list[int]:
    """The words of a batch by its orders' positions and days of delivery, None for not delivered."""
    words: dict[int, int] = {}
    for position, day in days:
        if day is not None:
            words[day] = words.get(day, day << MAX_WIDTH) | 1 << position
    return [words[day] for day in sorted(words)]


def day_of(deliveries: Iterable[int], position: int) -> int | None:
    """The day on which the order at a position was delivered; None if it was not."""
    return next((word >> MAX_WIDTH for word in deliveries if word >> position & 1), None)
