"""What an order would pay, were it recorded now: the Python rules over the mirror; nothing is written."""

from __future__ import annotations

from sqlmodel import Session

from liandong.chain.words import CHANNELS, TermsOnRecord
from liandong.errors import InsufficientTreasury, UnknownParticipant
from liandong.http.calendar import calendar_of
from liandong.orders import repository
from liandong.orders.lines import lines_of, terms_view
from liandong.orders.schemas import QuoteView, Sale
from liandong.plans.repository import book, plan_of
from liandong.rules.campaigns import Campaign, CampaignKind
from liandong.rules.people import Agent, Kind, People, Tier
from liandong.rules.recording import Sale as RulesSale
from liandong.rules.recording import terms_of
from liandong.rules.terms import Channel


class MirroredPeople(People):
    """Participants as the rules see them, read from the mirror as they are asked for."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def kind(self, id: str | None) -> Kind | None:
        row = repository.person(self._session, int(id)) if id is not None else None
        return Kind(row.kind) if row is not None else None

    def agent(self, id: str | None) -> Agent:
        row = repository.person(self._session, int(id)) if id is not None else None
        if row is None or row.kind != Kind.AGENT:
            raise UnknownParticipant("an agent is missing" if id is None else f"no agent {id}")
        return Agent(
            id=str(row.number), region=row.region, introducer=_id(row.introducer), leader=_id(row.leader),
            tier=Tier(row.tier), active=row.active, active_directs=row.active_directs,
            team_active=row.team_active, frozen=row.frozen, certified=row.certified,
        )  # fmt: skip


def quote(session: Session, sale: Sale) -> QuoteView:
    """Terms and lines. Raises what the rules say to recording such an order, in their order."""
    totals = book(session)
    plan = plan_of(session, totals.plan)
    day = calendar_of(session).today
    terms = terms_of(
        _sale(sale), MirroredPeople(session), _campaigns(session, sale), _regions(session, sale), plan, day
    )
    if sale.price > totals.treasury:
        raise InsufficientTreasury(f"holds {totals.treasury}, the price is {sale.price}")
    fixed = TermsOnRecord(
        channel=CHANNELS.index(terms.channel), price=terms.price, cost=terms.cost, fees=terms.fees,
        duty=terms.duty, insurance=terms.insurance, seller=int(terms.seller or 0),
        supplier=int(terms.supplier), partner=int(terms.partner or terms.holder or 0),
        campaign=sale.campaign or 0, leader=int(terms.leader or 0), rate_bps=terms.rate, plan=totals.plan,
        day=day,
    )  # fmt: skip
    return QuoteView(terms=terms_view(fixed), lines=lines_of(fixed, plan))


def _sale(sale: Sale) -> RulesSale:
    return RulesSale(
        channel=Channel(sale.channel), price=sale.price, supplier=str(sale.supplier), cost=sale.cost,
        fees=sale.fees, region=sale.region, seller=_id(sale.seller), partner=_id(sale.partner),
        campaign=_id(sale.campaign), duty=sale.duty, insurance=sale.insurance,
    )  # fmt: skip


def _campaigns(session: Session, sale: Sale) -> dict[str, Campaign]:
    row = repository.campaign(session, sale.campaign) if sale.campaign is not None else None
    if row is None:
        return {}
    kind = CampaignKind.GROUP if row.kind == "group" else CampaignKind.PRESALE
    return {str(row.number): Campaign(kind, row.target, row.deadline, row.recorded)}


def _regions(session: Session, sale: Sale) -> dict[int, str]:
    holder = repository.holder(session, sale.region)
    return {sale.region: str(holder)} if holder else {}


def _id(number: int | None) -> str | None:
    return str(number) if number else None
