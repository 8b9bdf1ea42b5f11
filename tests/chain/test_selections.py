"""Order numbers, in the order given, as the contracts take them."""

from __future__ import annotations

from market import DAY, Market

from liandong.chain.node import NodeClock
from liandong.chain.selections import Delivery, deliveries, proved, selections


def test_a_run_of_one_batch_makes_one_selection(market: Market) -> None:
    market.sell(5)
    market.client.deliver([5, 2])
    ((first, width, delivered, members, words, proof),) = selections(market.client.book, [2, 3, 5])
    assert (first, width, members, delivered) == (1, 5, 0b10110, [0b10010])
    assert (len(words), len(proof)) == (6, 2)


def test_another_order_or_batch_begins_a_new_selection(market: Market) -> None:
    market.sell(3)
    market.sell(2)
    found = selections(market.client.book, [1, 3, 2, 4, 5, 5])
    assert [(one[0], one[3]) for one in found] == [(1, 0b101), (1, 0b10), (4, 0b11), (4, 0b10)]


def test_an_order_that_nobody_recorded_stands_alone(market: Market) -> None:
    market.sell(2)
    found = selections(market.client.book, [1, 9, 2, -4, 0])
    assert [one[0] for one in found] == [1, 9, 1, 0, 0]
    assert found[1] == (9, 1, [], 1, [0, 0], [])


def test_one_order_has_its_position_words_and_proof(market: Market) -> None:
    market.sell(5)
    market.client.deliver([5, 2])
    batch = market.client.book.batch_of(4)
    assert batch is not None
    entry, delivered, proof = proved(market.client.book, 4)
    assert entry == (1, 5, 3, *batch.words_of(4))
    assert (delivered, proof) == ([0b10010], batch.tree.proof([3]))
    assert proved(market.client.book, 9) == ((9, 1, 0, 0, 0), [], [])
    assert proved(market.client.book, -4) == ((0, 1, 0, 0, 0), [], [])


def test_deliveries_hold_ascending_runs_of_a_batch(market: Market) -> None:
    market.sell(5)
    market.sell(2)
    root = {first: market.client.book.batch_of(first).tree.root for first in (1, 6)}  # type: ignore[union-attr]
    assert _deliveries(market, [1, 2, 5, 6, 7]) == [(1, 5, 0b10011, root[1], []), (6, 2, 0b11, root[6], [])]
    assert _deliveries(market, [9, -3]) == [(9, 1, 1, bytes(32), []), (0, 1, 1, bytes(32), [])]
    assert _deliveries(market, []) == []


def test_a_batch_that_comes_again_has_the_state_after_its_entry_before(market: Market) -> None:
    market.sell(5)
    market.sell(2)
    market.client.deliver([3])
    found = [(first, members, words) for first, _, members, _, words in _deliveries(market, [2, 1, 6, 5])]
    assert found == [
        (1, 0b10, [0b100]),
        (1, 0b1, [0b100, 7 << 240 | 0b10]),
        (6, 0b1, []),
        (1, 0b10000, [0b100, 7 << 240 | 0b11]),
    ]


def test_orders_are_delivered_in_whatever_order_and_on_whatever_day(market: Market) -> None:
    orders = market.sell(5) + market.sell(3)
    market.client.deliver([5, 2, 7])
    clock = NodeClock(market.client.sender.client)
    clock.set(clock.now() + 3 * DAY)
    market.client.deliver([8, 4, 3, 6, 1])
    clock.set(clock.now() + 8 * DAY)
    assert [market.client.book.delivered_on(order) for order in orders] == [3, 0, 3, 3, 0, 3, 0, 3]
    market.client.settle(orders)
    assert market.client.read("book")[1] == 0


def _deliveries(market: Market, orders: list[int]) -> list[Delivery]:
    return deliveries(market.client.book, orders, lambda: 7)
