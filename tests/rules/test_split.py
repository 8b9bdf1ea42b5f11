"""The split of any order at any net price (rules § 3)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.rules.money import part
from liandong.rules.plan import SEED, STRICT, Plan
from liandong.rules.split import margin_at_price, split
from liandong.rules.terms import Channel, Terms

BPS = st.integers(0, 10_000)
PAYEES = {
    Channel.RETAIL: {"direct", "region"},
    Channel.CAMPAIGN: {"direct", "host"},
    Channel.STORE: {"guide", "store"},
    Channel.CROSS_BORDER: {"direct"},
}


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rates = {
        name: draw(BPS)
        for name in (
            "team_bps",
            "cap_bps",
            "fund_bps",
            "dividend_bps",
            "region_bps",
            "host_bps",
            "guide_bps",
            "service_bps",
        )
    }
    return SEED.changed(rates)


@st.composite
def orders(draw: st.DrawFn) -> tuple[Terms, Plan, int]:
    """Terms whose costs the price bears, a plan, and a net price."""
    plan = draw(plans())
    channel = draw(st.sampled_from(Channel))
    price = draw(st.one_of(st.integers(1, 200), st.integers(1, 2**48 - 1)))
    service = part(price, plan.service_bps) if channel is Channel.CROSS_BORDER else 0
    left = price - service
    costs = []
    for _ in range(4):
        costs.append(draw(st.integers(0, left)))
        left -= costs[-1]
    if channel is not Channel.CROSS_BORDER:
        costs[2:] = [0, 0]
    seller = draw(st.sampled_from(["amy", None])) if channel is Channel.STORE else "amy"
    terms = Terms(
        channel=channel,
        price=price,
        cost=costs[0],
        fees=costs[1],
        duty=costs[2],
        insurance=costs[3],
        supplier="sup",
        seller=seller,
        rate=draw(BPS),
        leader=draw(st.sampled_from(["boss", None])) if seller else None,
        partner={Channel.STORE: "shop", Channel.CAMPAIGN: draw(st.sampled_from(["amy", "host"]))}.get(
            channel
        ),
        holder=draw(st.sampled_from(["holder", None])) if channel is Channel.RETAIL else None,
    )
    return terms, plan, draw(st.integers(0, price))


@given(orders())
def test_lines_sum_to_the_net_price_within_the_cap(order: tuple[Terms, Plan, int]) -> None:
    terms, plan, net = order
    lines = split(terms, net, plan)
    assert sum(amount for _, amount in lines.items()) == net
    assert min(amount for _, amount in lines.items()) >= 0
    assert lines.selling <= min(part(net, plan.cap_bps), net - lines.costs)


@given(orders())
def test_only_those_are_paid_whom_the_terms_name(order: tuple[Terms, Plan, int]) -> None:
    terms, plan, net = order
    paid = set(split(terms, net, plan).not_zero()) & {"direct", "region", "host", "guide", "store", "team"}
    assert paid <= PAYEES[terms.channel] | {"team"}
    assert terms.leader or "team" not in paid
    assert terms.holder or "region" not in paid
    assert terms.seller or not paid & {"guide", "direct"}
    assert terms.partner != terms.seller or "host" not in paid


@given(orders())
def test_whoever_sells_the_selling_share_is_the_same(order: tuple[Terms, Plan, int]) -> None:
    """Partners and holders are paid out of the slot, never on top of it."""
    terms, plan, net = order
    bare = replace(terms, channel=Channel.RETAIL, seller="amy", holder=None, leader=None, duty=0, insurance=0)
    if terms.channel is not Channel.CROSS_BORDER:
        lines = split(terms, net, plan)
        assert lines.selling - lines.team == split(bare, net, plan).direct


@given(orders())
def test_at_the_full_price_costs_are_paid_in_full(order: tuple[Terms, Plan, int]) -> None:
    terms, plan, _ = order
    lines = split(terms, terms.price, plan)
    assert (lines.supply, lines.fees, lines.duty, lines.insurance) == (
        terms.cost, terms.fees, terms.duty, terms.insurance,
    )  # fmt: skip
    assert terms.price - lines.costs == margin_at_price(terms, plan)
    assert split(terms, 0, plan).total == 0


@given(orders(), st.data())
def test_of_less_nobody_outside_gets_more(order: tuple[Terms, Plan, int], data: st.DataObject) -> None:
    """Cost lines and service fee never rise by a refund; what is left may, by rounding alone."""
    terms, plan, net = order
    less = split(terms, data.draw(st.integers(0, net)), plan)
    more = split(terms, net, plan)
    for line in ("supply", "fees", "duty", "insurance", "service"):
        assert getattr(less, line) <= getattr(more, line)
    for line in ("direct", "region", "host", "guide", "store", "team"):
        assert getattr(less, line) <= getattr(more, line) + 5


@given(orders())
def test_strict_pays_nobody_for_what_others_sell(order: tuple[Terms, Plan, int]) -> None:
    terms, _, net = order
    if margin_at_price(terms, STRICT) >= 0:
        lines = split(terms, net, STRICT)
        assert lines.team == lines.region == lines.fund == lines.dividend == 0


def test_an_order_by_hand() -> None:
    """100.00 with 40.00 of cost: 20 % of 100, 8 % of 100, a quarter of 32, a twentieth of 24."""
    terms = Terms(Channel.RETAIL, 10_000, 4_000, 0, 0, 0, "sup", "amy", 2000, "boss", None, None)
    assert split(terms, 10_000, SEED).not_zero() == {
        "supply": 4000, "direct": 2000, "team": 800, "fund": 800, "dividend": 120, "platform": 2280,
    }  # fmt: skip


@pytest.mark.parametrize("net", [-1, 10_001])
def test_a_net_price_that_cannot_be(net: int) -> None:
    terms = Terms(Channel.RETAIL, 10_000, 0, 0, 0, 0, "sup", "amy", 2000, None, None, None)
    with pytest.raises(ValueError, match="not within"):
        split(terms, net, SEED)
