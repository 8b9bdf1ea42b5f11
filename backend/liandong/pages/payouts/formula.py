"""How an amount comes about: the rules' formula (rules §§ 3, 5), step by step, with the numbers filled in.

The rules reckon; here it is only written out, and the last step is held against what the chain paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from liandong.chain.words import TermsOnRecord
from liandong.figures import money, percent
from liandong.orders.lines import rules_terms
from liandong.rules.money import part
from liandong.rules.plan import Plan
from liandong.rules.split import Lines, split
from liandong.rules.terms import Channel, Terms

PARTIES = {
    "supplier": ("supply",), "seller": ("service", "direct", "guide"),
    "partner": ("region", "host", "store"), "leader": ("team",),
}  # fmt: skip
"""The parties of an order and the lines that each is paid by."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the reckoning. ``name``: the text that says what it is; ``filled``: with its numbers."""

    name: str
    filled: str
    result: int


def net_step(terms: TermsOnRecord, refunded: int) -> Step:
    """Price less what was refunded before."""
    return Step("net", f"{money(terms.price)} − {money(refunded)}", terms.price - refunded)


def of_line(on_record: TermsOnRecord, plan: Plan, refunded: int, line: str) -> list[Step]:
    """The steps to a line of an order that had so much refunded when it settled (rules § 3)."""
    first = net_step(on_record, refunded)
    terms, net = rules_terms(on_record), first.result
    lines = split(terms, net, plan)
    if line == "supply":
        return [
            first,
            Step("supply", f"⌊{money(terms.cost)} × {money(net)} ÷ {money(terms.price)}⌋", lines.supply),
        ]
    if line == "service":
        return [first, Step("service", _share(net, plan.service_bps), lines.service)]
    margin = net - lines.costs
    cap = min(margin, part(net, plan.cap_bps))
    slot = min(part(net, terms.rate), cap)
    steps = [
        first,
        Step("margin", f"{money(net)} − {money(lines.costs)}", margin),
        Step("cap", f"min({money(margin)}, {_share(net, plan.cap_bps)})", cap),
        Step("slot", f"min({_share(net, terms.rate)}, {money(cap)})", slot),
    ]
    if line == "team":
        filled = f"min({_share(net, plan.team_bps)}, {money(cap)} − {money(slot)})"
        return [*steps, Step("team", filled, lines.team)]
    return steps + _shares_of_slot(terms, plan, net, slot, lines, line)


def of_refund(
    on_record: TermsOnRecord, plan: Plan, refunds: list[int], account: int, taken: int
) -> list[Step]:
    """What the last of an order's refunds took back from an account (rules § 4).

    The chain takes from each party by itself: who is two parties of an order has two entries, and ``taken``
    tells which one is meant.
    """
    before, after = (
        split(rules_terms(on_record), on_record.price - sum(some), plan) for some in (refunds[:-1], refunds)
    )
    found: list[Step] = []
    for party, lines in PARTIES.items():
        fell = [line for line in lines if getattr(after, line) < getattr(before, line)]
        if getattr(on_record, party) != account or not fell:
            continue
        then, now = (sum(getattr(one, line) for line in fell) for one in (before, after))
        found = [
            Step("before_refund", money(on_record.price - sum(refunds[:-1])), then),
            Step("after_refund", money(on_record.price - sum(refunds)), now),
            Step("taken back", f"{money(then)} − {money(now)}", then - now),
        ]
        if then - now == taken:
            break
    return found


def of_claim(pool: int, weight: int, all_weights: int, most: int, most_name: str) -> list[Step]:
    """An agent's share of a closed month or year (rules § 5)."""
    share = pool * weight // all_weights if all_weights else 0
    return [
        Step("share", f"⌊{money(pool)} × {money(weight)} ÷ {money(all_weights)}⌋", share),
        Step(most_name, f"min({money(share)}, {money(most)})", min(share, most)),
    ]


def _shares_of_slot(terms: Terms, plan: Plan, net: int, slot: int, lines: Lines, line: str) -> list[Step]:
    """How the selling share is divided in the order's channel."""
    match terms.channel:
        case Channel.RETAIL if terms.holder is not None:
            first = Step("region", f"min({_share(net, plan.region_bps)}, {money(slot)})", lines.region)
        case Channel.CAMPAIGN if terms.partner != terms.seller:
            first = Step("host", _share(slot, plan.host_bps), lines.host)
        case Channel.STORE if terms.seller is not None:
            first = Step("guide", _share(slot, plan.guide_bps), lines.guide)
        case _:
            return [Step(f"all_{line}", money(slot), getattr(lines, line))]
    if first.name == line:
        return [first]
    rest = f"{money(slot)} − {money(first.result)}"
    return [first, Step(f"rest_{line}", rest, getattr(lines, line))]


def _share(amount: int, bps: int) -> str:
    return f"⌊{money(amount)} × {percent(bps)}⌋"
