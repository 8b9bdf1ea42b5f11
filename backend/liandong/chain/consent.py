"""What wallets sign (EIP-712; contracts/logic/Consent.sol): joining, taking an account over, withdrawing.

Every message binds the chain, the settlement contract and a deadline in Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from eth_abi import encode
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

_DOMAIN = keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
_NAME = keccak(b"Liandong")
_VERSION = keccak(b"1")
_JOIN = keccak(b"Join(address wallet,uint256 introducer,uint256 region,uint256 deadline)")
_TAKE_OVER = keccak(b"TakeOver(uint256 participant,address wallet,uint256 deadline)")
_WITHDRAWAL = keccak(b"Withdrawal(uint256 account,uint256 amount,uint256 nonce,uint256 deadline)")

NO_DEADLINE = 2**64 - 1
"""A deadline that never comes, for chains whose clock is moved."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The chain and settlement contract that signatures are for."""

    chain_id: int
    settlement: str

    @property
    def separator(self) -> bytes:
        """EIP-712 domain separator."""
        return keccak(
            encode(
                ("bytes32", "bytes32", "bytes32", "uint256", "address"),
                (_DOMAIN, _NAME, _VERSION, self.chain_id, self.settlement),
            )
        )


def join_message(domain: Domain, wallet: str, introducer: int, region: int, deadline: int) -> bytes:
    """The digest by which a wallet consents to join by ``introducer`` (a participant's number)."""
    return _digest(
        domain, ("address", "uint256", "uint256", "uint256"), _JOIN, (wallet, introducer, region, deadline)
    )


def take_over_message(domain: Domain, participant: int, wallet: str, deadline: int) -> bytes:
    """The digest by which a wallet consents to take over a participant's account."""
    return _digest(domain, ("uint256", "address", "uint256"), _TAKE_OVER, (participant, wallet, deadline))


def withdrawal_message(domain: Domain, account: int, amount: int, nonce: int, deadline: int) -> bytes:
    """The digest by which an account's owner lets anybody send a withdrawal (minor units) to its wallet."""
    return _digest(
        domain, ("uint256", "uint256", "uint256", "uint256"), _WITHDRAWAL, (account, amount, nonce, deadline)
    )


def sign(account: LocalAccount, digest: bytes) -> bytes:
    """The account's signature of a digest: r, s, v in 65 bytes."""
    return bytes(account.unsafe_sign_hash(digest).signature)


def _digest(domain: Domain, types: tuple[str, ...], kind: bytes, values: tuple[object, ...]) -> bytes:
    message = keccak(encode(("bytes32", *types), (kind, *values)))
    return keccak(b"\x19\x01" + domain.separator + message)
