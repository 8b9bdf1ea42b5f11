"""The statement: what a plan would have paid, to whom, when; in figures that the contracts told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from liandong.backtest.balances import Balances
from liandong.backtest.contract_side import GasUse
from liandong.backtest.history import History
from liandong.backtest.matching import Matching
from liandong.backtest.play import Played
from liandong.backtest.reconciliation import Reconciliation, reconcile
from liandong.backtest.setting import Setting
from liandong.backtest.story import Story
from liandong.backtest.tally import Tally
from liandong.rules.people import Tier

SELLING = ("direct", "region", "host", "guide", "store", "team")
"""Lines that are selling commission, which the cap bounds (rules § 3)."""

SCENARIOS: tuple[tuple[int, str, str, tuple[str, ...]], ...] = (
    (1, "直推", "direct", ("direct",)),
    (2, "团队", "team", ("team",)),
    (3, "帮扶基金", "support fund", ("fund",)),
    (4, "区域保护", "region", ("region",)),
    (5, "年度分红", "dividend", ("dividend",)),
    (6, "活动", "campaign", ("host",)),
    (7, "门店导购", "store", ("guide", "store")),
    (8, "供货与代购", "supply", ("supply", "fees", "duty", "insurance", "service")),
)
"""The eight scenarios: number, names, and lines (rules § 3)."""


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario's lines, net of what refunds took back; ``claimed`` of a pool's was paid out to agents."""

    number: int
    chinese: str
    english: str
    lines: dict[str, int]
    amount: int
    claimed: int | None
    of_settled_bps: int


@dataclass(frozen=True, slots=True)
class TierRow:
    """Sales by the tier that their seller had when they were recorded; ``agents`` are of it at the end."""

    tier: str
    rate_bps: int
    agents: int
    orders: int
    sales: int
    refunded: int
    earned: int
    effective_bps: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A calendar month: what was recorded, refunded, settled, paid and withdrawn in it."""

    month: str
    orders: int
    sales: int
    refunded: int
    settled: int
    direct: int
    team: int
    region: int
    support_claimed: int
    dividend_claimed: int
    platform: int
    withdrawn: int
    became_debt: int


@dataclass(frozen=True, slots=True)
class PayeeRow:
    """An agent and what it earned by line, net of what refunds took back, with its claims on the pools."""

    agent: str
    tier: str
    boss: bool
    orders: int
    sales: int
    direct: int
    team: int
    region: int
    support: int
    dividend: int
    total: int
    debt: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the whole play, in minor units. ``settled`` is net of all refunds."""

    orders: int
    sales: int
    refunded_before: int
    refunded_after: int
    refunds_before: int
    refunds_after: int
    settled_orders: int
    settled: int
    selling: int
    support_claimed: int
    dividend_claimed: int
    to_agents: int
    supply: int
    fees: int
    platform: int
    taken_back: int
    became_debt: int
    debt_repaid: int
    debt: int
    selling_bps: int
    to_agents_bps: int


@dataclass(frozen=True, slots=True)
class NotPlayed:
    """A row of the history that moved no money: why, where, and how much it was about."""

    line: int | None
    what: str
    reason: str
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the reports show."""

    setting: Setting
    rows: int
    sales: int
    cancellations: int
    shared: int
    totals: Totals
    scenarios: tuple[ScenarioRow, ...]
    tiers: tuple[TierRow, ...]
    months: tuple[MonthRow, ...]
    payees: tuple[PayeeRow, ...]
    balances: tuple[tuple[str, Balances], ...]
    gas: dict[str, GasUse]
    not_played: dict[str, tuple[NotPlayed, ...]]
    reconciliation: Reconciliation
    seconds: float
    events: int
    blocks: int

    @property
    def orders_a_second(self) -> float:
        """Orders that lived through the play in a second of it, on both sides."""
        return self.totals.orders / self.seconds if self.seconds else 0.0

    @property
    def left_out(self) -> int:
        """How many rows moved no money."""
        return sum(len(rows) for rows in self.not_played.values())

    def document(self) -> dict[str, object]:
        """The statement for programs: plain values only."""
        document = asdict(self)
        document["orders_a_second"] = round(self.orders_a_second, 1)
        document["agrees"] = self.reconciliation.agrees
        document["balances"] = [{"date": date, **asdict(one)} for date, one in self.balances]
        return document


def state(setting: Setting, history: History, matching: Matching, story: Story, played: Played) -> Statement:
    """Makes the statement of a play."""
    tally = played.contracts.tally
    totals = _totals(tally, played)
    return Statement(
        setting=setting,
        rows=history.rows,
        sales=len(history.sales),
        cancellations=len(history.cancellations),
        shared=matching.shared,
        totals=totals,
        scenarios=tuple(_scenarios(tally, totals)),
        tiers=tuple(_tiers(setting, tally, played)),
        months=tuple(_months(story, tally)),
        payees=tuple(_payees(tally, played)),
        balances=tuple(
            (story.calendar.date(day).isoformat(), balances) for day, balances in played.balances.items()
        ),
        gas=dict(played.contracts.gas),
        not_played=_not_played(history, matching, story, played),
        reconciliation=reconcile(played),
        seconds=played.seconds,
        events=tally.events,
        blocks=played.contracts.blocks,
    )


def bps(part: int, whole: int) -> int:
    """A part of a whole in basis points, 0 of nothing."""
    return part * 10_000 // whole if whole else 0


def _totals(tally: Tally, played: Played) -> Totals:
    days = tally.days.values()
    paid = tally.paid
    selling = sum(paid[line] for line in SELLING)
    late = sum(day.refunded_late for day in days)
    settled = sum(day.settled for day in days) - late
    support = sum(day.support_claimed for day in days)
    dividend = sum(day.dividend_claimed for day in days)
    to_agents = selling + paid["service"] + support + dividend
    refunded = sum(day.refunded for day in days)
    late_refunds = sum(day.refunds_late for day in days)
    return Totals(
        orders=sum(day.orders for day in days),
        sales=sum(day.sales for day in days),
        refunded_before=refunded - late,
        refunded_after=late,
        refunds_before=sum(day.refunds for day in days) - late_refunds,
        refunds_after=late_refunds,
        settled_orders=sum(day.settled_orders for day in days),
        settled=settled,
        selling=selling,
        support_claimed=support,
        dividend_claimed=dividend,
        to_agents=to_agents,
        supply=paid["supply"],
        fees=paid["fees"],
        platform=paid["platform"],
        taken_back=sum(day.taken_back for day in days),
        became_debt=sum(day.became_debt for day in days),
        debt_repaid=sum(day.debt_repaid for day in days),
        debt=played.balances[played.last_day].debt,
        selling_bps=bps(selling, settled),
        to_agents_bps=bps(to_agents, settled),
    )


def _scenarios(tally: Tally, totals: Totals) -> list[ScenarioRow]:
    paid = tally.paid
    claimed = {3: totals.support_claimed, 5: totals.dividend_claimed}
    return [
        ScenarioRow(
            number=number,
            chinese=chinese,
            english=english,
            lines={line: paid[line] for line in lines},
            amount=(amount := sum(paid[line] for line in lines)),
            claimed=claimed.get(number),
            of_settled_bps=bps(amount, totals.settled),
        )
        for number, chinese, english, lines in SCENARIOS
    ]


def _tiers(setting: Setting, tally: Tally, played: Played) -> list[TierRow]:
    now = Counter(agent.tier for agent in played.ledger.people.agents())
    orders: defaultdict[Tier, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for order in tally.orders.values():
        row = orders[order.tier]
        row[0] += 1
        row[1] += order.price
        row[2] += order.refunded
        row[3] += order.lines["direct"]
    rows = []
    for tier in Tier:
        count, sales, refunded, earned = orders[tier]
        rows.append(
            TierRow(
                tier=tier.name.lower(),
                rate_bps=setting.plan.tier_bps[tier],
                agents=now[tier],
                orders=count,
                sales=sales,
                refunded=refunded,
                earned=earned,
                effective_bps=bps(earned, sales - refunded),
            )
        )
    return rows


def _months(story: Story, tally: Tally) -> list[MonthRow]:
    by_month: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for day, facts in sorted(tally.days.items()):
        month = by_month[story.calendar.month(day)]
        for name in MonthRow.__slots__:
            if name != "month":
                month[name] += facts.paid[name] if name in facts.paid else getattr(facts, name, 0)
    return [
        MonthRow(month, **{name: row[name] for name in MonthRow.__slots__ if name != "month"})
        for month, row in by_month.items()
    ]


def _payees(tally: Tally, played: Played) -> list[PayeeRow]:
    sold: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for order in tally.orders.values():
        sold[order.seller][0] += 1
        sold[order.seller][1] += order.price - order.refunded
    accounts = played.ledger.books.accounts
    rows = []
    for agent in played.ledger.people.agents():
        number = played.contracts.numbers[agent.id]
        earned = tally.earned[number]
        rows.append(
            PayeeRow(
                agent=agent.id,
                tier=agent.tier.name.lower(),
                boss=agent.is_boss,
                orders=sold[number][0],
                sales=sold[number][1],
                direct=earned["direct"],
                team=earned["team"],
                region=earned["region"],
                support=earned["support"],
                dividend=earned["share"],
                total=sum(earned.values()),
                debt=accounts[agent.id].debt,
            )
        )
    return sorted(rows, key=lambda row: (-row.total, row.agent))


def _not_played(
    history: History, matching: Matching, story: Story, played: Played
) -> dict[str, tuple[NotPlayed, ...]]:
    bad = (NotPlayed(row.line, row.text[:80], row.reason, 0) for row in history.bad_rows)
    unmatched = (
        NotPlayed(one.cancellation.line, one.cancellation.invoice, one.reason, one.cancellation.amount)
        for one in matching.unmatched
    )
    unsold = (
        NotPlayed(sale.line, sale.invoice, "no agent sold it, so it pays nobody", sale.amount)
        for sale in story.unsold
    )
    orphans = (
        NotPlayed(
            one.cancellation.line,
            one.cancellation.invoice,
            f"its sale {one.sale.invoice} (line {one.sale.line}) was not recorded",
            one.amount,
        )
        for one in played.orphans
    )
    refused = (
        NotPlayed(one.line, f"{one.step} {one.what}", f"{one.error}: {one.detail}", one.amount)
        for one in played.refusals
    )
    kinds: dict[str, Sequence[NotPlayed]] = {
        "bad rows": tuple(bad),
        "cancellations without a sale": tuple(unmatched),
        "sales without an agent": tuple(unsold),
        "refunds of sales that were not recorded": tuple(orphans),
        "refused by the rules": tuple(refused),
    }
    return {kind: tuple(rows) for kind, rows in kinds.items()}
