"""Many transactions in one block, on a development node: what a day of a long play needs."""

from __future__ import annotations

from typing import Any

from liandong.chain.errors import NodeRefused, TransactionLost
from liandong.chain.node import NodeClock
from liandong.chain.reverts import explained
from liandong.chain.signer import Receipt, Sender, Signer


class BlockWriter:
    """Gathers transactions of several signers and mines them in the order in which they were added.

    From its making on the node mines no block by itself. Gas is not estimated: every transaction has the
    sender's ``fixed_gas``.
    """

    def __init__(self, sender: Sender, clock: NodeClock) -> None:
        if sender.fixed_gas is None:
            raise ValueError("what waits for its block cannot be estimated: give the sender a fixed_gas")
        self._sender = sender
        self._clock = clock
        self._waiting: list[tuple[str, str, Signer, str, bytes]] = []
        clock.mine_by_itself(False)

    def add(self, signer: Signer, to: str, data: bytes) -> None:
        """Signs a call; it is sent with the next block."""
        assert self._sender.fixed_gas is not None
        raw, hash_ = self._sender.sign(signer, to, data, self._sender.fixed_gas)
        assert signer.nonce is not None
        signer.nonce += 1
        self._waiting.append((raw, hash_, signer, to, data))

    def mine(self, timestamp: int) -> list[Receipt]:
        """Mines one block at this time (Unix seconds) with all that waits; returns the receipts in order.

        Raises the error of the first transaction that reverted; those beside it have taken effect.
        """
        client = self._sender.client
        try:
            client.batch_strict([("eth_sendRawTransaction", (raw,)) for raw, *_ in self._waiting])
        except NodeRefused as error:
            raise explained(error) from error
        self._clock.set(timestamp)
        found: dict[str, dict[str, Any]] = {
            one["transactionHash"]: one for one in client.call("eth_getBlockReceipts", "latest")
        }
        receipts: list[Receipt] = []
        for _, hash_, signer, to, data in self._waiting:
            if hash_ not in found:
                raise TransactionLost(f"{hash_} is not in the block that was mined for it")
            receipts.append(self._sender.outcome(found[hash_], signer.address, to, data))
        self._waiting.clear()
        return receipts
