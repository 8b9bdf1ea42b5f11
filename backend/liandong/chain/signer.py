"""Local keys and the transactions that they sign (EIP-1559)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from liandong.chain.abi import Event
from liandong.chain.errors import NodeRefused, TransactionLost, TransactionReverted
from liandong.chain.reverts import error_from, explained, revert_data
from liandong.chain.rpc import RpcClient

TRANSACTION_GAS = 2**24
"""The most gas that a transaction may use (EIP-7825)."""

FEES_FOR_SECONDS = 10.0
"""For how long fees are used; their cap is twice the base fee, which is more than five full blocks away."""

RECEIPT_SECONDS = 180.0

SENT_AT_ONCE = 64
"""Transactions of one signer that are under way together; nodes keep a few dozen for an account."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction that succeeded."""

    transaction: str
    block: int
    gas_used: int
    contract: str | None
    logs: Sequence[Mapping[str, Any]]

    def values_of(self, event: Event) -> list[dict[str, Any]]:
        """The values of all events of one kind, in order."""
        topic = "0x" + event.topic.hex()
        return [
            event.read([bytes.fromhex(one[2:]) for one in log["topics"]], bytes.fromhex(log["data"][2:]))
            for log in self.logs
            if log["topics"] and log["topics"][0] == topic
        ]


class Signer:
    """One key that sends transactions, and keeps count of its nonce."""

    def __init__(self, account: LocalAccount) -> None:
        self.account = account
        self.address: str = account.address
        self.nonce: int | None = None

    @classmethod
    def from_key(cls, key: str | bytes) -> Signer:
        """From a private key: 32 bytes, or hex."""
        return cls(Account.from_key(key))


@dataclass(frozen=True, slots=True)
class Fees:
    """EIP-1559 fees in wei a unit of gas."""

    most: int
    tip: int


class Sender:
    """Sends signed transactions to one node and waits for their receipts.

    A transaction that reverts raises the error that it reverted with (a rule error, a contract error, or
    ``TransactionReverted``). Gas is estimated first, so that what would revert is never sent; with
    ``fixed_gas`` that is the gas limit, and the error is asked for afterwards, which is quicker.
    """

    def __init__(self, client: RpcClient, *, fixed_gas: int | None = None) -> None:
        self.client = client
        self.fixed_gas = fixed_gas
        self.chain_id = int(client.call("eth_chainId"), 16)
        self._fees: Fees | None = None
        self._fees_until = 0.0

    def fees(self) -> Fees:
        """Fees for the next transactions."""
        if self._fees is None or time.monotonic() > self._fees_until:
            block, tip = self.client.batch(
                [("eth_getBlockByNumber", ("latest", False)), ("eth_maxPriorityFeePerGas", ())]
            )
            if isinstance(block, NodeRefused):
                raise block
            base = int(block.get("baseFeePerGas") or "0x0", 16)
            # a node need not know the method for tips; where base fees are 0, gas is free
            tip_wei = 0 if base == 0 else 10**9 if isinstance(tip, NodeRefused) else int(tip, 16)
            self._fees = Fees(2 * base + tip_wei, tip_wei)
            self._fees_until = time.monotonic() + FEES_FOR_SECONDS
        return self._fees

    def sign(self, signer: Signer, to: str | None, data: bytes, gas: int, value: int = 0) -> tuple[str, str]:
        """Signs with the signer's next nonce; returns the raw transaction and its hash."""
        if signer.nonce is None:
            signer.nonce = int(self.client.call("eth_getTransactionCount", signer.address, "pending"), 16)
        fees = self.fees()
        transaction = {
            "type": 2, "chainId": self.chain_id, "nonce": signer.nonce, "gas": gas, "value": value,
            "data": data, "maxFeePerGas": fees.most, "maxPriorityFeePerGas": fees.tip,
        }  # fmt: skip
        if to is not None:
            transaction["to"] = bytes.fromhex(to[2:])
        signed = signer.account.sign_transaction(transaction)
        return "0x" + signed.raw_transaction.hex(), "0x" + signed.hash.hex()

    def send(self, signer: Signer, to: str | None, data: bytes, value: int = 0) -> Receipt:
        """Sends one transaction (``to`` None creates a contract) and waits for its receipt."""
        gas = self.fixed_gas or self.estimate(signer.address, to, data, value)
        raw, hash_ = self.sign(signer, to, data, gas, value)
        sent, found = self.client.batch(
            [("eth_sendRawTransaction", (raw,)), ("eth_getTransactionReceipt", (hash_,))]
        )
        if isinstance(sent, NodeRefused):
            signer.nonce = None
            raise explained(sent)
        assert signer.nonce is not None
        signer.nonce += 1
        found = found if found and not isinstance(found, NodeRefused) else self.wait(hash_)
        return self._receipt(found, signer.address, to, data, value)

    def send_many(self, signer: Signer, calls: Sequence[tuple[str, bytes]]) -> list[Receipt]:
        """Sends one signer's calls in their order, without waiting in between; all must succeed.

        Raises the first one's error if one fails; those before and after it may have taken effect.
        """
        gas = self.fixed_gas or TRANSACTION_GAS
        receipts: list[Receipt] = []
        for start in range(0, len(calls), SENT_AT_ONCE):
            part = calls[start : start + SENT_AT_ONCE]
            signed: list[tuple[str, str]] = []
            for to, data in part:
                signed.append(self.sign(signer, to, data, gas))
                signer.nonce += 1
            try:
                self.client.batch_strict([("eth_sendRawTransaction", (raw,)) for raw, _ in signed])
            except NodeRefused as error:
                signer.nonce = None
                raise explained(error) from error
            found = self.client.batch([("eth_getTransactionReceipt", (hash_,)) for _, hash_ in signed])
            for one, (_, hash_), (to, data) in zip(found, signed, part, strict=True):
                ready = one if one and not isinstance(one, NodeRefused) else self.wait(hash_)
                receipts.append(self._receipt(ready, signer.address, to, data, 0))
        return receipts

    def estimate(self, sender: str, to: str | None, data: bytes, value: int = 0) -> int:
        """Gas that the transaction needs and a sixth more; raises what it would revert with."""
        try:
            needed = int(self.client.call("eth_estimateGas", _call(sender, to, data, value)), 16)
        except NodeRefused as error:
            raise explained(error) from error
        return min(needed + needed // 6, max(TRANSACTION_GAS, needed))

    def receipt(self, hash_: str) -> Receipt:
        """The receipt of a transaction that was sent and must succeed; waits for it."""
        found = self.wait(hash_)
        if int(found["status"], 16) != 1:
            raise TransactionReverted(f"transaction {hash_} reverted")
        return self._receipt(found, "", None, b"", 0)

    def outcome(self, found: Mapping[str, Any], sender: str, to: str, data: bytes) -> Receipt:
        """Reads a mined call's receipt; raises what the call reverted with."""
        return self._receipt(found, sender, to, data, 0)

    def wait(self, hash_: str) -> dict[str, Any]:
        """The receipt of a transaction that was sent. Raises :class:`TransactionLost`."""
        deadline = time.monotonic() + RECEIPT_SECONDS
        pause = 0.001
        while time.monotonic() < deadline:
            found = self.client.call("eth_getTransactionReceipt", hash_)
            if found is not None:
                return found
            time.sleep(pause)
            pause = min(pause * 2, 1.0)
        raise TransactionLost(f"no receipt for {hash_} within {RECEIPT_SECONDS:.0f} s; it may still be mined")

    def _receipt(
        self, found: Mapping[str, Any], sender: str, to: str | None, data: bytes, value: int
    ) -> Receipt:
        if int(found["status"], 16) != 1:
            raise self._reason(found, sender, to, data, value)
        return Receipt(
            transaction=found["transactionHash"],
            block=int(found["blockNumber"], 16),
            gas_used=int(found["gasUsed"], 16),
            contract=found.get("contractAddress"),
            logs=found["logs"],
        )

    def _reason(
        self, found: Mapping[str, Any], sender: str, to: str | None, data: bytes, value: int
    ) -> Exception:
        """Why a mined transaction reverted, by calling again in its block, whose time it had."""
        call = _call(sender, to, data, value) | {"gas": hex(self.fixed_gas or TRANSACTION_GAS)}
        try:
            self.client.call("eth_call", call, found["blockNumber"])
        except NodeRefused as error:
            data_ = revert_data(error)
            if data_ is not None:
                return error_from(data_)
        return TransactionReverted(
            f"transaction {found['transactionHash']} reverted, and the same call does not say why now"
        )


def _call(sender: str, to: str | None, data: bytes, value: int) -> dict[str, Any]:
    call = {"from": sender, "data": "0x" + data.hex()}
    if to is not None:
        call["to"] = to
    if value:
        call["value"] = hex(value)
    return call
