"""Contracts and Python rules side by side: every step on both, and both must say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from liandong.cases.driver import AccountState
from liandong.cases.model_driver import ModelDriver
from liandong.chain.abi import abi_of
from liandong.chain.state_words import FIRST_PARTICIPANT
from liandong.errors import LiandongError, RuleError
from liandong.rules.books import payee_of
from liandong.rules.orders import Order
from liandong.simulation.driver import ChainDriver

PAYEE_EVENTS = {
    "SupplyPaid": ("supply", "supplier"),
    "ServicePaid": ("service", "seller"),
    "DirectPaid": ("direct", "seller"),
    "RegionPaid": ("region", "holder"),
    "HostPaid": ("host", "host"),
    "GuidePaid": ("guide", "guide"),
    "StorePaid": ("store", "store"),
    "TeamPaid": ("team", "leader"),
}
"""Events that pay a participant: the line, and the field that names the payee."""

_PARTICIPANTS = frozenset(
    {"account", "agent", "formerLeader", *(field for _, field in PAYEE_EVENTS.values())}
)
"""Fields of events that hold a participant's number."""

Event = tuple[str, dict[str, Any]]
"""An event's name and its values, participants by their ids."""

BRAND_LINES = {
    "fees": "fees",
    "duty": "duty",
    "insurance": "insurance",
    "platform": "platform",
    "fund": "support pool",
    "dividend": "dividend pool",
}
"""Lines that are paid to the brand's accounts and the pools, and whom to name for them."""


class Disagreement(LiandongError):
    """Contracts and Python rules do not come to the same: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A line that was paid, or a claim: amount in minor units; ``order`` where the event names one."""

    line: str
    payee: str
    amount: int
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement told: the payments, and what happened besides, event by event."""

    orders: Sequence[Order]
    payments: Sequence[Payment]
    news: Sequence[Event]


class Pair:
    """One deployment and one ledger under the same plan. Steps are those of a case file (rules § 7)."""

    def __init__(self, chain: ChainDriver, model: ModelDriver) -> None:
        self.chain = chain
        self.model = model
        self._names: dict[int, str] = {}
        self._seen = self._last_block()

    def step(self, op: str, **arguments: Any) -> None:
        """Takes a step on both sides. Raises :class:`Disagreement` unless both take it."""
        refused = [self._try(side, op, arguments) for side in (self.chain, self.model)]
        if refused != [None, None]:
            raise Disagreement(f"{op} {arguments}: contracts say {refused[0]}, rules say {refused[1]}")
        if op in ("join", "register"):
            # Participants are numbered in the order in which they are entered.
            self._names[FIRST_PARTICIPANT + len(self._names)] = arguments.get("agent") or arguments["id"]

    def settle(self, numbers: Sequence[int]) -> Settled:
        """Settles orders; what the contracts' events say was paid must be the rules' lines."""
        self.news()
        self.step("settle", orders=numbers)
        news = self.news()
        payments = [payment for event in news for payment in _payments(event)]
        orders = [self.model.ledger.order_numbered(number) for number in numbers]
        by_rules: Counter[tuple[str, str]] = Counter()
        for order in orders:
            for line, amount in order.lines.not_zero().items():
                by_rules[line, BRAND_LINES.get(line) or payee_of(order.terms, line)] += amount
        seen: Counter[tuple[str, str]] = Counter()
        for payment in payments:
            seen[payment.line, payment.payee] += payment.amount
        if seen != by_rules:
            raise Disagreement(f"settle {list(numbers)}: contracts paid {dict(seen)}, rules {dict(by_rules)}")
        return Settled(orders, payments, news)

    def claim(self, pool: str, agent: str, epoch: int) -> Payment:
        """Claims an agent's part of a month (``support``) or a year (``dividend``); returns what was paid."""
        before = self._available(agent)
        self.news()
        self.step(f"claim_{pool}", agent=agent, epoch=epoch)
        name = {"support": "SupportClaimed", "dividend": "DividendClaimed"}[pool]
        (amount,) = (values["amount"] for event, values in self.news() if event == name)
        by_rules = self._available(agent) - before
        if amount != by_rules:
            raise Disagreement(f"claim of {agent}: contracts paid {amount}, rules {by_rules}")
        return Payment(f"{pool} claim", agent, amount)

    def news(self) -> list[Event]:
        """Events since the last look."""
        return [(event, self._named(values)) for event, values in self._events()]

    def account(self, id: str) -> AccountState:
        """An account as the contracts show it; must be the rules' one."""
        seen, by_rules = self.chain.accounts()[id], self.model.accounts()[id]
        if seen != by_rules:
            raise Disagreement(f"account {id}: contracts say {seen}, rules say {by_rules}")
        return seen

    def token_balance(self) -> int:
        """Tokens that the settlement contract holds, in minor units."""
        client = self.chain.client
        function = abi_of("LocalToken").functions["balanceOf"]
        data = "0x" + function.call_data((client.deployment.settlement,)).hex()
        return int(
            client.sender.client.call("eth_call", {"to": client.deployment.token, "data": data}, "latest"), 16
        )

    # --- inside

    @staticmethod
    def _try(side: Any, op: str, arguments: dict[str, Any]) -> str | None:
        try:
            getattr(side, op)(**arguments)
        except RuleError as error:
            return error.name
        return None

    def _available(self, agent: str) -> int:
        account = self.model.ledger.books.accounts[agent]
        return account.available - account.debt

    def _named(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            key: self._names.get(value, value) if key in _PARTICIPANTS else value
            for key, value in values.items()
        }

    def _events(self) -> list[Event]:
        last = self._last_block()
        if last == self._seen:
            return []
        client = self.chain.client
        query = {
            "address": client.deployment.settlement,
            "fromBlock": hex(self._seen + 1),
            "toBlock": hex(last),
        }
        self._seen = last
        events = abi_of("ISettlementEvents").events
        found: list[Event] = []
        for log in client.sender.client.call("eth_getLogs", query):
            topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
            event = events.get(topics[0])
            if event is not None:
                found.append((event.name, event.read(topics, bytes.fromhex(log["data"][2:]))))
        return found

    def _last_block(self) -> int:
        return int(self.chain.client.sender.client.call("eth_blockNumber"), 16)


def _payments(event: Event) -> list[Payment]:
    name, values = event
    if name in PAYEE_EVENTS:
        line, field = PAYEE_EVENTS[name]
        return [Payment(line, values[field], values["amount"], values["order"])]
    if name == "BrandLinesPaid":
        return [Payment(line, who, values[line]) for line, who in BRAND_LINES.items() if values[line]]
    return []
