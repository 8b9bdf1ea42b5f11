"""Signed transactions: made, read again, and sent so that sending twice is the same as once."""

from __future__ import annotations

import rlp

from liandong.chain.errors import NodeRefused
from liandong.chain.rpc import RpcClient
from liandong.chain.signer import Fees
from liandong.outbox.contract import Call
from liandong.outbox.signing import Signed, TransactionSigner

KNOWN = (
    "already known",
    "already imported",
    "known transaction",
    "alreadyknown",
    "already exists",
    "already in",
)
"""How nodes say that they have this very transaction."""

USED = ("nonce too low", "nonce is too low", "oldnonce", "nonce has already been used")
"""How nodes say that a transaction of this nonce was mined: this one or another."""

REPLACED = ("underpriced", "replacement", "fee too low to replace")
"""How nodes say that another attempt under this nonce waits with them, at a higher fee."""


def sign(signer: TransactionSigner, chain_id: int, nonce: int, call: Call, gas: int, fees: Fees) -> Signed:
    """An EIP-1559 transaction."""
    to, data = call
    return signer.sign(
        {
            "type": 2, "chainId": chain_id, "nonce": nonce, "gas": gas, "value": 0,
            "to": bytes.fromhex(to[2:]), "data": data,
            "maxFeePerGas": fees.most, "maxPriorityFeePerGas": fees.tip,
        }
    )  # fmt: skip


def call_of(raw: bytes) -> Call:
    """Where a stored transaction goes, and with what data."""
    fields = rlp.decode(raw[1:])
    return "0x" + fields[5].hex(), fields[7]


def send(client: RpcClient, raw: bytes) -> str | None:
    """Sends a stored transaction. None: the node has it, or had it; else why it does not take it now.

    Whether "nonce too low" means that it was mined is for receipts to tell.
    """
    try:
        client.call("eth_sendRawTransaction", "0x" + raw.hex())
    except NodeRefused as error:
        said = error.message.lower()
        if not any(words in said for words in (*KNOWN, *USED, *REPLACED)):
            return error.message
    return None
