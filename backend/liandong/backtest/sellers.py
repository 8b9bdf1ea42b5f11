"""Who sold what: as the history says, else each customer has one agent, drawn from a seed."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate

from liandong.backtest.agents import TeamMember
from liandong.backtest.history import History, Sale

TALENT = 1.6
"""Shape of the Pareto distribution of selling talent: a few agents sell much, most of them little."""


def sellers(
    history: History, team: Sequence[TeamMember], first_day: date, seed: int
) -> Mapping[int, str | None]:
    """The seller of each sale, by the sale's line; None where nobody sold it.

    Where the history names sellers, they are taken as they are. Otherwise a customer stays with the agent
    that made the first sale, drawn among those who had joined by then; a sale to an unknown customer is
    drawn alone.
    """
    if history.names_sellers:
        return {sale.line: sale.seller for sale in history.sales}
    by_day = sorted(team, key=lambda member: member.joined or first_day)
    days = [member.joined or first_day for member in by_day]
    talents = list(accumulate(_talent(member.id, seed) for member in by_day))
    agent_of: dict[str, str | None] = {}
    result: dict[int, str | None] = {}
    for sale in history.sales:
        key = _buyer(sale)
        if agent_of.get(key) is None:
            there = bisect_right(days, sale.time.date())
            drawn = random.Random(f"customer {key} {seed}").random() * talents[there - 1] if there else 0
            agent_of[key] = by_day[bisect_left(talents, drawn, 0, there - 1)].id if there else None
        result[sale.line] = agent_of[key]
    return result


def _buyer(sale: Sale) -> str:
    return sale.customer if sale.customer is not None else f"line {sale.line}"


def _talent(agent: str, seed: int) -> float:
    return random.Random(f"talent {agent} {seed}").paretovariate(TALENT)
