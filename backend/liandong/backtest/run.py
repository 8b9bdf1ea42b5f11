"""From files and choices to a statement: reads, plays and states a backtest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from liandong.backtest.agents import TeamMember, made_up_team, read_team
from liandong.backtest.amounts import Money
from liandong.backtest.calendar import PlayCalendar
from liandong.backtest.contract_side import ContractSide
from liandong.backtest.costs import Costs
from liandong.backtest.history import History, read_history
from liandong.backtest.matching import Matching, match
from liandong.backtest.play import Choices, OnDay, play
from liandong.backtest.sellers import sellers
from liandong.backtest.setting import Setting
from liandong.backtest.statement import Statement, state
from liandong.backtest.story import Delivery, Story, tell
from liandong.chain.deployment import CHINA
from liandong.chain.node import EmbeddedNode
from liandong.rules.plan import Plan
from liandong.rules.state import Ledger

DEPLOYING_SECONDS = 3600
"""The embedded chain starts so long before the first morning, for the deployment's blocks."""


PAST_BLOCKS = 2
"""Past blocks that the embedded chain keeps: a year has many hundreds, and nobody asks about them."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``agents`` None makes up a team of ``team_size`` from ``seed``."""

    orders: Path
    plan_name: str
    plan: Plan
    costs: Costs
    delivery: Delivery
    columns: Mapping[str, str] = field(default_factory=dict)
    money: Money = Money.AUTO
    encoding: str = "utf-8-sig"
    strict: bool = False
    agents: Path | None = None
    team_size: int = 1000
    seed: int = 1
    choices: Choices = field(default_factory=Choices)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything read and put in order, nothing played yet."""

    request: Request
    history: History
    matching: Matching
    team: list[TeamMember]
    story: Story


def prepare(request: Request) -> Prepared:
    """Reads the files and puts the story together. Errors are those of the readers."""
    history = read_history(
        request.orders,
        request.columns,
        money=request.money,
        encoding=request.encoding,
        strict=request.strict,
    )
    return put_together(request, history, team_of(request, history))


def team_of(request: Request, history: History) -> list[TeamMember]:
    """The team of the request's file, or one that is made up to go with the history."""
    if request.agents is not None:
        return read_team(request.agents, request.encoding)
    regions = Counter(sale.region for sale in history.sales if sale.region)
    return made_up_team(request.team_size, request.seed, *days_of(history), regions)


def days_of(history: History) -> tuple[date, date]:
    """The days of the first and the last sale."""
    return history.sales[0].time.date(), history.sales[-1].time.date()


def put_together(request: Request, history: History, team: list[TeamMember]) -> Prepared:
    """The story of a history and a team that have been read."""
    first, _ = days_of(history)
    matching = match(history.sales, history.cancellations)
    story = tell(
        history,
        matching,
        team,
        sellers(history, team, first, request.seed),
        calendar=PlayCalendar(first, CHINA),
        costs=request.costs,
        delivery=request.delivery,
        seed=request.seed,
    )
    return Prepared(request, history, matching, team, story)


def run(prepared: Prepared, on_day: OnDay = lambda day, orders: None) -> Statement:
    """Plays the story on an embedded node and states what came of it."""
    request, story = prepared.request, prepared.story
    with EmbeddedNode(timestamp=story.calendar.morning(0) - DEPLOYING_SECONDS, past=PAST_BLOCKS) as node:
        contracts = ContractSide(node, request.plan, story.calendar.utc_offset, str(request.seed))
        played = play(story, Ledger(request.plan), contracts, request.choices, on_day)
        setting = _setting(prepared, story.calendar.date(played.last_day).isoformat())
        return state(setting, prepared.history, prepared.matching, story, played)


def _setting(prepared: Prepared, last_day: str) -> Setting:
    request, delivery = prepared.request, prepared.request.delivery
    made_up = f"made up, {request.team_size} agents, seed {request.seed}"
    after = (
        f"{delivery.fewest}" if delivery.fewest == delivery.most else f"{delivery.fewest} to {delivery.most}"
    )
    return Setting(
        history=request.orders.name,
        amounts=f"{prepared.history.writing.money} ({prepared.history.writing.reason})",
        plan_name=request.plan_name,
        plan=request.plan,
        team=request.agents.name if request.agents else made_up,
        agents=len(prepared.team),
        first_day=prepared.story.calendar.date(0).isoformat(),
        last_day=last_day,
        choices={
            "sellers": "as the history says"
            if prepared.history.names_sellers and not prepared.history.sellers_drawn
            else f"by customer, seed {request.seed}",
            "cost": "column, else " + _percent(request.costs.cost),
            "fees": "column, else " + _percent(request.costs.fees),
            "delivered after days": after,
            "orders a batch": request.choices.batch,
            "regions protected": request.choices.protect_regions,
            "withdrawals": "monthly" if request.choices.withdraw_monthly else "never",
        },
    )


def _percent(ratio: object) -> str:
    return f"{float(ratio) * 100:g} % of the price"  # type: ignore[arg-type]
