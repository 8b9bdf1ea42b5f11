"""The terms of all recorded orders, as the contracts' events tell them (design: no slot an order).

Steps on an order pass its terms again, with a proof; this book keeps what that takes. It is built from
events alone, so that anybody can rebuild it from the chain's logs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from liandong.chain.abi import abi_of
from liandong.chain.batch_tree import BatchTree, commitment, leaf
from liandong.chain.deliveries import after, day_of
from liandong.chain.errors import ChainError
from liandong.chain.words import CAMPAIGN, CROSS_BORDER, REFUNDED_UNIT, RETAIL, STORE, TermsOnRecord

Log = Mapping[str, Any]
"""A log as JSON-RPC gives it."""


class EventsIncomplete(ChainError):
    """The events do not lead to the root that the contract told: some are missing or of another contract."""


def tree_over(first: int, words: Sequence[int]) -> BatchTree:
    """The tree over orders from ``first`` on, of two words each."""
    return BatchTree([leaf(first + i, words[2 * i], words[2 * i + 1]) for i in range(len(words) // 2)])


class Batch:
    """A recorded batch: two words an order, the tree over them, and a word for each day of deliveries."""

    def __init__(self, first: int, words: list[int], deliveries: list[int] | None = None) -> None:
        self.first = first
        self.words = words
        self.deliveries = deliveries or []

    @cached_property
    def tree(self) -> BatchTree:
        """The tree over its orders, made when it is first asked for."""
        return tree_over(self.first, self.words)

    @property
    def width(self) -> int:
        """How many orders it has."""
        return len(self.words) // 2

    @property
    def commitment(self) -> bytes:
        """What the contract stores of it."""
        return commitment(self.tree.root, self.width, self.deliveries)

    def words_of(self, order: int) -> tuple[int, int]:
        """The two words of one of its orders, as they are now."""
        at = 2 * (order - self.first)
        return self.words[at], self.words[at + 1]

    def refund(self, order: int, amount: int) -> None:
        """Adds to what was refunded of one of its orders; the root changes."""
        position = order - self.first
        self.words[2 * position + 1] += amount * REFUNDED_UNIT
        if "tree" in self.__dict__:
            self.tree.replace(position, leaf(order, *self.words_of(order)))

    def deliver(self, day: int, orders: int) -> None:
        """Adds deliveries: bit i is order ``first + i``. The list of the days before is left as it was."""
        self.deliveries = after(self.deliveries, day, orders)

    def delivered_on(self, order: int) -> int | None:
        """The day of delivery of one of its orders; None if it was not delivered."""
        return day_of(self.deliveries, order - self.first)


class OrderBook:
    """All batches; orders are numbered from 1 without gaps."""

    def __init__(self) -> None:
        self._batches: list[Batch] = []
        self._firsts: list[int] = []
        self._open: list[TermsOnRecord] = []

    @property
    def last(self) -> int:
        """The number of the last recorded order; 0 before the first."""
        return self._firsts[-1] + self._batches[-1].width - 1 if self._batches else 0

    def batch_of(self, order: int) -> Batch | None:
        """The batch that an order is in; None where there is no such order."""
        if not 1 <= order <= self.last:
            return None
        return self._batches[bisect_right(self._firsts, order) - 1]

    def terms(self, order: int) -> TermsOnRecord:
        """An order's terms as they are now. Raises ``LookupError``."""
        batch = self.batch_of(order)
        if batch is None:
            raise LookupError(f"no order {order} was recorded")
        return TermsOnRecord.from_words(*batch.words_of(order))

    def delivered_on(self, order: int) -> int | None:
        """The day of an order's delivery; None if it was not delivered."""
        batch = self.batch_of(order)
        return None if batch is None else batch.delivered_on(order)

    def take(self, logs: Iterable[Log]) -> None:
        """Takes in the settlement contract's logs, in their order; those not about orders are passed over.

        Raises :class:`EventsIncomplete`.
        """
        for log in logs:
            handler = _HANDLERS.get(log["topics"][0]) if log["topics"] else None
            if handler is not None:
                data = log["data"]
                handler(
                    self,
                    [int(topic, 16) for topic in log["topics"][1:]],
                    [int(data[at : at + 64], 16) for at in range(2, len(data), 64)],
                )

    def _retail(self, topics: list[int], data: list[int]) -> None:
        price, cost, fees, rate, leader, holder = data
        self._add(RETAIL, topics, price, cost, fees, rate, leader, partner=holder)

    def _campaign(self, topics: list[int], data: list[int]) -> None:
        price, cost, fees, rate, leader, host, campaign = data
        self._add(CAMPAIGN, topics, price, cost, fees, rate, leader, partner=host, campaign=campaign)

    def _store(self, topics: list[int], data: list[int]) -> None:
        price, cost, fees, rate, leader, store = data
        self._add(STORE, topics, price, cost, fees, rate, leader, partner=store)

    def _cross_border(self, topics: list[int], data: list[int]) -> None:
        price, cost, fees, duty, insurance, rate, leader = data
        self._add(CROSS_BORDER, topics, price, cost, fees, rate, leader, duty=duty, insurance=insurance)

    def _add(
        self, channel: int, topics: list[int], price: int, cost: int, fees: int, rate: int, leader: int,
        *, duty: int = 0, insurance: int = 0, partner: int = 0, campaign: int = 0,
    ) -> None:  # fmt: skip
        _, seller, supplier = topics
        # plan and day are told once for the whole batch, in the event that ends it
        self._open.append(
            TermsOnRecord(channel, price, cost, fees, duty, insurance, seller, supplier, partner, campaign,
                          leader, rate, plan=0, day=0)
        )  # fmt: skip

    def _batch(self, topics: list[int], data: list[int]) -> None:
        (first,) = topics
        count, plan, day, root = data
        if first != self.last + 1 or count != len(self._open):
            raise EventsIncomplete(
                f"{count} orders from {first} on were told to be a batch, "
                f"but {len(self._open)} orders from {self.last + 1} on were told"
            )
        words: list[int] = []
        for terms in self._open:
            amounts, parties = terms.words()
            words += (amounts, parties | plan << 224 | day << 240)
        self._open.clear()
        batch = Batch(first, words)
        if int.from_bytes(batch.tree.root) != root:
            raise EventsIncomplete(f"the orders told of batch {first} do not make its root")
        self._batches.append(batch)
        self._firsts.append(first)

    def _refunded(self, topics: list[int], data: list[int]) -> None:
        batch = self.batch_of(topics[0])
        if batch is None:
            raise EventsIncomplete(f"a refund of order {topics[0]} was told, but not the order")
        batch.refund(topics[0], data[0])

    def _deliver(self, topics: list[int], data: list[int]) -> None:
        first, day = topics
        batch = self.batch_of(first)
        if batch is None or batch.first != first:
            raise EventsIncomplete(f"deliveries of batch {first} were told, but not the batch")
        batch.deliver(day, data[0])


_HANDLERS = {
    "0x" + abi_of("ISettlementEvents").topic(event).hex(): handler
    for event, handler in {
        "RetailOrderRecorded": OrderBook._retail,
        "CampaignOrderRecorded": OrderBook._campaign,
        "StoreOrderRecorded": OrderBook._store,
        "CrossBorderOrderRecorded": OrderBook._cross_border,
        "BatchRecorded": OrderBook._batch,
        "OrderRefunded": OrderBook._refunded,
        "OrdersDelivered": OrderBook._deliver,
    }.items()
}
