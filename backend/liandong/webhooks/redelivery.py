"""A caller's messages, and sending one of them once more."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlmodel import Session, col, select

from liandong.db.session import Database
from liandong.db.webhooks import WebhookMessage
from liandong.http.errors import NotFound
from liandong.webhooks import targets


def messages(session: Session, caller: str, before: int, rows: int) -> Sequence[WebhookMessage]:
    """The newest first. Raises ``NoWebhook``."""
    target = targets.get(session, caller)
    query = select(WebhookMessage).where(
        WebhookMessage.target_id == target.id, col(WebhookMessage.id) < before
    )
    return session.exec(query.order_by(col(WebhookMessage.id).desc()).limit(rows)).all()


def send_again(database: Database, caller: str, number: int) -> None:
    """Puts a message back on its way, at once, with a new week to be taken in.

    Raises ``NotFound`` for what is no message of the caller's, and ``NoWebhook``.
    """
    with database.write() as session:
        target = targets.get(session, caller)
        found = session.get(WebhookMessage, number)
        if found is None or found.target_id != target.id:
            raise NotFound(f"message {number}")
        found.done_at, found.taken, found.not_before, found.tries = None, False, 0, 0
        found.created_at = int(time.time())
        session.add(found)
