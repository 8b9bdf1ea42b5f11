"""Recording a sale: its checks in the order of the rules' table, and the terms that it fixes (rules §§ 3, 4).

A check that speaks of a host, a campaign, a store or a certificate is made in the channel that has one;
there, a missing host or store is an unknown one. ``WrongChannel`` comes late in the table: a field that the
channel does not have is refused only when all that it does have is right, and without being looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liandong.errors import (
    AmountTooLarge,
    CampaignClosed,
    InvalidPrice,
    NotCertified,
    PriceBelowCost,
    UnknownCampaign,
    UnknownParticipant,
    WrongChannel,
    WrongKind,
)
from liandong.rules.campaigns import Campaign
from liandong.rules.people import Agent, Kind, People, Tier
from liandong.rules.plan import Plan
from liandong.rules.split import margin_at_price
from liandong.rules.terms import Channel, Terms

AMOUNT_LIMIT = 2**48
"""Amounts of an order are below this, in minor units."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A paid sale as the operator reports it: amounts in minor units, ``region`` where it ships to."""

    channel: Channel
    price: int
    supplier: str
    cost: int
    fees: int
    region: int
    seller: str | None
    partner: str | None
    campaign: str | None
    duty: int
    insurance: int


def terms_of(
    sale: Sale,
    people: People,
    campaigns: Mapping[str, Campaign],
    regions: Mapping[int, str],
    plan: Plan,
    today: int,
) -> Terms:
    """The terms that the sale is recorded under, or the first error of the table, but for the treasury's."""
    _check_amounts(sale)
    _check_kind(people, sale.supplier, Kind.SUPPLIER)
    seller = None
    if sale.seller is not None or sale.channel is not Channel.STORE:
        seller = people.agent_not_frozen(sale.seller)
    match sale.channel:
        case Channel.CAMPAIGN:
            people.agent(sale.partner)  # may be frozen: a frozen agent is still credited
            _check_open(campaigns, sale.campaign, today)
        case Channel.STORE:
            _check_kind(people, sale.partner, Kind.STORE)
        case Channel.CROSS_BORDER:
            if seller is not None and not seller.certified:
                raise NotCertified(seller.id)
    _check_channel_has_all(sale)
    terms = Terms(
        channel=sale.channel,
        price=sale.price,
        cost=sale.cost,
        fees=sale.fees,
        duty=sale.duty,
        insurance=sale.insurance,
        supplier=sale.supplier,
        seller=sale.seller,
        rate=plan.tier_bps[seller.tier if seller else Tier.STARTER],
        leader=seller.leader if seller else None,
        partner=sale.partner,
        holder=_holder_due(sale, seller, regions),
    )
    margin = margin_at_price(terms, plan)
    if margin < 0:
        raise PriceBelowCost(f"by {-margin}")
    return terms


def _check_amounts(sale: Sale) -> None:
    if sale.price <= 0:
        raise InvalidPrice(str(sale.price))
    for name in ("price", "cost", "fees", "duty", "insurance"):
        amount: int = getattr(sale, name)
        if amount < 0:
            raise ValueError(f"{name} is {amount}, costs are never negative")
        if amount >= AMOUNT_LIMIT:
            raise AmountTooLarge(f"{name} is {amount}")


def _check_kind(people: People, id: str | None, wanted: Kind) -> None:
    kind = people.kind(id)
    if kind is None:
        raise UnknownParticipant(f"a {wanted} is missing" if id is None else f"no {wanted} {id}")
    if kind is not wanted:
        raise WrongKind(f"{id} is a {kind}, not a {wanted}")


def _check_open(campaigns: Mapping[str, Campaign], id: str | None, today: int) -> None:
    if id is None or id not in campaigns:
        raise UnknownCampaign("a campaign is missing" if id is None else id)
    if campaigns[id].is_past(today):
        raise CampaignClosed(f"{id} since the end of day {campaigns[id].deadline}")


def _check_channel_has_all(sale: Sale) -> None:
    # An amount of 0 is an absent one; a partner or campaign that is named is there, whoever it is.
    abroad, campaign = sale.channel is Channel.CROSS_BORDER, sale.channel is Channel.CAMPAIGN
    for name, given, belongs in (
        ("duty", sale.duty > 0, abroad),
        ("insurance", sale.insurance > 0, abroad),
        ("partner", sale.partner is not None, campaign or sale.channel is Channel.STORE),
        ("campaign", sale.campaign is not None, campaign),
    ):
        if given and not belongs:
            raise WrongChannel(f"{sale.channel} has no {name}")


def _holder_due(sale: Sale, seller: Agent | None, regions: Mapping[int, str]) -> str | None:
    """Who protects the ship-to region, retail only: not the seller, nor where the seller is at home."""
    if sale.channel is not Channel.RETAIL or seller is None or seller.region == sale.region:
        return None
    holder = regions.get(sale.region)
    return holder if holder != seller.id else None
