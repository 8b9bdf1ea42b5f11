"""The deployment lived through again by the Python rules, from the contract's logs alone.

Every event is either a step of the rules, which is taken, or says what a step came to, which is compared.
Raises :class:`~liandong.audit.difference.AuditDiffers` for the first event that the rules would not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from liandong.audit.difference import AuditDiffers, Difference
from liandong.chain.orders import EventsIncomplete, OrderBook
from liandong.errors import RuleError
from liandong.mirror.events import Decoded
from liandong.rules.accounts import BRAND_ACCOUNTS
from liandong.rules.plan import Plan
from liandong.rules.pools import Pool
from liandong.rules.state import Ledger

BRAND = dict(enumerate(BRAND_ACCOUNTS, start=1)) | {6: "treasury"}
"""Names of the brand's accounts by number, as the rules have them."""


def name_of(account: int) -> str:
    """An account's name in the rules: the brand's by name, participants by number."""
    return BRAND.get(account) or str(account)


@dataclass(slots=True)
class ClosedEpoch:
    """A closed month or year: what it came to, and what was claimed of it."""

    gathered: int
    weight: int
    carried: int
    cap_bps: int
    closed_on: int
    weights: dict[str, int]
    claims: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """What events of the transaction at hand said before the event that completes the step."""

    orders: list[Decoded] = field(default_factory=list)
    payments: dict[int, dict[str, tuple[int, int]]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    held_back: dict[int, int] = field(default_factory=dict)
    brand: Counter[str] = field(default_factory=Counter)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    activity: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Touched:
    """What changed since the last comparison."""

    accounts: set[int] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    regions: set[int] = field(default_factory=set)
    campaigns: set[int] = field(default_factory=set)
    plans: set[int] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    wallets: set[str] = field(default_factory=set)


Handler = Callable[["Replay", Decoded], None]
"""What an event does to a replay."""


class Replay:
    """The state by the rules, with what only the chain knows beside it (wallets, roles, blocks)."""

    def __init__(self) -> None:
        self.ledger: Ledger | None = None
        self.book = OrderBook()
        self.version = 0
        self.plans: dict[int, tuple[Plan, int, int]] = {}
        self.kinds: dict[int, str] = {}
        self.joined: dict[int, tuple[int, int]] = {}
        self.wallets: dict[str, int] = {}
        self.wallet_of: dict[int, str] = {}
        self.roles: dict[str, int] = {}
        self.paused = 0
        self.batches: dict[int, tuple[int, int, int, str, int]] = {}
        self.order_plans: dict[int, int] = {}
        self.recorded_in: dict[int, int] = {}
        self.settled_in: dict[int, int] = {}
        self.closed: dict[str, dict[int, ClosedEpoch]] = {"support": {}, "dividend": {}}
        self.clocks = {"support": [0, 0], "dividend": [0, 0]}
        self.campaigns: dict[int, int] = {}
        self.regions: dict[int, int] = {}
        self.events = 0
        self.touched = Touched()
        self.told = Told()
        self.block = 0
        self._transaction = (-1, -1)

    @property
    def state(self) -> Ledger:
        """The ledger; it begins with the first plan."""
        if self.ledger is None:
            raise self.differs("first event", rules="PlanPublished", chain="another one")
        return self.ledger

    @property
    def today(self) -> int:
        """Days since deployment."""
        return 0 if self.ledger is None else self.ledger.today

    def take(self, one: Decoded, day: int, handle: Handler) -> None:
        """Takes in the next event, of this day, as ``handle`` does."""
        self.block = one.block
        if (one.block, one.transaction_index) != self._transaction:
            self.finish()
            self._transaction = (one.block, one.transaction_index)
        if self.ledger is not None:
            if day < self.ledger.today:
                raise self.differs("day of block", rules=f">= {self.ledger.today}", chain=day)
            self.ledger.advance(day - self.ledger.today)
        decoder = one.decoder
        if decoder.account is not None and decoder.name != "PushPassedOver":
            self.touched.accounts.add(one.values[decoder.account])
        if decoder.order is not None and not decoder.of_many:
            self.touched.orders.add(one.values[decoder.order])
        self.events += 1
        try:
            handle(self, one)
            self.book.take((one.log,))
        except RuleError as error:
            raise self.differs(
                f"event {decoder.name}", rules=f"refuse it: {error.name}", chain="told"
            ) from error
        except EventsIncomplete as error:
            raise self.differs(f"event {decoder.name}", rules=str(error), chain="told") from error

    def finish(self) -> None:
        """The end of a transaction: what was told of agents is what they are."""
        for agent, told in self.told.activity.items():
            found = self.state.people.agent(agent)
            for field_, value in told.items():
                self.require(f"agent {agent} {field_}", getattr(found, field_), value)
        for told_, what in (
            (self.told.orders, "orders without a batch"),
            (self.told.payments, "payments without a settlement"),
            (self.told.brand, "the brand's lines"),
            (self.told.taken, "what a refund took"),
        ):
            if any(told_.values()) if isinstance(told_, Counter) else told_:
                raise self.differs(f"{what} in one transaction", rules="none", chain=dict.fromkeys(told_))
        self.told = Told()

    def require(self, name: str, by_rules: Any, on_chain: Any) -> None:
        """Raises where an event says something else than the rules."""
        if by_rules != on_chain:
            raise self.differs(name, rules=by_rules, chain=on_chain)

    def differs(self, name: str, *, rules: Any, chain: Any) -> AuditDiffers:
        """The difference, with its block."""
        return AuditDiffers(Difference(name, rules=rules, chain=chain, block=self.block))

    def pool(self, name: str) -> Pool:
        """A pool by its name."""
        return self.state.books.support if name == "support" else self.state.books.dividend
