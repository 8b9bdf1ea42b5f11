"""What a brand should notice in a plan that is valid: not wrong, but perhaps not meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from liandong.plans.sample import SampleOrder
from liandong.rules.people import Tier
from liandong.rules.plan import Plan

OTHERS_SALES = {
    "team_bps": "the seller's leader",
    "region_bps": "the holder of a region",
    "fund_bps": "the support fund",
    "dividend_bps": "the yearly dividend",
}
"""Parameters that pay people for what others sell."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is worth a notice, by name, in English words, and the values in them.

    Of ``values``, ``…_bps`` are basis points, ``tiers`` and ``parameters`` lists of names, all else
    numbers or one parameter's name.
    """

    name: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)


def percent(bps: int) -> str:
    """Basis points as per cent: 2000 is ``20 %``."""
    return f"{bps / 100:g} %"


def notices(plan: Plan, order: SampleOrder) -> list[Notice]:
    """All that is worth a notice, the gravest first; ``order`` tells what a usual sale costs."""
    return [*_law(plan), *_cap(plan), *_shares(plan), *_conditions(plan), *_days(plan), *_margin(plan, order)]


def _law(plan: Plan) -> Iterator[Notice]:
    paying = {name: who for name, who in OTHERS_SALES.items() if getattr(plan, name)}
    if paying:
        listed = ", ".join(f"{who} ({name} {percent(getattr(plan, name))})" for name, who in paying.items())
        yield Notice(
            "others_sales",
            f"pays on what others sell: {listed}. Some markets forbid that, and plan strict pays "
            "nobody for it; ask a lawyer before this plan goes live",
            {"parameters": list(paying)},
        )


def _cap(plan: Plan) -> Iterator[Notice]:
    cap = percent(plan.cap_bps)
    for rate in sorted(set(plan.tier_bps)):
        tiers = [tier.name.lower() for tier in Tier if plan.tier_bps[tier] == rate]
        values = {"cap_bps": plan.cap_bps, "rate_bps": rate, "tiers": tiers}
        shown = f"cap_bps {cap} is below the {percent(rate)} of {', '.join(tiers)}"
        if rate > plan.cap_bps:
            yield Notice("cap_seller", f"{shown}: sellers get the cap only, leaders nothing", values)
        elif rate + plan.team_bps > plan.cap_bps:
            yield Notice(
                "cap_leader",
                f"{shown} and team_bps {percent(plan.team_bps)} together: leaders get "
                f"{percent(plan.cap_bps - rate)} there",
                values | {"team_bps": plan.team_bps, "left_bps": plan.cap_bps - rate},
            )


def _shares(plan: Plan) -> Iterator[Notice]:
    lowest = plan.tier_bps[Tier.STARTER]
    if not any(plan.tier_bps):
        yield Notice("no_share", "tier_bps are all 0: nobody is paid for selling")
        return
    if plan.region_bps >= lowest:
        yield Notice(
            "region_above",
            f"region_bps {percent(plan.region_bps)} is not below the {percent(lowest)} of starter: "
            "who sells into a protected region gets nothing",
            {"region_bps": plan.region_bps, "rate_bps": lowest},
        )
    if len(set(plan.tier_bps)) == 1:
        text = f"all tiers get {percent(lowest)}: reaching a tier changes no rate"
        yield Notice("one_rate", text, {"rate_bps": lowest})
    if plan.dividend_bps and plan.dividend_share_cap_bps == 0:
        yield Notice("dividend_kept", "dividend_share_cap_bps is 0: the dividend is gathered and never paid")


def _conditions(plan: Plan) -> Iterator[Notice]:
    teams = {"silver_team": plan.silver_team, "gold_team": plan.gold_team, "diamond_team": plan.diamond_team}
    for lower, higher in pairwise(teams):
        if teams[lower] >= teams[higher]:
            shown = f"{lower} {teams[lower]} is not below {higher} {teams[higher]}"
            yield Notice(
                "tier_passed_over", f"{shown}: the lower tier is passed over",
                {"parameter": lower, "count": teams[lower], "other": higher, "other_count": teams[higher]},
            )  # fmt: skip
    for name, value in {"bronze_directs": plan.bronze_directs, **teams}.items():
        if value == 0:
            text = f"{name} is 0: the tier comes with the first agent that becomes active below"
            yield Notice("tier_at_once", text, {"parameter": name})
    if plan.activity_price == 0:
        text = "activity_price is 0: any sale, however small, makes its seller active and counts for tiers"
        yield Notice("any_sale", text)


def _days(plan: Plan) -> Iterator[Notice]:
    if plan.refund_days <= plan.return_days:
        yield Notice(
            "no_late_refund",
            f"refund_days {plan.refund_days} is not above return_days {plan.return_days}: "
            "once an order is settled, nothing of it can be refunded",
            {"refund": plan.refund_days, "return": plan.return_days},
        )
    if plan.return_days > 60:
        text = f"return_days {plan.return_days}: agents wait more than two months for every commission"
        yield Notice("long_window", text, {"return": plan.return_days})


def _margin(plan: Plan, order: SampleOrder) -> Iterator[Notice]:
    costs = order.cost + order.fees
    margin = (order.price - costs) * 10_000 // order.price
    selling = min(max(plan.tier_bps) + plan.team_bps, plan.cap_bps)
    shown = f"the sample order costs {percent(10_000 - margin)} of its price"
    values = {"cost_bps": 10_000 - margin, "selling_bps": selling}
    if margin < 0:
        yield Notice("sample_refused", f"{shown}, so it is refused", values)
    elif selling >= margin:
        yield Notice(
            "nothing_left",
            f"{shown}: selling commission of up to {percent(selling)} takes all that is left, and the brand "
            "keeps nothing",
            values,
        )
    abroad = costs + order.duty + order.insurance + order.price * plan.service_bps // 10_000
    if margin >= 0 and abroad > order.price:
        shown = f"service_bps {percent(plan.service_bps)} and costs"
        text = f"{shown} are above the price of the cross-border sample order"
        yield Notice("abroad_refused", text, {"service_bps": plan.service_bps})
