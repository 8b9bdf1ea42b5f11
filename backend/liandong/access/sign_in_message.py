"""The message that a wallet signs to sign in (EIP-4361), and the check of its signature.

The server makes the whole message and keeps its hash; only that very text is accepted, so nothing is parsed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_keys.exceptions import BadSignature, ValidationError
from eth_utils import keccak

from liandong.chain.errors import NodeRefused
from liandong.chain.rpc import RpcClient

STATEMENT = "Sign in to Liandong. This moves no money."
"""Plain ASCII, as EIP-4361 asks."""

_IS_VALID_SIGNATURE = keccak(b"isValidSignature(bytes32,bytes)")[:4]


def message(
    *, domain: str, uri: str, address: str, chain_id: int, nonce: str, issued: datetime, expires: datetime
) -> str:
    """The text, as EIP-4361 has it. ``address`` has its checksum; times are in UTC."""
    return (
        f"{domain} wants you to sign in with your Ethereum account:\n{address}\n\n{STATEMENT}\n\n"
        f"URI: {uri}\nVersion: 1\nChain ID: {chain_id}\nNonce: {nonce}\n"
        f"Issued At: {_time(issued)}\nExpiration Time: {_time(expires)}"
    )


def is_signed_by(text: str, signature: bytes, address: str, client: RpcClient) -> bool:
    """Whether the wallet signed the text: a plain wallet's way, or a contract's (ERC-1271)."""
    signable = encode_defunct(text=text)
    try:
        if len(signature) == 65 and Account.recover_message(signable, signature=signature) == address:
            return True
    except (ValueError, TypeError, BadSignature, ValidationError):
        pass
    digest = keccak(b"\x19" + signable.version + signable.header + signable.body)
    return _contract_says_yes(client, address, digest, signature)


def _contract_says_yes(client: RpcClient, address: str, digest: bytes, signature: bytes) -> bool:
    call: dict[str, Any] = {
        "to": address,
        "data": "0x" + (_IS_VALID_SIGNATURE + encode(("bytes32", "bytes"), (digest, signature))).hex(),
        "gas": hex(1_000_000),
    }
    try:
        said: str = client.call("eth_call", call, "latest")
    except NodeRefused:
        return False
    return said[2:66] == _IS_VALID_SIGNATURE.hex() + "00" * 28


def _time(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")
