"""The split of an order's net price into lines: one pure function (rules § 3)."""

from __future__ import annotations

from dataclasses import dataclass, fields

from liandong.rules.money import part
from liandong.rules.plan import Plan
from liandong.rules.terms import Channel, Terms


@dataclass(frozen=True, slots=True)
class Lines:
    """What each payee of an order gets, in minor units. Field order is the order in which lines are paid."""

    supply: int
    fees: int
    duty: int
    insurance: int
    service: int
    direct: int
    region: int
    host: int
    guide: int
    store: int
    team: int
    fund: int
    dividend: int
    platform: int

    def items(self) -> list[tuple[str, int]]:
        """All lines by name, in order."""
        return [(name, getattr(self, name)) for name in LINE_NAMES]

    def not_zero(self) -> dict[str, int]:
        """The lines that result documents show (rules § 7)."""
        return {name: amount for name, amount in self.items() if amount}

    @property
    def total(self) -> int:
        """The sum of all lines: the net price."""
        return sum(amount for _, amount in self.items())

    @property
    def costs(self) -> int:
        """What the sale carries before anybody earns a share: costs and service fee."""
        return self.supply + self.fees + self.duty + self.insurance + self.service

    @property
    def selling(self) -> int:
        """All selling commission, which the cap bounds."""
        return self.direct + self.region + self.host + self.guide + self.store + self.team

    @property
    def own(self) -> int:
        """The seller's own lines, which give it weight in the support fund (rules § 5)."""
        return self.direct + self.guide


LINE_NAMES = tuple(field.name for field in fields(Lines))
"""The names of all lines, in the order in which they are paid."""


def split(terms: Terms, net: int, plan: Plan) -> Lines:
    """The lines of an order at net price ``net`` (its price less all refunds so far), in minor units.

    ``plan`` is the version that the order was recorded under. The lines sum to ``net``. Only for terms
    whose costs and service fee are within the price, which recording checks (:func:`margin_at_price`).
    """
    if not 0 <= net <= terms.price:
        raise ValueError(f"net price {net} is not within 0 and the price {terms.price}")

    def share_of(amount: int) -> int:
        return amount * net // terms.price

    supply = share_of(terms.cost)
    fees = share_of(terms.fees)
    duty = share_of(terms.duty)
    insurance = share_of(terms.insurance)
    service = part(net, plan.service_bps) if terms.channel is Channel.CROSS_BORDER else 0
    margin = net - supply - fees - duty - insurance - service

    cap = min(margin, part(net, plan.cap_bps))
    slot = min(part(net, terms.rate), cap)
    team = min(part(net, plan.team_bps), cap - slot) if terms.leader is not None else 0

    direct = region = host = guide = store = 0
    match terms.channel:
        case Channel.RETAIL:
            region = min(part(net, plan.region_bps), slot) if terms.holder is not None else 0
            direct = slot - region
        case Channel.CAMPAIGN:
            host = part(slot, plan.host_bps) if terms.partner != terms.seller else 0
            direct = slot - host
        case Channel.STORE:
            guide = part(slot, plan.guide_bps) if terms.seller is not None else 0
            store = slot - guide
        case Channel.CROSS_BORDER:
            direct = slot

    rest = margin - slot - team
    fund = part(rest, plan.fund_bps)
    dividend = part(rest - fund, plan.dividend_bps)
    platform = rest - fund - dividend

    lines = Lines(
        supply=supply, fees=fees, duty=duty, insurance=insurance, service=service,
        direct=direct, region=region, host=host, guide=guide, store=store, team=team,
        fund=fund, dividend=dividend, platform=platform,
    )  # fmt: skip
    if lines.total != net or min(amount for _, amount in lines.items()) < 0 or lines.selling > cap:
        raise ArithmeticError(f"split of {terms} at {net} is wrong: {lines}")
    return lines


def margin_at_price(terms: Terms, plan: Plan) -> int:
    """The margin before any refund, in minor units; where negative, the order is refused (rules § 3)."""
    service = part(terms.price, plan.service_bps) if terms.channel is Channel.CROSS_BORDER else 0
    return terms.price - terms.cost - terms.fees - terms.duty - terms.insurance - service
