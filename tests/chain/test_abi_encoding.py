"""The encoder of our own beside eth_abi's, for every function that it takes and for made-up types."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_abi.exceptions import ValueOutOfBounds
from eth_abi.grammar import BasicType, TupleType, parse
from hypothesis import given
from hypothesis import strategies as st

from liandong.chain.abi import abi_of
from liandong.chain.abi_encoding import encoder_of

WORDS = st.sampled_from(["uint256", "uint48", "uint8", "bytes32", "bytes4"])


def _lists_and_tuples(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tuples = st.lists(inner, min_size=1, max_size=4).map(lambda kinds: f"({','.join(kinds)})")
    return inner.map("{}[]".format) | tuples


KINDS = st.recursive(WORDS, _lists_and_tuples, max_leaves=8)


def values_of(kind: str) -> st.SearchStrategy[Any]:
    """Values of a type."""
    if kind.endswith("[]"):
        return st.lists(values_of(kind.removesuffix("[]")), max_size=3)
    parsed = parse(kind)
    if isinstance(parsed, TupleType):
        return st.tuples(*(values_of(one.to_type_str()) for one in parsed.components))
    assert isinstance(parsed, BasicType)
    if parsed.base == "uint":
        return st.integers(0, 2**parsed.sub - 1)
    return st.binary(max_size=parsed.sub)


@given(st.data(), st.lists(KINDS, max_size=4))
def test_it_encodes_as_the_general_one(data: st.DataObject, kinds: list[str]) -> None:
    ours = encoder_of(kinds)
    assert ours is not None
    values = [data.draw(values_of(kind)) for kind in kinds]
    assert ours(values) == encode(kinds, values)


@given(st.data(), st.sampled_from(["recordOrders", "deliver", "settle", "voidOrders", "refund"]))
def test_it_encodes_the_calls_about_orders(data: st.DataObject, name: str) -> None:
    kinds = abi_of("Settlement").functions[name].inputs
    ours = encoder_of(kinds)
    assert ours is not None
    values = [data.draw(values_of(kind)) for kind in kinds]
    assert ours(values) == encode(kinds, values)


@pytest.mark.parametrize("kind", ["address", "bytes", "string", "(uint256,int8)", "bool[]"])
def test_other_types_are_left_to_it(kind: str) -> None:
    assert encoder_of([kind]) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [("uint48", 2**48), ("uint256", 2**256), ("uint256", -1), ("uint8[]", [1, -1]), ("bytes4", b"12345")],
)
def test_what_does_not_fit_is_refused(kind: str, value: Any) -> None:
    ours = encoder_of([kind])
    assert ours is not None
    with pytest.raises(ValueOutOfBounds):
        ours([value])
