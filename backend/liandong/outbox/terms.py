"""Orders' terms and deliveries from the mirror's rows, in the form that selections are made from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from liandong.chain.deliveries import MAX_WIDTH, words_of
from liandong.chain.orders import Batch
from liandong.chain.words import TermsOnRecord
from liandong.db.orders import SalesOrder

_TERMS = (
    SalesOrder.channel, SalesOrder.price, SalesOrder.cost, SalesOrder.fees, SalesOrder.duty,
    SalesOrder.insurance, SalesOrder.seller, SalesOrder.supplier, SalesOrder.partner, SalesOrder.campaign,
    SalesOrder.leader, SalesOrder.rate_bps, SalesOrder.plan, SalesOrder.day, SalesOrder.refunded,
)  # fmt: skip
"""In the order of the fields of :class:`TermsOnRecord`."""


class MirrorTerms:
    """Batches as they are at the mirror's block; each is read once for the session's life."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._batches: dict[int, Batch] = {}
        self._batch_of: dict[int, int] = {}

    def batch_of(self, order: int) -> Batch | None:
        """The batch that an order is in; None where the mirror has no such order."""
        if order not in self._batch_of:
            first = self._session.scalar(select(SalesOrder.batch_first).where(SalesOrder.number == order))
            if first is None:
                return None
            self._read(first)
        return self._batches[self._batch_of[order]]

    def _read(self, first: int) -> None:
        # these are all of the batch, by the primary key
        query = (
            select(SalesOrder.number, SalesOrder.delivered_on, *_TERMS)
            .where(
                SalesOrder.number >= first,
                SalesOrder.number < first + MAX_WIDTH,
                SalesOrder.batch_first == first,
            )
            .order_by(SalesOrder.number)
        )
        words: list[int] = []
        days: list[tuple[int, int | None]] = []
        for number, delivered_on, *terms in self._session.execute(query):
            words += TermsOnRecord(*terms).words()
            days.append((number - first, delivered_on))
            self._batch_of[number] = first
        self._batches[first] = Batch(first, words, words_of(days))
