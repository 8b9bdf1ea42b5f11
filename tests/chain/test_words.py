"""The two words of terms: the same in Python and in the lens."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.chain.settlement import SettlementClient
from liandong.chain.words import MAX_AMOUNT, MAX_NUMBER, OrderInput, TermsOnRecord, net_of
from liandong.errors import AmountTooLarge

amounts = st.integers(0, MAX_AMOUNT) | st.sampled_from([0, 1, MAX_AMOUNT])
numbers = st.integers(0, MAX_NUMBER) | st.sampled_from([0, MAX_NUMBER])
small = st.integers(0, 2**16 - 1)
channels = st.integers(0, 3)

orders = st.builds(
    OrderInput, channel=channels, price=st.integers(1, MAX_AMOUNT), supplier=numbers, cost=amounts,
    fees=amounts, duty=amounts, insurance=amounts, seller=numbers, partner=numbers, campaign=numbers,
    region=numbers,
)  # fmt: skip
records = st.builds(
    TermsOnRecord, channel=channels, price=amounts, cost=amounts, fees=amounts, duty=amounts,
    insurance=amounts, seller=numbers, supplier=numbers, partner=numbers, campaign=numbers, leader=numbers,
    rate_bps=small, plan=small, day=small, refunded=amounts,
)  # fmt: skip


@pytest.fixture(scope="module")
def lens(node: EmbeddedNode) -> SettlementClient:
    return deploy_locally(node.client())


@given(records)
def test_terms_survive_the_words(terms: TermsOnRecord) -> None:
    words = terms.words()
    assert TermsOnRecord.from_words(*words) == terms
    assert net_of(*words) == terms.price - terms.refunded


@settings(max_examples=50)
@given(order=orders)
def test_the_lens_packs_an_order_into_the_same_words(lens: SettlementClient, order: OrderInput) -> None:
    given_ = (
        order.channel, order.price, order.cost, order.fees, order.duty, order.insurance, order.seller,
        order.supplier, order.partner, order.campaign, order.region,
    )  # fmt: skip
    assert tuple(lens.lens("encode", given_)) == order.words()


@settings(max_examples=50)
@given(terms=records)
def test_the_lens_reads_the_same_terms_out(lens: SettlementClient, terms: TermsOnRecord) -> None:
    assert lens.lens("decode", *terms.words()) == astuple(terms)


@pytest.mark.parametrize("field", ["price", "cost", "fees", "duty", "insurance"])
def test_amounts_from_2_to_the_48_on_are_too_large(field: str) -> None:
    values = {"price": MAX_AMOUNT, field: MAX_AMOUNT}
    OrderInput(0, supplier=1, **values).words()
    with pytest.raises(AmountTooLarge, match=str(2**48)):
        OrderInput(0, supplier=1, **(values | {field: 2**48})).words()


@pytest.mark.parametrize("price", [0, -1, -(2**60)])
def test_a_price_that_is_not_above_0_is_left_to_the_contract(price: int) -> None:
    amounts_word, _ = OrderInput(2, price, supplier=1, cost=2**50, fees=-3).words()
    terms = TermsOnRecord.from_words(amounts_word, 0)
    assert (terms.channel, terms.price) == (2, 0)
