"""The rule behind a line, with the order's own numbers in it (rules § 3)."""

from __future__ import annotations

from liandong.figures import money
from liandong.rules.orders import Order
from liandong.rules.terms import Channel

CLAIMS = {
    "support claim": "§ 5: pool · weight / all weights, no more than the weight",
    "dividend claim": "§ 5: pool · weight / all weights, no more than half the pool",
}


def rule_of(line: str, order: Order | None) -> str:
    """The rule that pays a line of this order, e.g. ``§ 3: slot ⌊200.00 · 20 %⌋``."""
    if line in CLAIMS or order is None:
        return CLAIMS.get(line, "")
    terms, plan, price = order.terms, order.plan, money(order.net)

    def part(bps: int, of: str = price) -> str:
        return f"⌊{of} · {bps / 100:g} %⌋"

    slot = f"slot {part(terms.rate)}"
    less = {Channel.RETAIL: " − region" if terms.holder else "", Channel.CAMPAIGN: " − host"}.get(
        terms.channel, ""
    )
    rule = {
        "supply": f"cost of {money(terms.cost)}",
        "fees": f"fees of {money(terms.fees)}",
        "duty": f"duty of {money(terms.duty)}",
        "insurance": f"insurance of {money(terms.insurance)}",
        "service": f"{part(plan.service_bps)}, of it {part(plan.holdback_bps, 'service')} kept as deposit",
        "direct": slot + less,
        "region": part(plan.region_bps),
        "host": f"{part(plan.host_bps, 'slot')} of {slot}",
        "guide": f"{part(plan.guide_bps, 'slot')} of {slot}",
        "store": slot + (" − guide" if terms.seller else ""),
        "team": part(plan.team_bps),
        "fund": part(plan.fund_bps, "rest"),
        "dividend": part(plan.dividend_bps, "(rest − fund)"),
        "platform": "rest − fund − dividend",
    }[line]
    return f"§ 3: {rule}"
