"""The book of terms: rebuilt from events alone."""

from __future__ import annotations

import pytest
from market import DAY, Market

from liandong.chain.local import local_signer
from liandong.chain.node import NodeClock
from liandong.chain.orders import EventsIncomplete, OrderBook
from liandong.chain.words import CAMPAIGN, CROSS_BORDER, RETAIL, STORE, OrderInput


def _logs(market: Market) -> list[dict[str, object]]:
    query = {"address": market.client.deployment.settlement, "fromBlock": "0x0", "toBlock": "latest"}
    return market.client.sender.client.call("eth_getLogs", query)


def _live(market: Market) -> None:
    """Orders of all channels, delivered, refunded, some of it in another batch."""
    client = market.client
    store, _ = client.register_store(local_signer("wallet of a store").address)
    client.certify(market.amy)
    client.open_presale(4, 9)
    sale = {"seller": market.amy, "cost": 4000, "fees": 60}
    client.record_orders(
        [
            OrderInput(RETAIL, 10_000, market.supplier, **sale, region=310000),
            OrderInput(CAMPAIGN, 12_345, market.supplier, **sale, partner=market.boss, campaign=4),
            OrderInput(STORE, 9_999, market.supplier, partner=store),
            OrderInput(CROSS_BORDER, 50_000, market.supplier, **sale, duty=700, insurance=80),
        ]
    )
    market.sell(3)
    client.deliver([1, 3, 4, 6])
    NodeClock(client.sender.client).set(NodeClock(client.sender.client).now() + 8 * DAY)
    client.deliver([5])
    client.refund(1, 77)
    client.settle([4])
    client.refund(4, 1_000)
    client.refund(4, 1_000)


def test_a_book_made_from_all_logs_is_the_one_that_followed(market: Market) -> None:
    _live(market)
    rebuilt = OrderBook()
    rebuilt.take(_logs(market))
    followed = market.client.book
    assert rebuilt.last == followed.last == 7
    for order in range(1, 8):
        assert rebuilt.terms(order) == followed.terms(order)
        assert rebuilt.delivered_on(order) == followed.delivered_on(order)
    assert [rebuilt.delivered_on(order) for order in range(1, 8)] == [0, None, 0, 0, 8, 0, None]
    assert rebuilt.terms(4).refunded == 2_000
    for first in (1, 5):
        batch = rebuilt.batch_of(first)
        assert batch is not None and market.client.read("batch", first) == batch.commitment
    # and the terms in it are those that the contract knows
    market.client.book = rebuilt
    market.client.settle([6, 3, 1])


def test_terms_are_fixed_as_the_rules_say(market: Market) -> None:
    _live(market)
    book = market.client.book
    retail, campaign, store, abroad = (book.terms(order) for order in range(1, 5))
    assert (retail.leader, retail.partner, retail.rate_bps, retail.refunded) == (market.boss, 0, 2000, 77)
    assert (campaign.partner, campaign.campaign) == (market.boss, 4)
    assert (store.seller, store.leader) == (0, 0)
    assert (abroad.duty, abroad.insurance, abroad.plan, abroad.day) == (700, 80, 1, 0)


def test_logs_with_a_gap_are_refused(market: Market) -> None:
    market.sell(2)
    market.sell(2)
    logs = [log for log in _logs(market) if len(log["topics"]) > 1]  # type: ignore[arg-type]
    with pytest.raises(EventsIncomplete, match="2 orders from 3 on"):
        OrderBook().take(logs[-3:])
    batch = logs[-3:]
    batch[0] = batch[0] | {"data": batch[1]["data"][:-1] + "1"}  # type: ignore[operator, index]
    book = OrderBook()
    with pytest.raises(EventsIncomplete, match="root"):
        book.take([*logs[-6:-3], *batch])


def test_deliveries_of_a_batch_that_was_not_told_are_refused(market: Market) -> None:
    market.sell(2)
    market.client.deliver([2])
    book = OrderBook()
    with pytest.raises(EventsIncomplete, match="deliveries of batch 1"):
        book.take(_logs(market)[-1:])


def test_an_order_that_is_not_there_has_no_terms(market: Market) -> None:
    with pytest.raises(LookupError, match="no order 1"):
        market.client.book.terms(1)
