"""What a plan pays on a sample order, tier by tier and scenario by scenario (rules § 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from liandong.rules.people import Tier
from liandong.rules.plan import Plan
from liandong.rules.split import Lines, margin_at_price, split
from liandong.rules.terms import Channel, Terms


@dataclass(frozen=True, slots=True)
class Situation:
    """A kind of sale that the table shows: which scenarios of rules § 3 it is about, and who takes part."""

    scenarios: tuple[int, ...]
    title: str
    channel: Channel
    leader: bool = False
    holder: bool = False
    seller: bool = True
    own_campaign: bool = False


SITUATIONS = (
    Situation((1, 3, 5), "直推 direct: a boss sells", Channel.RETAIL),
    Situation((2,), "团队 team: a team's member sells", Channel.RETAIL, leader=True),
    Situation((4,), "区域 region: shipped to a protected region", Channel.RETAIL, leader=True, holder=True),
    Situation((6,), "活动 campaign: somebody else hosts", Channel.CAMPAIGN, leader=True),
    Situation((7,), "门店 store: with a guide", Channel.STORE, leader=True),
    Situation((7,), "门店 store: nobody guided the buyer", Channel.STORE, seller=False),
    Situation((8,), "代购 cross-border", Channel.CROSS_BORDER, leader=True),
)


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """The order that is tried, in minor units; ``duty`` and ``insurance`` are of a cross-border one only."""

    price: int = 10_000
    cost: int = 4_000
    fees: int = 100
    duty: int = 900
    insurance: int = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One situation: the lines for each tier, starter to diamond; None where the order would be refused."""

    situation: Situation
    lines: tuple[Lines | None, ...]


def table(plan: Plan, order: SampleOrder) -> Iterator[Row]:
    """All situations under a plan. Without a seller the rate is starter's, whatever the column."""
    for situation in SITUATIONS:
        yield Row(situation, tuple(lines_of(plan, situation, order, tier) for tier in Tier))


def lines_of(plan: Plan, situation: Situation, order: SampleOrder, tier: Tier) -> Lines | None:
    """What the order pays where a seller of this tier sells; None where it is refused (PriceBelowCost)."""
    rate = plan.tier_bps[tier if situation.seller else Tier.STARTER]
    terms = _terms(situation, order, rate)
    return split(terms, order.price, plan) if margin_at_price(terms, plan) >= 0 else None


def _terms(situation: Situation, order: SampleOrder, rate: int) -> Terms:
    abroad = situation.channel is Channel.CROSS_BORDER
    return Terms(
        channel=situation.channel,
        price=order.price,
        cost=order.cost,
        fees=order.fees,
        duty=order.duty if abroad else 0,
        insurance=order.insurance if abroad else 0,
        supplier="supplier",
        seller="seller" if situation.seller else None,
        rate=rate,
        leader="leader" if situation.leader else None,
        partner=_partner(situation),
        holder="holder" if situation.holder else None,
    )


def _partner(situation: Situation) -> str | None:
    if situation.channel is Channel.CAMPAIGN:
        return "seller" if situation.own_campaign else "host"
    return "store" if situation.channel is Channel.STORE else None
