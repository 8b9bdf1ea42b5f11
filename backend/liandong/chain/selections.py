"""From order numbers, in the order given, to what the contracts take: selections and deliveries.

A call for many has the same effect as single calls in its order (rules § 6.6). Both forms list orders in
ascending runs, so whatever is not ascending, or not of the same batch, begins a new entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from liandong.chain.deliveries import after
from liandong.chain.orders import Batch

Selection = tuple[int, int, list[int], int, list[int], list[bytes]]
"""first, width, deliveries of the batch, members (bitmap), words (two a member), proof: as the ABI has it."""

ProvedOrder = tuple[tuple[int, int, int, int, int], list[int], list[bytes]]
"""One order (first, width, position, its two words), deliveries of its batch, proof: as the ABI has them."""

Delivery = tuple[int, int, int, bytes, list[int]]
"""first, width, members (bitmap), root, deliveries of the batch so far: as the ABI has it."""


class TermsSource(Protocol):
    """Where terms and deliveries are known from: an order book in memory, or a mirror's rows."""

    def batch_of(self, order: int) -> Batch | None:
        """The batch that an order is in; None where there is no such order. The same object for a batch."""


def selections(book: TermsSource, orders: Iterable[int]) -> list[Selection]:
    """Selections of these orders. One that nobody recorded is passed alone, for the contract to refuse."""
    return [
        (run[0], 1, [], 1, [0, 0], []) if batch is None else _selection(batch, run)
        for batch, run in _runs(book, orders)
    ]


def proved(book: TermsSource, order: int) -> ProvedOrder:
    """One order, for the steps that take one. What nobody recorded is passed, for the contract to refuse."""
    batch = book.batch_of(order)
    if batch is None:
        return (max(order, 0), 1, 0, 0, 0), [], []
    position = order - batch.first
    amounts, parties = batch.words_of(order)
    proof = batch.tree.proof((position,))
    return (batch.first, batch.width, position, amounts, parties), batch.deliveries, proof


def deliveries(book: TermsSource, orders: Iterable[int], today: Callable[[], int]) -> list[Delivery]:
    """Deliveries of these orders; one that nobody recorded is passed alone, for the contract to refuse.

    A batch that comes again has the state after its entry before. ``today`` is asked only then: the day of
    the block in which they are delivered.
    """
    found: list[Delivery] = []
    so_far: dict[int, list[int]] = {}
    entries: dict[int, int] = {}
    for batch, run in _runs(book, orders):
        if batch is None:
            found.append((run[0], 1, 1, bytes(32), []))
            continue
        first = batch.first
        words = so_far.get(first, batch.deliveries)
        if first in entries:
            words = so_far[first] = after(words, today(), entries[first])
        entries[first] = bits = _bits(batch, run)
        found.append((first, batch.width, bits, batch.tree.root, words))
    return found


def _runs(book: TermsSource, orders: Iterable[int]) -> Iterator[tuple[Batch | None, list[int]]]:
    """Ascending runs of orders of one batch. An order of none is alone; below 0 it is 0, refused alike."""
    run: list[int] = []
    batch: Batch | None = None
    for order in orders:
        its_batch = book.batch_of(order)
        if run and (its_batch is not batch or order <= run[-1]):
            yield batch, run
            run = []
        if its_batch is None:
            yield None, [max(order, 0)]
            continue
        batch = its_batch
        run.append(order)
    if run:
        yield batch, run


def _bits(batch: Batch, run: Iterable[int]) -> int:
    return sum(1 << (order - batch.first) for order in run)


def _selection(batch: Batch, run: list[int]) -> Selection:
    words = [word for order in run for word in batch.words_of(order)]
    proof = batch.tree.proof(order - batch.first for order in run)
    return batch.first, batch.width, batch.deliveries, _bits(batch, run), words, proof
