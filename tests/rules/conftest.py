"""A small ledger to try the rules on."""

from __future__ import annotations

from typing import Any

import pytest

from liandong.rules.people import Kind
from liandong.rules.plan import SEED, Plan
from liandong.rules.state import Ledger
from liandong.rules.terms import Channel

RICH = 10**9


class World:
    """A ledger with a supplier, a store, a founder ``boss`` and the member ``amy`` that it introduced."""

    def __init__(self, plan: Plan = SEED, treasury: int = RICH) -> None:
        self.ledger = Ledger(plan)
        if treasury:
            self.ledger.fund(treasury)
        self.ledger.register("sup", Kind.SUPPLIER)
        self.ledger.register("shop", Kind.STORE)
        self.ledger.join("boss", 310000)
        self.ledger.join("amy", 310000, "boss")

    def sell(self, seller: str | None = "amy", price: int = 10_000, **more: Any) -> int:
        """Records a retail sale without costs unless ``more`` says otherwise; returns its number."""
        channel = Channel(more.pop("channel", "retail"))
        return self.ledger.order(channel, price, more.pop("supplier", "sup"), seller=seller, **more)

    def settle(self, *numbers: int) -> None:
        """Delivers, waits for the return window to end, settles."""
        self.ledger.deliver(numbers)
        self.ledger.advance(self.ledger.plan.return_days + 1)
        self.ledger.settle(numbers)

    def sold(self, seller: str | None = "amy", price: int = 10_000, **more: Any) -> int:
        """Sells and settles."""
        number = self.sell(seller, price, **more)
        self.settle(number)
        return number

    def has(self, account: str) -> tuple[int, int, int]:
        """Available, debt and deposit of an account."""
        one = self.ledger.books.accounts[account]
        return one.available, one.debt, one.deposit

    def empty(self, *accounts: str) -> None:
        """Withdraws all that the accounts have."""
        for name in accounts:
            there = self.ledger.books.treasury if name == "treasury" else self.has(name)[0]
            if there:
                self.ledger.withdraw(name, there)


@pytest.fixture
def world() -> World:
    """A world under plan seed, rich."""
    return World()


@pytest.fixture
def make_world() -> type[World]:
    """For worlds under other plans."""
    return World
