"""The lines of an order by the Python rules, each with its rule and its payee (rules § 3)."""

from __future__ import annotations

from liandong.chain.state_words import Account
from liandong.chain.words import CHANNELS, RETAIL, TermsOnRecord
from liandong.orders.schemas import LineView, TermsView
from liandong.rules.plan import Plan
from liandong.rules.split import split
from liandong.rules.terms import Channel, Terms

RULES = {
    "supply": "供货 supply: the supplier's cost",
    "fees": "fees: payment and logistics",
    "duty": "duty of a cross-border order",
    "insurance": "insurance of a cross-border order",
    "service": "代购 service fee of the certified seller",
    "direct": "直推 direct: the seller's share",
    "region": "区域保护 region: who protects the ship-to region",
    "host": "活动 campaign: its host",
    "guide": "导购 guide of the store",
    "store": "门店 store",
    "team": "团队 team: the seller's leader",
    "fund": "帮扶基金 support fund",
    "dividend": "年度分红 yearly dividend",
    "platform": "platform: what remains with the brand",
}
"""Which rule each line is paid by."""

PARTIES = {
    "supply": "supplier", "service": "seller", "direct": "seller", "region": "partner", "host": "partner",
    "guide": "seller", "store": "partner", "team": "leader",
}  # fmt: skip
"""Which of an order's parties each line is paid to, where it is paid to one."""

_BRAND = {
    "fees": Account.FEES, "duty": Account.DUTY, "insurance": Account.INSURANCE, "platform": Account.PLATFORM,
}  # fmt: skip
_POOLS = {"fund": "support", "dividend": "dividend"}


def rules_terms(terms: TermsOnRecord) -> Terms:
    """Terms on record as the rules take them."""
    retail = terms.channel == RETAIL
    return Terms(
        channel=Channel(CHANNELS[terms.channel]), price=terms.price, cost=terms.cost, fees=terms.fees,
        duty=terms.duty, insurance=terms.insurance, supplier=str(terms.supplier), seller=_id(terms.seller),
        rate=terms.rate_bps, leader=_id(terms.leader), partner=None if retail else _id(terms.partner),
        holder=_id(terms.partner) if retail else None,
    )  # fmt: skip


def lines_of(terms: TermsOnRecord, plan: Plan) -> list[LineView]:
    """The lines at the present net price that are not zero, under the order's plan version."""
    payees = _BRAND | {line: getattr(terms, party) for line, party in PARTIES.items()}
    lines = split(rules_terms(terms), terms.price - terms.refunded, plan)
    return [
        LineView(line=name, rule=RULES[name], amount=amount, account=payees.get(name), pool=_POOLS.get(name))
        for name, amount in lines.items()
        if amount
    ]


def lines_for(terms: TermsOnRecord, plan: Plan, participant: int) -> dict[str, int]:
    """Those of the lines that a participant gets, by name: of many orders, much quicker than all."""
    mine = [line for line, party in PARTIES.items() if getattr(terms, party) == participant]
    lines = split(rules_terms(terms), terms.price - terms.refunded, plan)
    return {line: amount for line in mine if (amount := getattr(lines, line))}


def terms_view(terms: TermsOnRecord) -> TermsView:
    """Terms by name, null for nobody."""
    return TermsView(
        channel=CHANNELS[terms.channel], price=terms.price, cost=terms.cost, fees=terms.fees,
        duty=terms.duty, insurance=terms.insurance, seller=terms.seller or None, supplier=terms.supplier,
        partner=terms.partner or None, campaign=terms.campaign or None, leader=terms.leader or None,
        rate_bps=terms.rate_bps, plan=terms.plan, day=terms.day,
    )  # fmt: skip


def _id(number: int) -> str | None:
    return str(number) if number else None
