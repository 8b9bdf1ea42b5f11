"""What happens on which day: a history, a team and a few choices, put in the order of a calendar."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liandong.backtest.agents import TeamMember
from liandong.backtest.calendar import PlayCalendar
from liandong.backtest.costs import Costs
from liandong.backtest.errors import InvalidDelivery
from liandong.backtest.history import History, Sale
from liandong.backtest.matching import Matching, Refund


@dataclass(frozen=True, slots=True)
class Delivery:
    """Days from a sale to its delivery: as many for all, or drawn between two numbers."""

    fewest: int
    most: int

    @classmethod
    def parse(cls, text: str) -> Delivery:
        """From ``3`` or ``1-9``; raises ``InvalidDelivery``."""
        low, _, high = text.strip().partition("-")
        if not low.isdecimal() or not (high or low).isdecimal() or int(low) > int(high or low):
            raise InvalidDelivery(text)
        return cls(int(low), int(high or low))

    def days(self, sale: Sale, seed: int) -> int:
        """Days until this sale is delivered."""
        if self.fewest == self.most:
            return self.fewest
        return random.Random(f"delivery {sale.line} {seed}").randint(self.fewest, self.most)


@dataclass(frozen=True, slots=True)
class Order:
    """A sale as it is going to be recorded; amounts in minor units, the region by its number (0: none)."""

    sale: Sale
    seller: str
    cost: int
    fees: int
    region: int
    delivered_after: int


@dataclass(slots=True)
class Story:
    """All that happens by day: who joins, what is sold, what is refunded; and what cannot be played."""

    calendar: PlayCalendar
    regions: Mapping[str, int]
    joins: defaultdict[int, list[TeamMember]] = field(default_factory=lambda: defaultdict(list))
    orders: defaultdict[int, list[Order]] = field(default_factory=lambda: defaultdict(list))
    refunds: defaultdict[int, list[Refund]] = field(default_factory=lambda: defaultdict(list))
    unsold: list[Sale] = field(default_factory=list)

    @property
    def last_day(self) -> int:
        """The last day on which something of the history happens."""
        return max(max(days, default=0) for days in (self.joins, self.orders, self.refunds))

    @property
    def days(self) -> range:
        """All days of the history."""
        return range(self.last_day + 1)

    @property
    def sales(self) -> int:
        """What all orders together cost their buyers, in minor units."""
        return sum(order.sale.amount for orders in self.orders.values() for order in orders)


def tell(
    history: History,
    matching: Matching,
    team: Sequence[TeamMember],
    seller_of: Mapping[int, str | None],
    *,
    calendar: PlayCalendar,
    costs: Costs,
    delivery: Delivery,
    seed: int,
) -> Story:
    """Puts everything on its day. Sales that nobody sold are kept apart: no such retail order exists."""
    names = {sale.region for sale in history.sales} | {member.region for member in team}
    regions = {name: number for number, name in enumerate(sorted(name for name in names if name), start=1)}
    story = Story(calendar, regions)
    for member in team:
        story.joins[max(0, calendar.day(member.joined)) if member.joined else 0].append(member)
    for sale in history.sales:
        seller = seller_of[sale.line]
        if seller is None:
            story.unsold.append(sale)
            continue
        cost, fees = costs.of(sale)
        region = regions[sale.region] if sale.region else 0
        order = Order(sale, seller, cost, fees, region, delivery.days(sale, seed))
        story.orders[calendar.day(sale.time)].append(order)
    for refund in matching.refunds:
        story.refunds[calendar.day(refund.cancellation.time)].append(refund)
    return story
