"""A signer behind HTTP: ``eth_signTransaction`` in JSON-RPC, as key managers and clients offer it.

What comes back is read before it is used: it must be the transaction that was asked for, signed by the
address that was named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rlp
from eth_account import Account
from eth_utils import keccak

from liandong.chain.errors import NodeRefused, NodeUnreachable
from liandong.chain.rpc import RpcClient
from liandong.outbox.errors import SignerRefused
from liandong.outbox.signing import Signed

SECONDS = 10.0
"""How long a signer may take."""

_NUMBERS = (("chainId", 0), ("nonce", 1), ("maxPriorityFeePerGas", 2), ("maxFeePerGas", 3), ("gas", 4))
TO, VALUE, DATA = 5, 6, 7
"""Places of fields in an EIP-1559 transaction."""


class RemoteSigner:
    """Asks a signer of its own for each signature. Raises :class:`SignerRefused`."""

    def __init__(self, url: str, address: str) -> None:
        self.address = address
        self._client = RpcClient(url, timeout=SECONDS)

    def __repr__(self) -> str:
        return f"RemoteSigner({self.address})"

    def sign(self, transaction: Mapping[str, Any]) -> Signed:
        """The transaction, signed."""
        asked = {name: hex(transaction[name]) for name, _ in _NUMBERS} | {
            "type": "0x2",
            "from": self.address,
            "to": "0x" + transaction["to"].hex(),
            "value": hex(transaction["value"]),
            "data": "0x" + transaction["data"].hex(),
        }
        try:
            answer = self._client.call("eth_signTransaction", asked)
        except (NodeRefused, NodeUnreachable) as error:
            raise SignerRefused(f"{self.address}: {error}") from error
        written = answer.get("raw") if isinstance(answer, dict) else answer
        try:
            raw = bytes.fromhex(written.removeprefix("0x"))
            fields = rlp.decode(raw[1:])
            signer = Account.recover_transaction(raw)
        except Exception as error:
            raise SignerRefused(f"{self.address}: the answer is no signed transaction") from error
        numbers = {name: int.from_bytes(fields[place]) for name, place in _NUMBERS}
        same = (
            raw[0] == 2
            and all(numbers[name] == transaction[name] for name in numbers)
            and fields[TO] == transaction["to"]
            and int.from_bytes(fields[VALUE]) == transaction["value"]
            and fields[DATA] == transaction["data"]
        )
        if not same or signer.lower() != self.address.lower():
            raise SignerRefused(f"{self.address}: signed something else than it was asked to")
        return Signed(raw, "0x" + keccak(raw).hex())
