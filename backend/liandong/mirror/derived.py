"""All derived rows at hand, the block and day that are being taken in, and how accounts are credited."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlmodel import Session

from liandong.db import money, orders, people
from liandong.mirror.errors import EventsContradict
from liandong.mirror.rows import Row, Rows, columns
from liandong.rules.plan import Plan
from liandong.rules.pools import MONTH_DAYS, YEAR_DAYS

ACCOUNT = columns(money.Account)
BOOK = columns(money.Book)
EPOCH = columns(money.PoolEpoch)
WEIGHT = columns(money.PoolWeight)
ORDER = columns(orders.SalesOrder)
PERSON = columns(people.Participant)

PAGE = 256
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days as the contract counts them."""

    utc_offset: int
    day_zero: int

    def day(self, timestamp: int) -> int:
        """Days since deployment."""
        return (timestamp + self.utc_offset) // DAY_SECONDS - self.day_zero


class Derived:
    """The derived tables, and what handlers of events share."""

    def __init__(self) -> None:
        self.accounts = Rows(money.Account)
        self.books = Rows(money.Book)
        self.epochs = Rows(money.PoolEpoch)
        self.weights = Rows(money.PoolWeight)
        self.orders = Rows(orders.SalesOrder)
        self.batches = Rows(orders.OrderBatch)
        self.campaigns = Rows(orders.Campaign)
        self.plans = Rows(orders.PlanVersion)
        self.participants = Rows(people.Participant)
        self.team_places = Rows(people.TeamPlace)
        self.team_counts = Rows(people.TeamCount)
        self.wallets = Rows(people.Wallet)
        self.regions = Rows(people.Region)
        self.roles = Rows(people.RoleHolder)
        self.tables = [table for table in vars(self).values() if isinstance(table, Rows)]
        self.by_name = {table.name: table for table in self.tables}
        self.block = self.day = self.month = self.year = 0
        self.recorded: list[Row] = []
        """Orders told of a batch whose end was not told yet."""
        self.settling: dict[int, tuple[int, int]] = {}
        """Orders of the settle call at hand: place of the first payment, the seller's own lines."""
        self.owing: dict[int | None, int] = {}
        """What accounts, and the pools (None), lacked in the refund at hand and no event told yet."""
        self.diamonds: dict[int, int] = {}
        """Who became a diamond in the transaction at hand, and where."""
        self._plans: dict[int, Plan] = {}

    def begin(self, session: Session) -> None:
        """Rows are loaded from this session."""
        for table in self.tables:
            table.begin(session)

    def forget(self) -> None:
        """Drops everything that is at hand."""
        for table in self.tables:
            table.forget()
        self.recorded.clear()
        self._plans.clear()

    def enter(self, block: int, day: int) -> None:
        """What follows is of this block."""
        self.block, self.day = block, day
        self.month, self.year = day // MONTH_DAYS, day // YEAR_DAYS

    @property
    def book(self) -> Row:
        """The totals, to be changed."""
        return self.books.make(1)

    # --- orders, plans

    def order(self, number: int) -> Row:
        """An order's row, to be changed; with it, its whole page is loaded."""
        row = self.orders.change(number) if number in self.orders else self._load_order(number)
        if row is None:
            raise EventsContradict(f"block {self.block} names order {number}, but no event recorded it")
        return row

    def _load_order(self, number: int) -> Row | None:
        page = number - number % PAGE
        self.orders.load_range(page, page + PAGE - 1)
        return self.orders.change(number)

    def plan(self, version: int) -> Plan:
        """A plan version."""
        if version not in self._plans:
            row = self.plans.find(version)
            if row is None:
                raise EventsContradict(f"plan version {version} was never told")
            self._plans[version] = Plan(**json.loads(row[1]))
        return self._plans[version]

    # --- accounts (rules § 4)

    def account(self, number: int) -> Row:
        """An account's row, to be changed."""
        row = self.accounts.change(number)
        if row is None:
            raise EventsContradict(f"block {self.block} names account {number}, whose owner was never told")
        return row

    def credit(self, number: int, amount: int) -> None:
        """Debt first, into the treasury; the rest is available."""
        row = self.account(number)
        if row[ACCOUNT.debt]:
            amount = self._pay_debt(row, amount)
        row[ACCOUNT.available] += amount

    def credit_deposit(self, number: int, amount: int) -> None:
        """Debt first, into the treasury; the rest is deposit."""
        row = self.account(number)
        row[ACCOUNT.deposit] += self._pay_debt(row, amount)

    def debit(self, number: int, amount: int) -> int:
        """From available, then deposit, into the treasury; what is missing becomes debt. Returns that."""
        row = self.account(number)
        available = min(amount, row[ACCOUNT.available])
        deposit = min(amount - available, row[ACCOUNT.deposit])
        owed = amount - available - deposit
        row[ACCOUNT.available] -= available
        row[ACCOUNT.deposit] -= deposit
        row[ACCOUNT.debt] += owed
        self.book[BOOK.treasury] += available + deposit
        return owed

    def _pay_debt(self, row: Row, amount: int) -> int:
        paid = min(amount, row[ACCOUNT.debt])
        row[ACCOUNT.debt] -= paid
        self.book[BOOK.treasury] += paid
        return amount - paid

    # --- pools (rules § 5)

    def open_epochs(self, pool: str) -> list[int]:
        """The oldest epoch not yet closed, and the current one: what refunds take from."""
        if pool == "support":
            return list(dict.fromkeys((self.book[BOOK.months_closed], self.month)))
        return list(dict.fromkeys((self.book[BOOK.years_closed], self.year)))

    def gather(self, fund: int, dividend: int) -> None:
        """Into the current month and year."""
        if fund:
            self.epochs.make(("support", self.month))[EPOCH.gathered] += fund
        if dividend:
            self.epochs.make(("dividend", self.year))[EPOCH.gathered] += dividend

    def drain(self, pool: str, amount: int) -> int:
        """Out of the open epochs, no more than is there. Returns what there was."""
        taken = 0
        for epoch in self.open_epochs(pool) if amount else ():
            row = self.epochs.make((pool, epoch))
            part = min(amount - taken, row[EPOCH.gathered])
            row[EPOCH.gathered] -= part
            taken += part
        return taken

    def add_weight(self, pool: str, epoch: int, agent: int, weight: int) -> None:
        """To the agent's weight and to the epoch's."""
        self.weights.make((pool, epoch, agent))[WEIGHT.weight] += weight
        self.epochs.make((pool, epoch))[EPOCH.weight] += weight

    def take_weight(self, pool: str, agent: int, weight: int) -> None:
        """From the agent's weight in the open epochs, no more than is there."""
        for epoch in self.open_epochs(pool) if weight else ():
            found = self.weights.find((pool, epoch, agent))
            part = min(weight, found[WEIGHT.weight]) if found else 0
            if part:
                self.add_weight(pool, epoch, agent, -part)
                weight -= part
