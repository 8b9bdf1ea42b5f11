"""What a brand should notice in a plan that is valid: not wrong, but perhaps not meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

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


def percent(bps: int) -> str:
    """Basis points as per cent: 2000 is ``20 %``."""
    return f"{bps / 100:g} %"


def notices(plan: Plan, order: SampleOrder) -> list[str]:
    """All that is worth a notice, the gravest first; ``order`` tells what a usual sale costs."""
    return [*_law(plan), *_cap(plan), *_shares(plan), *_conditions(plan), *_days(plan), *_margin(plan, order)]


def _law(plan: Plan) -> Iterator[str]:
    paying = [
        f"{who} ({name} {percent(rate)})"
        for name, who in OTHERS_SALES.items()
        if (rate := getattr(plan, name))
    ]
    if paying:
        yield (
            f"pays on what others sell: {', '.join(paying)}. Some markets forbid that, and plan strict pays "
            "nobody for it; ask a lawyer before this plan goes live"
        )


def _cap(plan: Plan) -> Iterator[str]:
    cap = percent(plan.cap_bps)
    for rate in sorted(set(plan.tier_bps)):
        tiers = ", ".join(tier.name.lower() for tier in Tier if plan.tier_bps[tier] == rate)
        if rate > plan.cap_bps:
            yield (
                f"cap_bps {cap} is below the {percent(rate)} of {tiers}: "
                "sellers get the cap only, leaders nothing"
            )
        elif rate + plan.team_bps > plan.cap_bps:
            left = percent(plan.cap_bps - rate)
            yield (
                f"cap_bps {cap} is below the {percent(rate)} of {tiers} and "
                f"team_bps {percent(plan.team_bps)} together: leaders get {left} there"
            )


def _shares(plan: Plan) -> Iterator[str]:
    lowest = plan.tier_bps[Tier.STARTER]
    if not any(plan.tier_bps):
        yield "tier_bps are all 0: nobody is paid for selling"
        return
    if plan.region_bps >= lowest:
        yield (
            f"region_bps {percent(plan.region_bps)} is not below the {percent(lowest)} of starter: "
            "who sells into a protected region gets nothing"
        )
    if len(set(plan.tier_bps)) == 1:
        yield f"all tiers get {percent(lowest)}: reaching a tier changes no rate"
    if plan.dividend_bps and plan.dividend_share_cap_bps == 0:
        yield "dividend_share_cap_bps is 0: the dividend is gathered and never paid"


def _conditions(plan: Plan) -> Iterator[str]:
    teams = {"silver_team": plan.silver_team, "gold_team": plan.gold_team, "diamond_team": plan.diamond_team}
    for lower, higher in pairwise(teams):
        if teams[lower] >= teams[higher]:
            shown = f"{lower} {teams[lower]} is not below {higher} {teams[higher]}"
            yield f"{shown}: the lower tier is passed over"
    for name, value in {"bronze_directs": plan.bronze_directs, **teams}.items():
        if value == 0:
            yield f"{name} is 0: the tier comes with the first agent that becomes active below"
    if plan.activity_price == 0:
        yield "activity_price is 0: any sale, however small, makes its seller active and counts for tiers"


def _days(plan: Plan) -> Iterator[str]:
    if plan.refund_days <= plan.return_days:
        yield (
            f"refund_days {plan.refund_days} is not above return_days {plan.return_days}: "
            "once an order is settled, nothing of it can be refunded"
        )
    if plan.return_days > 60:
        yield f"return_days {plan.return_days}: agents wait more than two months for every commission"


def _margin(plan: Plan, order: SampleOrder) -> Iterator[str]:
    costs = order.cost + order.fees
    margin = (order.price - costs) * 10_000 // order.price
    selling = min(max(plan.tier_bps) + plan.team_bps, plan.cap_bps)
    if margin < 0:
        yield f"the sample order costs {percent(10_000 - margin)} of its price, so it is refused"
    elif selling >= margin:
        yield (
            f"the sample order costs {percent(10_000 - margin)} of its price: selling commission of up to "
            f"{percent(selling)} takes all that is left, and the brand keeps nothing"
        )
    abroad = costs + order.duty + order.insurance + order.price * plan.service_bps // 10_000
    if margin >= 0 and abroad > order.price:
        service = percent(plan.service_bps)
        yield f"service_bps {service} and costs are above the price of the cross-border sample order"
