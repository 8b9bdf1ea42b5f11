"""Accounts and the treasury: credit, debit, deposit, debt (rules § 4)."""

from __future__ import annotations

from dataclasses import dataclass

BRAND_ACCOUNTS = ("platform", "fees", "duty", "insurance", "protection")
"""The brand's own accounts (rules § 1)."""

TREASURY = "treasury"
NOT_WITHDRAWABLE = frozenset({"insurance", "protection"})
"""Accounts that pay by their own rules only (rules § 4)."""

RESERVED = frozenset({*BRAND_ACCOUNTS, TREASURY, "support", "dividend"})
"""Names of accounts and pools, which no participant can have."""


@dataclass(slots=True)
class Account:
    """One account, in minor units. Whoever has debt has nothing else: credits and deposits pay it first."""

    available: int = 0
    debt: int = 0
    deposit: int = 0
    withdrawn: int = 0

    @property
    def covers(self) -> int:
        """What a debit can take before it becomes debt."""
        return self.available + self.deposit


class Accounts:
    """All accounts, and the treasury that debts and debits are paid into."""

    def __init__(self) -> None:
        self.treasury = 0
        self._accounts: dict[str, Account] = {}
        for name in BRAND_ACCOUNTS:
            self.open(name)

    def __getitem__(self, name: str) -> Account:
        return self._accounts[name]

    def __contains__(self, name: str) -> bool:
        return name in self._accounts

    def items(self) -> list[tuple[str, Account]]:
        """All accounts by name, the brand's first, then in the order of registration."""
        return list(self._accounts.items())

    def open(self, name: str) -> None:
        """An empty account."""
        self._accounts[name] = Account()

    def credit(self, name: str, amount: int) -> None:
        """Pays the account's debt first, into the treasury; the rest is available."""
        self._accounts[name].available += self._pay_debt(name, amount)

    def credit_deposit(self, name: str, amount: int) -> None:
        """Pays the account's debt first, into the treasury; the rest is deposit."""
        self._accounts[name].deposit += self._pay_debt(name, amount)

    def debit(self, name: str, amount: int) -> None:
        """Takes from available, then from deposit, into the treasury; what is missing becomes debt."""
        account = self._accounts[name]
        from_available = min(amount, account.available)
        from_deposit = min(amount - from_available, account.deposit)
        account.available -= from_available
        account.deposit -= from_deposit
        account.debt += amount - from_available - from_deposit
        self.treasury += from_available + from_deposit

    def _pay_debt(self, name: str, amount: int) -> int:
        account = self._accounts[name]
        paid = min(amount, account.debt)
        account.debt -= paid
        self.treasury += paid
        return amount - paid

    @property
    def total(self) -> int:
        """Available and deposit of all accounts."""
        return sum(account.covers for account in self._accounts.values())
