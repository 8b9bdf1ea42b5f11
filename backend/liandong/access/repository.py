"""Rows of keys, challenges and sessions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from liandong.db.access import ApiKey, SignInChallenge, WalletSession


def key_by_digest(session: Session, digest: str) -> ApiKey | None:
    """The key whose word has this hash, also a revoked one."""
    return session.scalar(select(ApiKey).where(ApiKey.digest == digest))


def keys(session: Session) -> Sequence[ApiKey]:
    """All keys, oldest first."""
    return session.scalars(select(ApiKey).order_by(ApiKey.id)).all()


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
    taken = session.execute(delete(SignInChallenge).where(SignInChallenge.digest == digest))
    return found if taken.rowcount == 1 and found.expires_at > now else None  # type: ignore[attr-defined]


def forget_ended(session: Session, now: int) -> None:
    """Takes away challenges and sessions whose time is over."""
    session.execute(delete(SignInChallenge).where(SignInChallenge.expires_at <= now))
    session.execute(delete(WalletSession).where(WalletSession.expires_at <= now))
