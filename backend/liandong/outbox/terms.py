"""Orders' terms and deliveries from the mirror's rows, in the form that selections are made from."""

from __future__ import annotations

from functools import cached_property, lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from liandong.chain.batch_tree import BatchTree
from liandong.chain.deliveries import MAX_WIDTH, words_of
from liandong.chain.orders import Batch, tree_over
from liandong.chain.words import TermsOnRecord
from liandong.db.chain import MirrorCursor
from liandong.db.orders import SalesOrder

TREES_KEPT = 256
"""Trees of batches: each is asked for when its orders are delivered, and again when they settle."""

_TERMS = (
    SalesOrder.channel, SalesOrder.price, SalesOrder.cost, SalesOrder.fees, SalesOrder.duty,
    SalesOrder.insurance, SalesOrder.seller, SalesOrder.supplier, SalesOrder.partner, SalesOrder.campaign,
    SalesOrder.leader, SalesOrder.rate_bps, SalesOrder.plan, SalesOrder.day, SalesOrder.refunded,
)  # fmt: skip
"""In the order of the fields of :class:`TermsOnRecord`."""


_FIRST = select(SalesOrder.batch_first).where(SalesOrder.number == bindparam("order"))
_BATCH = (  # these are all of the batch, by the primary key
    select(SalesOrder.number, SalesOrder.delivered_on, *_TERMS)
    .where(
        SalesOrder.number >= bindparam("first"),
        SalesOrder.number < bindparam("first") + MAX_WIDTH,
        SalesOrder.batch_first == bindparam("first"),
    )
    .order_by(SalesOrder.number)
)
_BLOCK = select(MirrorCursor.block_number, MirrorCursor.block_hash)


class MirrorBatch(Batch):
    """A batch that stays as it was read."""

    @cached_property
    def tree(self) -> BatchTree:
        """The tree over its orders; made once for the same words."""
        return _tree(self.first, tuple(self.words))


@lru_cache(maxsize=TREES_KEPT)
def _tree(first: int, words: tuple[int, ...]) -> BatchTree:
    return tree_over(first, words)


class MirrorTerms:
    """Batches as they are at the mirror's block; each is read once for the session's life."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._block: tuple[int, str] | None = None
        self._batches: dict[int, Batch] = {}
        self._batch_of: dict[int, int] = {}

    @classmethod
    def after(cls, before: MirrorTerms | None, session: Session) -> MirrorTerms:
        """For a session's life, with what was read ``before`` if the mirror is at the same block still."""
        found = cls(session)
        row = session.execute(_BLOCK).one_or_none()
        found._block = None if row is None else (row.block_number, row.block_hash)
        if before is not None and found._block is not None and before._block == found._block:
            found._batches, found._batch_of = before._batches, before._batch_of
        return found

    def batch_of(self, order: int) -> Batch | None:
        """The batch that an order is in; None where the mirror has no such order."""
        if order not in self._batch_of:
            first = self._session.scalar(_FIRST, {"order": order})
            if first is None:
                return None
            self._read(first)
        return self._batches[self._batch_of[order]]

    def _read(self, first: int) -> None:
        words: list[int] = []
        days: list[tuple[int, int | None]] = []
        for number, delivered_on, *terms in self._session.execute(_BATCH, {"first": first}):
            words += TermsOnRecord(*terms).words()
            days.append((number - first, delivered_on))
            self._batch_of[number] = first
        self._batches[first] = MirrorBatch(first, words, words_of(days))
