"""How an amount comes about: the rules' formula (rules §§ 3, 5), step by step, with the numbers filled in.

The rules reckon; here it is only written out, and the last step is held against what the chain paid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from liandong.chain.words import TermsOnRecord
from liandong.figures import money
from liandong.orders.lines import rules_terms
from liandong.orders.reckoning import reckoning
from liandong.rules.plan import Plan
from liandong.rules.split import split

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


TO_A_SHARE = ("net", "margin", "cap", "slot")
"""The figures before the slot is shared."""

SHARED_WITH = {"direct": ("region", "host"), "store": ("guide",)}
"""Lines that are what another one leaves of the slot."""


def of_line(terms: TermsOnRecord, plan: Plan, refunded: int, line: str) -> list[Step]:
    """The steps to a line of an order that had so much refunded when it settled (rules § 3)."""
    found = reckoning(replace(terms, refunded=refunded), plan)
    by_name = {one.name: Step(one.name, one.filled, one.result) for one in (*found.steps, *found.lines)}
    net, margin = by_name["net"].result, by_name["margin"].result
    by_name["margin"] = Step("margin", f"{money(net)} − {money(net - margin)}", margin)
    if line in ("supply", "service"):
        return [by_name["net"], by_name[line]]
    steps = [by_name[name] for name in TO_A_SHARE]
    if line not in SHARED_WITH:
        return [*steps, by_name[line]]
    last = by_name[line]
    other = next((by_name[name] for name in SHARED_WITH[line] if name in by_name), None)
    if other is None:
        return [*steps, Step(f"all_{line}", money(by_name["slot"].result), last.result)]
    return [*steps, other, Step(f"rest_{line}", last.filled, last.result)]


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
