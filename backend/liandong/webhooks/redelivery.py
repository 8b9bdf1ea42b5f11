"""A caller's messages, sending them once more, and a message that only tries the way.

Whatever is sent again keeps its place: of one order or participant the oldest that was not taken goes first.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from typing import Literal

from sqlmodel import Session, col, func, select, update

from liandong.db.session import Database
from liandong.db.webhooks import WebhookMessage
from liandong.http.errors import NotFound
from liandong.webhooks import changes, targets
from liandong.webhooks.sending import CLAIM_SECONDS

MessageState = Literal["waiting", "taken", "given up"]
PING = "ping"

_DONE, _TAKEN = col(WebhookMessage.done_at), col(WebhookMessage.taken)
_IS = {
    "waiting": (_TAKEN.is_(False), _DONE.is_(None)),
    "taken": (_TAKEN.is_(True),),
    "given up": (_TAKEN.is_(False), _DONE.is_not(None)),
}


def messages(
    session: Session, caller: str, before: int, rows: int, state: MessageState | None = None
) -> Sequence[WebhookMessage]:
    """The newest first. Raises ``NoWebhook``."""
    target = targets.get(session, caller)
    query = select(WebhookMessage).where(
        WebhookMessage.target_id == target.id, col(WebhookMessage.id) < before, *_IS.get(state or "", ())
    )
    return session.exec(query.order_by(col(WebhookMessage.id).desc()).limit(rows)).all()


def message(session: Session, caller: str, number: int) -> WebhookMessage:
    """One message. Raises ``NotFound`` for what is no message of the caller's, and ``NoWebhook``."""
    target = targets.get(session, caller)
    found = session.get(WebhookMessage, number)
    if found is None or found.target_id != target.id:
        raise NotFound(f"message {number}")
    return found


def not_taken(session: Session, caller: str) -> dict[MessageState, int]:
    """How many messages are on their way, and how many were given up. Raises ``NoWebhook``."""
    target = targets.get(session, caller)
    query = select(_DONE.is_(None), func.count()).where(
        WebhookMessage.target_id == target.id, _TAKEN.is_(False)
    )
    found = dict(session.execute(query.group_by(_DONE.is_(None))).all())
    return {"waiting": found.get(True, 0), "given up": found.get(False, 0)}


def send_again(database: Database, caller: str, number: int) -> WebhookMessage:
    """Puts a message back on its way, at once, with a new week to be taken in. Raises as :func:`message`."""
    with database.write() as session:
        found = message(session, caller, number)
        found.done_at, found.taken, found.not_before, found.tries = None, False, 0, 0
        found.created_at = int(time.time())
        session.add(found)
        changes.note(session, caller, "resent", detail=str(number))
        return found


def send_failed_again(database: Database, caller: str) -> int:
    """Puts all that were given up back on their way, and tries at once those that wait long; how many.

    Raises ``NoWebhook``.
    """
    now = int(time.time())
    with database.write() as session:
        mine = WebhookMessage.target_id == targets.get(session, caller).id
        again = {"not_before": 0, "tries": 0, "created_at": now}
        # sooner than that, one may be with a sender at this moment
        waits_long = (*_IS["waiting"], col(WebhookMessage.not_before) > now + CLAIM_SECONDS)
        many = 0
        for which in (_IS["given up"], waits_long):
            done = session.exec(update(WebhookMessage).where(mine, *which).values(done_at=None, **again))
            many += done.rowcount
        changes.note(session, caller, "resent failed", detail=str(many))
        return many


def ping(database: Database, caller: str) -> WebhookMessage:
    """Puts a message on its way that tells nothing: for trying address and secret. Raises ``NoWebhook``."""
    now, word = int(time.time()), f"{PING}:{secrets.token_hex(8)}"
    with database.write() as session:
        target = targets.get(session, caller)
        found = WebhookMessage(
            target_id=target.id, source=word, subject=word, kind=PING, created_at=now,
            body=json.dumps({"kind": PING, "at": now}),
        )  # fmt: skip
        session.add(found)
        changes.note(session, caller, "ping", target.url)
        session.flush()
        return found
