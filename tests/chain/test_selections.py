"""Order numbers, in the order given, as the contracts take them."""

from __future__ import annotations

from market import Market

from liandong.chain.selections import pages, selections


def test_a_run_of_one_batch_makes_one_selection(market: Market) -> None:
    market.sell(5)
    ((first, width, members, day, words, proof),) = selections(market.client.book, [2, 3, 5])
    assert (first, width, members, day) == (1, 5, 0b10110, 0)
    assert (len(words), len(proof)) == (6, 2)


def test_another_order_batch_or_day_begins_a_new_selection(market: Market) -> None:
    market.sell(3)
    market.sell(2)
    found = selections(market.client.book, [1, 3, 2, 4, 5, 5])
    assert [(one[0], one[2]) for one in found] == [(1, 0b101), (1, 0b10), (4, 0b11), (4, 0b10)]


def test_an_order_that_nobody_recorded_stands_alone(market: Market) -> None:
    market.sell(2)
    found = selections(market.client.book, [1, 9, 2, -4, 0])
    assert [one[0] for one in found] == [1, 9, 1, 0, 0]
    assert found[1] == (9, 1, 1, 0, [0, 0], [])


def test_pages_hold_ascending_runs() -> None:
    assert pages([1, 2, 255]) == [(0, 1 << 1 | 1 << 2 | 1 << 255)]
    assert pages([255, 256, 257]) == [(0, 1 << 255), (1, 0b11)]
    assert pages([2, 1, 1]) == [(0, 0b100), (0, 0b10), (0, 0b10)]
    assert pages([-3]) == [(0, 1)]
    assert pages([]) == []
