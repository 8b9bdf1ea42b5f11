"""The formula as it is written out ends with what the rules pay, for every channel, line and refund."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from liandong.chain.words import CAMPAIGN, CROSS_BORDER, RETAIL, STORE, TermsOnRecord
from liandong.orders.lines import rules_terms
from liandong.pages.payouts import formula
from liandong.rules.plan import SEED
from liandong.rules.split import split

SELLER, SUPPLIER, OTHER, LEADER = 16, 17, 18, 19
TO_PARTICIPANTS = ("supply", "service", "direct", "region", "host", "guide", "store", "team")


@st.composite
def orders(draw: st.DrawFn) -> tuple[TermsOnRecord, int]:
    channel = draw(st.sampled_from((RETAIL, CAMPAIGN, STORE, CROSS_BORDER)))
    price = draw(st.integers(1, 10**7))
    cost = draw(st.integers(0, price * 7 // 10))
    partner = draw(st.sampled_from((0, OTHER))) if channel == RETAIL else OTHER
    if channel == CAMPAIGN:
        partner = draw(st.sampled_from((SELLER, OTHER)))
    terms = TermsOnRecord(
        channel=channel, price=price, cost=cost, fees=price // 100,
        duty=price // 20 if channel == CROSS_BORDER else 0, insurance=0,
        seller=0 if channel == STORE and draw(st.booleans()) else SELLER, supplier=SUPPLIER,
        partner=0 if channel == CROSS_BORDER else partner, campaign=1 if channel == CAMPAIGN else 0,
        leader=draw(st.sampled_from((0, LEADER))), plan=1, day=0,
        rate_bps=draw(st.sampled_from(SEED.tier_bps)),
    )  # fmt: skip
    return terms, draw(st.integers(0, price))


@given(orders())
def test_the_last_step_is_what_is_paid(order: tuple[TermsOnRecord, int]) -> None:
    terms, refunded = order
    lines = split(rules_terms(terms), terms.price - refunded, SEED)
    for line in TO_PARTICIPANTS:
        amount = getattr(lines, line)
        if amount:
            steps = formula.of_line(terms, SEED, refunded, line)
            assert steps[-1].result == amount, line
            assert steps[0].result == terms.price - refunded


@given(orders(), st.integers(0, 10**7))
def test_a_refund_takes_back_what_fell(order: tuple[TermsOnRecord, int], more: int) -> None:
    terms, before = order
    more = min(more, terms.price - before)
    then, now = (split(rules_terms(terms), terms.price - one, SEED) for one in (before, before + more))
    for account, lines in ((LEADER, ("team",)), (SUPPLIER, ("supply",)), (SELLER, ("service", "direct"))):
        lost = sum(max(getattr(then, line) - getattr(now, line), 0) for line in lines)
        if account in (terms.seller, terms.supplier, terms.leader) and lost and terms.channel == RETAIL:
            steps = formula.of_refund(terms, SEED, [before, more], account, lost)
            assert steps[-1].result == lost
