"""Where malls want to be told, one place a caller."""

from __future__ import annotations

import secrets
import time

from sqlmodel import Session, col, delete, select

from liandong.db.session import Database
from liandong.db.webhooks import WebhookMessage, WebhookTarget
from liandong.personal.cipher import KeyRing, Sealed
from liandong.webhooks import addresses, changes
from liandong.webhooks.errors import NoWebhook


def put(database: Database, ring: KeyRing, caller: str, url: str, *, private: bool = False) -> str:
    """Sets where a caller wants to be told; returns the new secret. Raises ``WebhookUrlRefused``."""
    addresses.check(url, private=private)
    with database.write() as session:
        target = _find(session, caller) or WebhookTarget(caller=caller, created_at=int(time.time()))
        target.url = url
        changes.note(session, caller, "set", url)
        return _new_secret(session, ring, target)


def new_secret(database: Database, ring: KeyRing, caller: str) -> str:
    """Gives a caller another secret; messages from now on are signed with it. Raises :class:`NoWebhook`."""
    with database.write() as session:
        changes.note(session, caller, "secret")
        return _new_secret(session, ring, get(session, caller))


def get(session: Session, caller: str) -> WebhookTarget:
    """Where a caller wants to be told. Raises :class:`NoWebhook`."""
    found = _find(session, caller)
    if found is None:
        raise NoWebhook("PUT /v1/webhook sets it")
    return found


def forget(database: Database, caller: str) -> None:
    """Tells a caller nothing any more; what was on its way is dropped. Raises :class:`NoWebhook`."""
    with database.write() as session:
        target = get(session, caller)
        session.exec(delete(WebhookMessage).where(col(WebhookMessage.target_id) == target.id))
        session.delete(target)
        changes.note(session, caller, "removed", target.url)


def secret_of(ring: KeyRing, target: WebhookTarget) -> str:
    """The secret that signs a target's messages."""
    sealed = Sealed(target.key_id, bytes.fromhex(target.nonce), bytes.fromhex(target.sealed))
    return ring.open(_row(target.caller), sealed).decode()


def rotate(database: Database, ring: KeyRing) -> int:
    """Seals the secrets that are under older keys with the newest one; returns how many."""
    with database.write() as session:
        old = session.exec(select(WebhookTarget).where(WebhookTarget.key_id != ring.newest)).all()
        for target in old:
            _seal(ring, target, secret_of(ring, target))
            session.add(target)
        return len(old)


def _new_secret(session: Session, ring: KeyRing, target: WebhookTarget) -> str:
    secret = "whs_" + secrets.token_urlsafe(32)
    _seal(ring, target, secret)
    session.add(target)
    return secret


def _seal(ring: KeyRing, target: WebhookTarget, secret: str) -> None:
    sealed = ring.seal(_row(target.caller), secret.encode())
    target.key_id, target.nonce, target.sealed = sealed.key_id, sealed.nonce.hex(), sealed.bytes_.hex()


def _find(session: Session, caller: str) -> WebhookTarget | None:
    return session.exec(select(WebhookTarget).where(WebhookTarget.caller == caller)).first()


def _row(caller: str) -> str:
    return f"webhook_target:{caller}"
