"""What the contracts' events say was sold, paid and taken back: the figures of the statement.

Settlements tell each payee's line by its name. Refunds tell what they took back an account; the lines that
this came from are those of the split, which must come to the same sums: what does not is a fault, and kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from liandong.chain.abi import abi_of
from liandong.chain.deliveries import members
from liandong.chain.state_words import Account
from liandong.rules.people import Tier
from liandong.rules.plan import Plan
from liandong.rules.split import Lines, split
from liandong.rules.terms import Channel, Terms

Log = Mapping[str, Any]
"""A log as JSON-RPC gives it."""

BRAND_LINES = ("fees", "duty", "insurance", "platform", "fund", "dividend")
"""Lines that are told in sum, in the order of the events' values."""

_BRAND_ACCOUNTS = {
    "fees": Account.FEES,
    "duty": Account.DUTY,
    "insurance": Account.INSURANCE,
    "platform": Account.PLATFORM,
}


@dataclass(slots=True)
class OrderFacts:
    """One order as events tell it; amounts in minor units. ``lines`` are the payees', net of refunds.

    Parties in ``terms`` are numbers on chain, as text; ``seller`` is 0 for none.
    """

    number: int
    seller: int
    tier: Tier
    terms: Terms
    refunded: int = 0
    settled_on: int | None = None
    lines: Counter[str] = field(default_factory=Counter)

    @property
    def price(self) -> int:
        """What the buyer paid."""
        return self.terms.price

    @property
    def net(self) -> int:
        """Price less refunds."""
        return self.terms.price - self.refunded


@dataclass(slots=True)
class DayFacts:
    """What happened on one day, in minor units; ``paid`` is by line, net of what was taken back."""

    orders: int = 0
    sales: int = 0
    settled_orders: int = 0
    settled: int = 0
    refunds: int = 0
    refunded: int = 0
    refunds_late: int = 0
    refunded_late: int = 0
    taken_back: int = 0
    became_debt: int = 0
    debt_repaid: int = 0
    support_claimed: int = 0
    dividend_claimed: int = 0
    withdrawn: int = 0
    paid: Counter[str] = field(default_factory=Counter)


class Tally:
    """Adds up the settlement contract's logs, day by day. ``earned`` is by account number and line."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.orders: dict[int, OrderFacts] = {}
        self.days: defaultdict[int, DayFacts] = defaultdict(DayFacts)
        self.earned: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self.withdrawn: Counter[int] = Counter()
        self.tiers: dict[int, Tier] = {}
        self.tokens_in = 0
        self.events = 0
        self.refunds_checked = 0
        self.faults: list[str] = []
        self._today = 0
        self._moved: Counter[tuple[int, bool]] = Counter()

    def take(self, day: int, logs: Iterable[Log]) -> None:
        """Takes in logs of one day, in their order; what says nothing of money or sales is passed over."""
        self._today = day
        for log in logs:
            handler = _HANDLERS.get(log["topics"][0]) if log["topics"] else None
            if handler is not None:
                self.events += 1
                data = log["data"]
                words = [int(data[at : at + 64], 16) for at in range(2, len(data), 64)]
                handler(self, [int(topic, 16) for topic in log["topics"][1:]], words)

    @property
    def today(self) -> DayFacts:
        """The facts of the day whose logs are taken in."""
        return self.days[self._today]

    @property
    def paid(self) -> Counter[str]:
        """All lines of all days, net of what refunds took back."""
        return sum((day.paid for day in self.days.values()), Counter())

    # --- sales

    def _retail(self, topics: list[int], data: list[int]) -> None:
        price, cost, fees, rate, leader, holder = data
        order, seller, supplier = topics
        terms = Terms(
            channel=Channel.RETAIL,
            price=price,
            cost=cost,
            fees=fees,
            duty=0,
            insurance=0,
            supplier=str(supplier),
            seller=str(seller),
            rate=rate,
            leader=str(leader) if leader else None,
            partner=None,
            holder=str(holder) if holder else None,
        )
        self.orders[order] = OrderFacts(order, seller, self.tiers.get(seller, Tier.STARTER), terms)
        self.today.orders += 1
        self.today.sales += price

    def _settled(self, topics: list[int], data: list[int]) -> None:
        for number in members(topics[0], data[0]):
            order = self.orders[number]
            order.settled_on = self._today
            self.today.settled_orders += 1
            self.today.settled += order.net

    # --- lines

    def _line(self, account: int | None, line: str, amount: int, order: int | None = None) -> None:
        self.today.paid[line] += amount
        if account is not None:
            self.earned[account][line] += amount
        if order is not None:
            self.orders[order].lines[line] += amount

    def _brand_lines(self, amounts: Iterable[int], sign: int) -> None:
        for line, amount in zip(BRAND_LINES, amounts, strict=True):
            self._line(_BRAND_ACCOUNTS.get(line), line, sign * amount)

    def _brand_paid(self, _: list[int], data: list[int]) -> None:
        self._brand_lines(data, 1)

    def _brand_taken_back(self, _: list[int], data: list[int]) -> None:
        fees, platform, fund, dividend = data
        self._brand_lines((fees, 0, 0, platform, fund, dividend), -1)
        self.today.taken_back += sum(data)

    def _duty_taken_back(self, _: list[int], data: list[int]) -> None:
        duty, insurance = data
        self._brand_lines((0, duty, insurance, 0, 0, 0), -1)
        self.today.taken_back += sum(data)

    def _pools_lacked(self, _: list[int], data: list[int]) -> None:
        self.earned[Account.PLATFORM]["lacking in pools"] -= data[0]

    def _debt_incurred(self, _: list[int], data: list[int]) -> None:
        self.today.became_debt += data[0]

    def _brand_added(self, _: list[int], data: list[int]) -> None:
        self._brand_lines(data, 1)

    def _taken_back(self, topics: list[int], data: list[int]) -> None:
        self._moved[topics[1], False] += data[0]
        self.today.taken_back += data[0]

    def _added(self, topics: list[int], data: list[int]) -> None:
        self._moved[topics[1], True] += data[0]

    def _refunded(self, topics: list[int], data: list[int]) -> None:
        amount, order = data[0], self.orders[topics[0]]
        before = order.net
        order.refunded += amount
        self.today.refunds += 1
        self.today.refunded += amount
        if order.settled_on is None:
            return
        self.today.refunds_late += 1
        self.today.refunded_late += amount
        self._move_lines(order, before)

    def _move_lines(self, order: OrderFacts, net_before: int) -> None:
        """Puts what a refund moved an account to lines, by the split before and after it."""
        before, after = self._split(order, net_before), self._split(order, order.net)
        moved: Counter[tuple[int, bool]] = Counter()
        for line, payee in _payees(order.terms).items():
            change = getattr(after, line) - getattr(before, line)
            if change:
                moved[int(payee), change > 0] += abs(change)
                self._line(int(payee), line, change, order.number)
        self.refunds_checked += 1
        if moved != self._moved:
            self.faults.append(f"order {order.number}: moved {dict(self._moved)}, by the split {dict(moved)}")
        self._moved.clear()

    def _split(self, order: OrderFacts, net: int) -> Lines:
        return split(order.terms, net, self.plan)

    # --- the rest

    def _support_claimed(self, topics: list[int], data: list[int]) -> None:
        self.earned[topics[1]]["support"] += data[0]
        self.today.support_claimed += data[0]

    def _dividend_claimed(self, topics: list[int], data: list[int]) -> None:
        self.earned[topics[1]]["share"] += data[0]
        self.today.dividend_claimed += data[0]

    def _debt_repaid(self, _: list[int], data: list[int]) -> None:
        self.today.debt_repaid += data[0]

    def _withdrawn(self, topics: list[int], data: list[int]) -> None:
        self.withdrawn[topics[0]] += data[0]
        self.today.withdrawn += data[0]

    def _tier_reached(self, topics: list[int], data: list[int]) -> None:
        self.tiers[topics[0]] = Tier(data[0])

    def _funded(self, _: list[int], data: list[int]) -> None:
        self.tokens_in += data[0]


def _payees(terms: Terms) -> dict[str, str]:
    payees = {"supply": terms.supplier, "direct": terms.seller, "region": terms.holder, "team": terms.leader}
    return {line: payee for line, payee in payees.items() if payee is not None}


def _payee(line: str) -> Callable[[Tally, list[int], list[int]], None]:
    def take(tally: Tally, topics: list[int], data: list[int]) -> None:
        order, account = topics
        tally._line(account, line, data[0], order)

    return take


_HANDLERS = {
    "0x" + abi_of("ISettlementEvents").topic(event).hex(): handler
    for event, handler in {
        "RetailOrderRecorded": Tally._retail,
        "OrdersSettled": Tally._settled,
        "SupplyPaid": _payee("supply"),
        "DirectPaid": _payee("direct"),
        "RegionPaid": _payee("region"),
        "TeamPaid": _payee("team"),
        "BrandLinesPaid": Tally._brand_paid,
        "PaymentTakenBack": Tally._taken_back,
        "PaymentAdded": Tally._added,
        "BrandLinesTakenBack": Tally._brand_taken_back,
        "DutyTakenBack": Tally._duty_taken_back,
        "PoolsLacked": Tally._pools_lacked,
        "DebtIncurred": Tally._debt_incurred,
        "BrandLinesAdded": Tally._brand_added,
        "OrderRefunded": Tally._refunded,
        "SupportClaimed": Tally._support_claimed,
        "DividendClaimed": Tally._dividend_claimed,
        "DebtRepaid": Tally._debt_repaid,
        "Withdrawn": Tally._withdrawn,
        "TierReached": Tally._tier_reached,
        "TreasuryFunded": Tally._funded,
    }.items()
}
