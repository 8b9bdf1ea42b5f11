"""Treasury, escrow, accounts and pools, and how an order's lines move between them (rules §§ 3, 4)."""

from __future__ import annotations

from collections import Counter

from liandong.errors import InsufficientTreasury
from liandong.rules.accounts import Accounts
from liandong.rules.money import part
from liandong.rules.plan import Plan
from liandong.rules.pools import MONTH_DAYS, YEAR_DAYS, Pool
from liandong.rules.split import Lines
from liandong.rules.terms import Terms


class Books:
    """Where all money is. Amounts in minor units."""

    def __init__(self) -> None:
        self.accounts = Accounts()
        self.escrow = 0
        self.support = Pool(MONTH_DAYS)
        self.dividend = Pool(YEAR_DAYS)
        self.deposit_locked_until: dict[str, int] = {}
        self.tokens_in = 0
        self.tokens_out = 0

    @property
    def treasury(self) -> int:
        """What the treasury holds."""
        return self.accounts.treasury

    @property
    def held(self) -> int:
        """All that is held: the left side of rules § 6.1."""
        return (
            self.treasury + self.escrow + self.support.balance + self.dividend.balance + self.accounts.total
        )

    # --- tokens

    def take_in(self, amount: int) -> None:
        """Tokens come into the treasury."""
        self.tokens_in += amount
        self.accounts.treasury += amount

    def take_in_deposit(self, agent: str, amount: int) -> None:
        """Tokens come into an agent's deposit, which pays its debt first."""
        self.tokens_in += amount
        self.accounts.credit_deposit(agent, amount)

    def pay_out(self, amount: int) -> None:
        """Tokens leave the treasury."""
        self.accounts.treasury -= amount
        self.tokens_out += amount

    def pay_out_available(self, name: str, amount: int) -> None:
        """Tokens leave an account: its owner withdraws."""
        account = self.accounts[name]
        account.available -= amount
        account.withdrawn += amount
        self.tokens_out += amount

    def pay_out_deposit(self, agent: str, amount: int) -> None:
        """Tokens leave a deposit; they were the agent's own, so they do not count as withdrawn."""
        self.accounts[agent].deposit -= amount
        self.tokens_out += amount

    # --- escrow

    def into_escrow(self, amount: int) -> None:
        """A sale is recorded: from the treasury into escrow."""
        self.accounts.treasury -= amount
        self.escrow += amount

    def out_of_escrow(self, amount: int) -> None:
        """Refunded or given up: from escrow back into the treasury."""
        self.escrow -= amount
        self.accounts.treasury += amount

    # --- lines

    def pay(self, terms: Terms, lines: Lines, plan: Plan, today: int) -> None:
        """From escrow to the payees, line by line: an order settles."""
        self.escrow -= lines.total
        for line, amount in lines.items():
            if amount == 0:
                continue
            if line == "service":
                self._pay_service(payee_of(terms, line), amount, plan, today)
            else:
                self._credit(terms, line, amount, today)

    def move(self, terms: Terms, before: Lines, after: Lines, today: int) -> None:
        """From one split of a settled order to another: all debits, then all credits, paid by the treasury.

        Raises ``InsufficientTreasury``, changing nothing, if the treasury would hold less than the credits.
        """
        changes = [
            (line, now - was) for (line, was), (_, now) in zip(before.items(), after.items(), strict=True)
        ]
        credits = [(line, change) for line, change in changes if change > 0]
        owed = Counter[str]()
        from_pools: list[tuple[Pool, int]] = []
        for line, change in changes:
            if change >= 0:
                continue
            if pool := self._pool(line):
                there = min(-change, pool.refundable(today))
                from_pools.append((pool, there))
                owed["platform"] += -change - there
            else:
                owed[payee_of(terms, line)] += -change

        proceeds = sum(there for _, there in from_pools)
        proceeds += sum(min(amount, self.accounts[name].covers) for name, amount in owed.items())
        to_pay = sum(change for _, change in credits)
        if to_pay > self.treasury + proceeds:
            raise InsufficientTreasury(f"would hold {self.treasury + proceeds}, {to_pay} are to be credited")

        for pool, there in from_pools:
            pool.take(there, today)
            self.accounts.treasury += there
        for name, amount in owed.items():
            self.accounts.debit(name, amount)
        self.accounts.treasury -= to_pay
        for line, change in credits:
            self._credit(terms, line, change, today)

    def _pay_service(self, seller: str, service: int, plan: Plan, today: int) -> None:
        held_back = part(service, plan.holdback_bps)
        if held_back > 0:
            # Also where debt swallows all of it: what locks a deposit is that something was held back.
            self.deposit_locked_until[seller] = today + plan.deposit_lock_days
        self.accounts.credit_deposit(seller, held_back)
        self.accounts.credit(seller, service - held_back)

    def _credit(self, terms: Terms, line: str, amount: int, today: int) -> None:
        if pool := self._pool(line):
            pool.gather(amount, today)
        else:
            self.accounts.credit(payee_of(terms, line), amount)

    def _pool(self, line: str) -> Pool | None:
        return {"fund": self.support, "dividend": self.dividend}.get(line)


def payee_of(terms: Terms, line: str) -> str:
    payee = {
        "supply": terms.supplier,
        "fees": "fees",
        "duty": "duty",
        "insurance": "insurance",
        "service": terms.seller,
        "direct": terms.seller,
        "region": terms.holder,
        "host": terms.partner,
        "guide": terms.seller,
        "store": terms.partner,
        "team": terms.leader,
        "platform": "platform",
    }[line]
    if payee is None:
        raise ValueError(f"nobody to pay {line} to in {terms}")
    return payee
