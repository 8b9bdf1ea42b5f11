"""From the word in a request's header to who it comes from; wallets that sign in and out."""

from __future__ import annotations

import secrets as random
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from eth_utils import to_checksum_address

from liandong.access import repository
from liandong.access.principals import Principal, Scope
from liandong.access.secrets import KEY_PREFIX, TOKEN_PREFIX, digest, new_token
from liandong.access.sign_in_message import is_signed_by, message
from liandong.chain.rpc import RpcClient
from liandong.db.access import SignInChallenge, WalletSession
from liandong.db.session import Database
from liandong.http.errors import SignInRefused, Unauthenticated
from liandong.participants.repository import owner_of_wallet

CHALLENGE_SECONDS = 300
SESSION_SECONDS = 12 * 3600
WALLET_PER_MINUTE = 600


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a wallet is asked to sign, and until when (Unix seconds)."""

    message: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session's token and end (Unix seconds)."""

    token: str
    address: str
    participant: int | None
    expires_at: int


def principal_of(database: Database, word: str) -> Principal:
    """Who a key or token belongs to. Raises :class:`Unauthenticated`."""
    if word.startswith(KEY_PREFIX):
        with database.look() as reader:
            key = repository.active_key(reader, digest(word))
        if key is None:
            raise Unauthenticated("this key is unknown or revoked")
        name, scopes, per_minute = key
        # keys of one name are one caller, so that a new key can take over what an old one began
        return Principal(f"key:{name}", frozenset(map(Scope, scopes.split(","))), per_minute)
    if word.startswith(TOKEN_PREFIX):
        with database.read() as session:
            found = repository.wallet_session(session, digest(word), int(time.time()))
            if found is None:
                raise Unauthenticated("this session is unknown or has ended: sign in again")
            # looked up each time: who joins after signing in need not sign in again
            owner = owner_of_wallet(session, found.address)
            who = (owner.number, owner.kind) if owner is not None else (None, None)
            id_ = f"wallet:{found.address.lower()}"
            return Principal(id_, frozenset({Scope.AGENT}), WALLET_PER_MINUTE, found.address, *who)
    raise Unauthenticated("this is neither an API key nor a sign-in token")


def challenge(database: Database, address: str, domain: str, uri: str, chain_id: int) -> Challenge:
    """Makes the message that a wallet has to sign, good for :data:`CHALLENGE_SECONDS` and for one use."""
    now = int(time.time())
    address = to_checksum_address(address)
    text = message(
        domain=domain, uri=uri, address=address, chain_id=chain_id, nonce=random.token_hex(16),
        issued=datetime.fromtimestamp(now, UTC), expires=datetime.fromtimestamp(now + CHALLENGE_SECONDS, UTC),
    )  # fmt: skip
    with database.write() as session:
        repository.forget_ended(session, now)
        session.add(SignInChallenge(digest=digest(text), address=address, expires_at=now + CHALLENGE_SECONDS))
    return Challenge(text, now + CHALLENGE_SECONDS)


def sign_in(database: Database, client: RpcClient, text: str, signature: bytes) -> SignedIn:
    """Begins a session for the wallet that signed a challenge. Raises :class:`SignInRefused`."""
    now = int(time.time())
    with database.write() as session:
        asked = repository.take_challenge(session, digest(text), now)
    if asked is None or not is_signed_by(text, signature, asked.address, client):
        raise SignInRefused
    token = new_token()
    expires = now + SESSION_SECONDS
    with database.write() as session:
        session.add(WalletSession(digest=digest(token), address=asked.address, expires_at=expires))
        owner = owner_of_wallet(session, asked.address)
        participant = owner.number if owner is not None else None
    return SignedIn(token, asked.address, participant, expires)


def sign_out(database: Database, word: str) -> None:
    """Ends the session of a token; again changes nothing."""
    with database.write() as session:
        found = session.get(WalletSession, digest(word))
        if found is not None:
            session.delete(found)
