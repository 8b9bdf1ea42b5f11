"""Rows of keys, challenges and sessions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select

from liandong.db.access import ApiKey, SignInChallenge, WalletSession
from liandong.db.session import Reader

_ACTIVE_KEY = select(ApiKey.name, ApiKey.scopes, ApiKey.per_minute).where(
    ApiKey.digest == bindparam("digest"), col(ApiKey.revoked_at).is_(None)
)


def active_key(reader: Reader, digest: str) -> tuple[str, str, int] | None:
    """Name, scopes and requests a minute of the key whose word has this hash; None if it was revoked."""
    found = reader.execute(_ACTIVE_KEY, {"digest": digest}).first()
    return None if found is None else (found.name, found.scopes, found.per_minute)


def keys(session: Session) -> Sequence[ApiKey]:
    """All keys, oldest first."""
    return session.exec(select(ApiKey).order_by(col(ApiKey.id))).all()


def wallet_session(session: Session, digest: str, now: int) -> WalletSession | None:
    """The session whose token has this hash, unless it has ended."""
    found = session.get(WalletSession, digest)
    return found if found is not None and found.expires_at > now else None


def take_challenge(session: Session, digest: str, now: int) -> SignInChallenge | None:
    """Takes a challenge away, so that it is used once; None if there is none, or it is too old.

    The delete says who was first, where two come with the same one.
    """
    found = session.get(SignInChallenge, digest)
    if found is None:
        return None
    session.expunge(found)
    taken = session.exec(delete(SignInChallenge).where(col(SignInChallenge.digest) == digest))
    return found if taken.rowcount == 1 and found.expires_at > now else None


def forget_ended(session: Session, now: int) -> None:
    """Takes away challenges and sessions whose time is over."""
    session.exec(delete(SignInChallenge).where(col(SignInChallenge.expires_at) <= now))
    session.exec(delete(WalletSession).where(col(WalletSession.expires_at) <= now))
