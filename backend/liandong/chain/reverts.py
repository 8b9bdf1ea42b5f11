"""From revert data to the exception of the same name."""

from __future__ import annotations

from eth_abi import decode
from eth_abi.exceptions import DecodingError

from liandong.chain.abi import Function, abi_of
from liandong.chain.errors import CONTRACT_ERRORS, NodeRefused, TransactionReverted
from liandong.errors import LiandongError, rule_error

SOURCES = ("ISettlementErrors", "Settlement", "Authority", "LocalToken")
"""Contracts whose ABIs name every error that a call can end with."""

_ERROR_STRING = bytes.fromhex("08c379a0")
_PANIC = bytes.fromhex("4e487b71")


def error_from(data: bytes) -> LiandongError:
    """The error that revert data names: a rule error, a contract error, or ``TransactionReverted``."""
    selector, rest = data[:4], data[4:]
    try:
        if selector == _ERROR_STRING:
            return TransactionReverted(f"reverted: {decode(('string',), rest)[0]}")
        if selector == _PANIC:
            return TransactionReverted(f"reverted with panic 0x{decode(('uint256',), rest)[0]:x}")
        for source in SOURCES:
            known = abi_of(source).errors.get(selector)
            if known is not None:
                return _named(known, rest)
    except DecodingError:
        pass
    said = f"0x{data.hex()}" if data else "nothing"
    return TransactionReverted(f"reverted, and what it said is no error of ours: {said}")


def revert_data(error: NodeRefused) -> bytes | None:
    """The revert data in a node's answer; None if it was not a revert. Nodes differ in where they put it."""
    found = error.data
    if isinstance(found, dict):
        found = found.get("data")
    if isinstance(found, str) and found.startswith("0x"):
        return bytes.fromhex(found[2:])
    return b"" if "revert" in error.message.lower() else None


def explained(error: NodeRefused) -> LiandongError:
    """The exception that a node's answer stands for: what reverted, or the answer itself."""
    data = revert_data(error)
    return error if data is None else error_from(data)


def _named(known: Function, rest: bytes) -> LiandongError:
    values = decode(known.inputs, rest)
    detail = ", ".join(f"{name} {value}" for name, value in zip(known.input_names, values, strict=True))
    if known.name in CONTRACT_ERRORS:
        return CONTRACT_ERRORS[known.name](detail)
    try:
        return rule_error(known.name)(detail)
    except LookupError:
        return TransactionReverted(f"reverted with {known.name}({detail})")
