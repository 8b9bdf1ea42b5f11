"""EIP-712 messages as wallets take them (``eth_signTypedData_v4``); the contracts check the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liandong.chain.deployment import Deployment

_TYPES = {
    "EIP712Domain": (
        ("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"),
    ),
    "Join": (
        ("wallet", "address"), ("introducer", "uint256"), ("region", "uint256"), ("deadline", "uint256"),
    ),
    "Withdrawal": (
        ("account", "uint256"), ("amount", "uint256"), ("nonce", "uint256"), ("deadline", "uint256"),
    ),
}  # fmt: skip


def document(deployment: Deployment, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The message; numbers are decimal strings, since JavaScript's are too short."""
    types = {
        name: [{"name": field, "type": type_} for field, type_ in _TYPES[name]]
        for name in ("EIP712Domain", kind)
    }
    return {
        "types": types, "primaryType": kind,
        "domain": {
            "name": "Liandong", "version": "1", "chainId": deployment.chain_id,
            "verifyingContract": deployment.settlement,
        },
        "message": {name: str(value) for name, value in values.items()},
    }  # fmt: skip
