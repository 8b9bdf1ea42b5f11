"""Reads requests' transactions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from liandong.db.chain import MirrorBlock, MirrorCursor, MirrorTransaction
from liandong.db.outbox import OutboxAttempt, OutboxCall, OutboxRequest


def transaction_of(session: Session, request: OutboxRequest) -> str | None:
    """Hash of the transaction that a request was mined in."""
    call = session.get(OutboxCall, request.call_id) if request.call_id is not None else None
    return call.transaction_hash if call is not None else None


def mined(session: Session, hash_: str) -> MirrorTransaction | None:
    """A transaction that the mirror has on the canonical chain."""
    return session.exec(select(MirrorTransaction).where(MirrorTransaction.hash == hash_)).first()


def block(session: Session, number: int) -> MirrorBlock | None:
    """A canonical block."""
    return session.get(MirrorBlock, number)


def cursor(session: Session) -> MirrorCursor | None:
    """How far the mirror is."""
    return session.get(MirrorCursor, 1)


def call_with(session: Session, hash_: str) -> OutboxCall | None:
    """The outbox's call that one of its attempts has this hash."""
    attempt = session.exec(select(OutboxAttempt).where(OutboxAttempt.hash == hash_)).first()
    return session.get(OutboxCall, attempt.call_id) if attempt is not None else None


def requests_of(session: Session, call: int, caller: str) -> Sequence[int]:
    """Numbers of a caller's requests in a call."""
    query = select(OutboxRequest.id).where(OutboxRequest.call_id == call, OutboxRequest.caller == caller)
    return [id_ for id_ in session.exec(query.order_by(col(OutboxRequest.id))).all() if id_ is not None]


def rejected(session: Session, caller: str, before: int, rows: int) -> Sequence[OutboxRequest]:
    """A caller's requests that were refused for good, newest first."""
    query = select(OutboxRequest).where(
        OutboxRequest.caller == caller, OutboxRequest.state == "rejected", col(OutboxRequest.id) < before
    )
    return session.exec(query.order_by(col(OutboxRequest.id).desc()).limit(rows)).all()
