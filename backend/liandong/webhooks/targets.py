"""Where malls want to be told, one place a caller."""

from __future__ import annotations

import secrets
import time
from urllib.parse import urlsplit

from sqlmodel import Session, col, delete, select

from liandong.db.session import Database
from liandong.db.webhooks import WebhookMessage, WebhookTarget
from liandong.personal.cipher import KeyRing, Sealed
from liandong.webhooks.errors import NoWebhook, WebhookUrlRefused

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def put(database: Database, ring: KeyRing, caller: str, url: str) -> str:
    """Sets where a caller wants to be told; returns the new secret. Raises :class:`WebhookUrlRefused`."""
    _check(url)
    secret = "whs_" + secrets.token_urlsafe(32)
    sealed = ring.seal(_row(caller), secret.encode())
    with database.write() as session:
        target = _find(session, caller) or WebhookTarget(caller=caller, created_at=int(time.time()))
        target.url, target.key_id = url, sealed.key_id
        target.nonce, target.sealed = sealed.nonce.hex(), sealed.bytes_.hex()
        session.add(target)
    return secret


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


def secret_of(ring: KeyRing, target: WebhookTarget) -> str:
    """The secret that signs a target's messages."""
    sealed = Sealed(target.key_id, bytes.fromhex(target.nonce), bytes.fromhex(target.sealed))
    return ring.open(_row(target.caller), sealed).decode()


def rotate(database: Database, ring: KeyRing) -> int:
    """Seals the secrets that are under older keys with the newest one; returns how many."""
    with database.write() as session:
        old = session.exec(select(WebhookTarget).where(WebhookTarget.key_id != ring.newest)).all()
        for target in old:
            sealed = ring.seal(_row(target.caller), secret_of(ring, target).encode())
            target.key_id, target.nonce, target.sealed = (
                sealed.key_id,
                sealed.nonce.hex(),
                sealed.bytes_.hex(),
            )
            session.add(target)
        return len(old)


def _find(session: Session, caller: str) -> WebhookTarget | None:
    return session.exec(select(WebhookTarget).where(WebhookTarget.caller == caller)).first()


def _row(caller: str) -> str:
    return f"webhook_target:{caller}"


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise WebhookUrlRefused("it is no URL") from None
    if not host or parts.username is not None or parts.fragment:
        raise WebhookUrlRefused("it needs a host, and neither a password nor a fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in THIS_MACHINE):
        raise WebhookUrlRefused("it must begin with https://")
