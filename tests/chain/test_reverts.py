"""Errors have the same name on chain and in Python."""

from __future__ import annotations

import pytest
from eth_abi import encode

from liandong.chain.abi import abi_of
from liandong.chain.errors import CONTRACT_ERRORS, NodeRefused, TransactionReverted
from liandong.chain.reverts import error_from, explained, revert_data
from liandong.errors import OrderHeld, RuleError, rule_error_names

ON_CHAIN = {error.name: error for error in abi_of("ISettlementErrors").errors.values()}


def test_every_error_of_the_rules_is_on_chain_and_back() -> None:
    assert rule_error_names() <= set(ON_CHAIN)
    assert set(ON_CHAIN) - rule_error_names() <= set(CONTRACT_ERRORS)


@pytest.mark.parametrize("name", sorted(ON_CHAIN))
def test_revert_data_becomes_the_type_of_its_name(name: str) -> None:
    error = ON_CHAIN[name]
    values = [{"uint256": 7, "address": "0x" + "11" * 20, "string": "x"}[kind] for kind in error.inputs]
    found = error_from(error.selector + encode(error.inputs, values))
    assert type(found).__name__ == name
    for field in error.input_names:
        assert field in str(found)


def test_details_name_the_values() -> None:
    error = ON_CHAIN["OrderHeld"]
    found = error_from(error.selector + encode(error.inputs, [12, 60]))
    assert isinstance(found, OrderHeld) and isinstance(found, RuleError)
    assert found.detail == "order 12, lapses 60"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "nothing"),
        (bytes.fromhex("08c379a0") + encode(("string",), ["no luck"]), "no luck"),
        (bytes.fromhex("4e487b71") + encode(("uint256",), [0x11]), "panic 0x11"),
        (b"\xde\xad\xbe\xef", "0xdeadbeef"),
        (ON_CHAIN["OrderHeld"].selector + b"\x01", "no error of ours"),
    ],
)
def test_other_reverts_are_told_as_they_are(data: bytes, said: str) -> None:
    found = error_from(data)
    assert isinstance(found, TransactionReverted) and said in str(found)


def test_what_is_no_revert_stays_the_nodes_answer() -> None:
    answer = NodeRefused("eth_call", -32000, "insufficient funds")
    assert revert_data(answer) is None and explained(answer) is answer
    nested = NodeRefused(
        "eth_call", 3, "execution reverted", {"data": "0x" + ON_CHAIN["NotHeld"].selector.hex()}
    )
    assert revert_data(nested) == ON_CHAIN["NotHeld"].selector
