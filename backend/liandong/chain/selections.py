"""From order numbers, in the order given, to what the contracts take: selections and pages.

A call for many has the same effect as single calls in its order (rules § 6.6). Both forms list orders in
ascending runs, so whatever is not ascending, or not of the same batch or page, begins a new entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from liandong.chain.orders import Batch

Selection = tuple[int, int, int, int, list[int], list[bytes]]
"""first, width, members (bitmap), day of delivery, words (two a member), proof: as the ABI has it."""

Page = tuple[int, int]
"""index, orders (bitmap): as the ABI has it."""


class TermsSource(Protocol):
    """Where terms and days of delivery are known from: an order book in memory, or a mirror's rows."""

    def batch_of(self, order: int) -> Batch | None:
        """The batch that an order is in; None where there is no such order. The same object for a batch."""

    def delivered_on(self, order: int) -> int | None:
        """The day of an order's delivery; None if it was not delivered."""


def selections(book: TermsSource, orders: Iterable[int]) -> list[Selection]:
    """Selections of these orders. One that nobody recorded is passed alone, for the contract to refuse."""
    found: list[Selection] = []
    run: list[int] = []
    batch: Batch | None = None
    day = -1
    for order in orders:
        its_batch = book.batch_of(order)
        its_day = book.delivered_on(order) or 0
        if run and (its_batch is not batch or its_day != day or order <= run[-1]):
            found.append(_selection(batch, run, day))
            run = []
        if its_batch is None:
            found.append((max(order, 0), 1, 1, 0, [0, 0], []))
            continue
        batch, day = its_batch, its_day
        run.append(order)
    if run:
        found.append(_selection(batch, run, day))
    return found


def selection(book: TermsSource, order: int) -> Selection:
    """The selection of one order."""
    return selections(book, (order,))[0]


def pages(orders: Iterable[int]) -> list[Page]:
    """Pages of these orders, for delivery; a number below 0 is passed as 0, which is refused alike."""
    found: list[Page] = []
    last = -1
    for order in orders:
        order = max(order, 0)
        index, bit = order >> 8, 1 << (order & 255)
        if found and found[-1][0] == index and order > last:
            found[-1] = (index, found[-1][1] | bit)
        else:
            found.append((index, bit))
        last = order
    return found


def _selection(batch: Batch | None, run: list[int], day: int) -> Selection:
    assert batch is not None
    members = 0
    words: list[int] = []
    for order in run:
        members |= 1 << (order - batch.first)
        words += batch.words_of(order)
    proof = batch.tree.proof(order - batch.first for order in run)
    return batch.first, batch.width, members, day, words, proof
