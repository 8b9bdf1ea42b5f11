"""What signs a lane's transactions, as the lane sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from eth_account.signers.local import LocalAccount


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed transaction, as it is sent, and its hash in hex."""

    raw: bytes
    hash: str


class TransactionSigner(Protocol):
    """Signs for one address."""

    address: str

    def sign(self, transaction: Mapping[str, Any]) -> Signed:
        """Signs an EIP-1559 transaction given in eth-account's form."""


class LocalSigner:
    """Signs with a key in this process."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self.address: str = account.address

    def __repr__(self) -> str:
        return f"LocalSigner({self.address})"

    def sign(self, transaction: Mapping[str, Any]) -> Signed:
        signed = self._account.sign_transaction(dict(transaction))
        return Signed(bytes(signed.raw_transaction), "0x" + signed.hash.hex())
