"""What is called most is found first: the dispatcher compares selectors one after the other (docs/gas.md)."""

from __future__ import annotations

from liandong.chain.abi import abi_of


def test_the_hot_steps_have_the_lowest_selectors() -> None:
    functions = sorted(abi_of("Settlement").functions.values(), key=lambda one: one.selector)
    assert {one.name for one in functions[:3]} == {"settle", "recordOrders", "refund"}
