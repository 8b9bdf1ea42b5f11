"""What the contracts' events say was sold, paid and taken back: the figures of the statement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from liandong.chain.abi import abi_of
from liandong.rules.people import Tier

Log = Mapping[str, Any]
"""A log as JSON-RPC gives it."""

PLATFORM, FEES, DUTY, INSURANCE = 1, 2, 3, 4
"""Numbers of the brand's accounts on chain (contracts/types/Accounts.sol)."""


@dataclass(slots=True)
class OrderFacts:
    """One order as events tell it; amounts in minor units, parties by their numbers on chain, 0 for none."""

    number: int
    day: int
    seller: int
    tier: Tier
    rate_bps: int
    price: int
    refunded: int = 0
    settled_on: int | None = None
    lines: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class DayFacts:
    """What happened on one day, in minor units: ``paid`` by line (net of what was taken back), and the rest."""

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

    def __init__(self) -> None:
        self.orders: dict[int, OrderFacts] = {}
        self.days: defaultdict[int, DayFacts] = defaultdict(DayFacts)
        self.earned: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self.withdrawn: Counter[int] = Counter()
        self.repaid: Counter[int] = Counter()
        self.tiers: dict[int, Tier] = {}
        self.tokens_in = 0
        self.events = 0
        self._today = 0

    def take(self, day: int, logs: Iterable[Log]) -> None:
        """Takes in logs of one day, in their order; other contracts' events are passed over."""
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

    def _recorded(self, number: int, seller: int, price: int, rate_bps: int) -> None:
        tier = self.tiers.get(seller, Tier.STARTER)
        self.orders[number] = OrderFacts(number, self._today, seller, tier, rate_bps, price)
        self.today.orders += 1
        self.today.sales += price

    def _settled(self, topics: list[int], data: list[int]) -> None:
        net, fees, fund, dividend, platform = data
        order = self.orders[topics[0]]
        order.settled_on = self._today
        self.today.settled_orders += 1
        self.today.settled += net
        self._line(order.number, FEES, "fees", fees)
        self._line(order.number, PLATFORM, "platform", platform)
        self._line(order.number, None, "fund", fund)
        self._line(order.number, None, "dividend", dividend)

    def _line(self, order: int, account: int | None, line: str, amount: int) -> None:
        if amount == 0:
            return
        self.orders[order].lines[line] += amount
        self.today.paid[line] += amount
        if account is not None:
            self.earned[account][line] += amount

    def _refunded(self, topics: list[int], data: list[int]) -> None:
        amount, refunded, _, settled = data
        self.orders[topics[0]].refunded = refunded
        self.today.refunds += 1
        self.today.refunded += amount
        if settled:
            self.today.refunds_late += 1
            self.today.refunded_late += amount

    def _taken_back(self, topics: list[int], data: list[int]) -> None:
        order, account = topics
        _, amount, owed = data[:3]
        self._line(order, account, _text(data, 0), -amount)
        self.today.taken_back += amount
        self.today.became_debt += owed

    def _added(self, topics: list[int], data: list[int]) -> None:
        order, account = topics
        self._line(order, account, _text(data, 0), data[1])

    def _pool_taken_back(self, topics: list[int], data: list[int]) -> None:
        self._line(topics[0], None, _text(data, 0), -data[1])
        self.today.taken_back += data[1]

    def _pool_added(self, topics: list[int], data: list[int]) -> None:
        self._line(topics[0], None, _text(data, 0), data[1])

    def _duty_and_insurance(self, topics: list[int], data: list[int]) -> None:
        self._line(topics[0], DUTY, "duty", data[0])
        self._line(topics[0], INSURANCE, "insurance", data[1])

    def _support_claimed(self, topics: list[int], data: list[int]) -> None:
        self.earned[topics[1]]["support"] += data[0]
        self.today.support_claimed += data[0]

    def _dividend_claimed(self, topics: list[int], data: list[int]) -> None:
        self.earned[topics[1]]["share"] += data[0]
        self.today.dividend_claimed += data[0]

    def _debt_repaid(self, topics: list[int], data: list[int]) -> None:
        self.repaid[topics[0]] += data[0]
        self.today.debt_repaid += data[0]

    def _withdrawn(self, topics: list[int], data: list[int]) -> None:
        self.withdrawn[topics[0]] += data[0]
        self.today.withdrawn += data[0]

    def _tier_reached(self, topics: list[int], data: list[int]) -> None:
        self.tiers[topics[0]] = Tier(data[0])

    def _funded(self, _: list[int], data: list[int]) -> None:
        self.tokens_in += data[0]


def _text(words: list[int], place: int) -> str:
    # Lines' names are strings of less than 32 bytes: at the offset their length, then one word.
    at = words[place] // 32
    return words[at + 1].to_bytes(32)[: words[at]].decode()


def _payee(line: str) -> Callable[[Tally, list[int], list[int]], None]:
    def take(tally: Tally, topics: list[int], data: list[int]) -> None:
        tally._line(topics[0], topics[1], line, data[0])

    return take


def _recorded(rate: int) -> Callable[[Tally, list[int], list[int]], None]:
    def take(tally: Tally, topics: list[int], data: list[int]) -> None:
        tally._recorded(topics[0], topics[1], data[0], data[rate])

    return take


_HANDLERS = {
    "0x" + abi_of("ISettlementEvents").topic(event).hex(): handler
    for event, handler in {
        "RetailOrderRecorded": _recorded(rate=3),
        "CampaignOrderRecorded": _recorded(rate=3),
        "StoreOrderRecorded": _recorded(rate=3),
        "CrossBorderOrderRecorded": _recorded(rate=5),
        "OrderSettled": Tally._settled,
        "DutyAndInsurancePaid": Tally._duty_and_insurance,
        "SupplyPaid": _payee("supply"),
        "ServicePaid": _payee("service"),
        "DirectPaid": _payee("direct"),
        "RegionPaid": _payee("region"),
        "HostPaid": _payee("host"),
        "GuidePaid": _payee("guide"),
        "StorePaid": _payee("store"),
        "TeamPaid": _payee("team"),
        "OrderRefunded": Tally._refunded,
        "LineTakenBack": Tally._taken_back,
        "LineAdded": Tally._added,
        "PoolTakenBack": Tally._pool_taken_back,
        "PoolAdded": Tally._pool_added,
        "SupportClaimed": Tally._support_claimed,
        "DividendClaimed": Tally._dividend_claimed,
        "DebtRepaid": Tally._debt_repaid,
        "Withdrawn": Tally._withdrawn,
        "TierReached": Tally._tier_reached,
        "TreasuryFunded": Tally._funded,
    }.items()
}
