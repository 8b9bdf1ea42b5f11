"""Where the money is at the end of a day: what the brand owes to whom, and what is owed to it."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.rules.accounts import BRAND_ACCOUNTS
from liandong.rules.people import Kind
from liandong.rules.state import Ledger


@dataclass(frozen=True, slots=True)
class Balances:
    """Amounts in minor units. ``agents`` and ``suppliers`` can be withdrawn; ``debt`` is owed by agents."""

    treasury: int
    escrow: int
    support: int
    dividend: int
    agents: int
    suppliers: int
    brand: int
    debt: int


def balances_of(ledger: Ledger) -> Balances:
    """The balances of a ledger as it is."""
    agents = suppliers = brand = debt = 0
    for id, account in ledger.books.accounts.items():
        debt += account.debt
        if id in BRAND_ACCOUNTS:
            brand += account.covers
        elif ledger.people.kind(id) is Kind.AGENT:
            agents += account.covers
        else:
            suppliers += account.covers
    books = ledger.books
    return Balances(
        treasury=books.treasury,
        escrow=books.escrow,
        support=books.support.balance,
        dividend=books.dividend.balance,
        agents=agents,
        suppliers=suppliers,
        brand=brand,
        debt=debt,
    )
