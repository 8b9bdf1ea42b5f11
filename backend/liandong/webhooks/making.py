"""Makes messages of what is final on chain, and of requests that the rules refused.

Only events at finality depth are told, so that nothing that was told can be undone by a reorganisation.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, and_, col, or_, select

from liandong.db.chain import ChainEvent, MirrorCursor
from liandong.db.outbox import OutboxRequest
from liandong.db.session import Database
from liandong.db.webhooks import WebhookCursor, WebhookMessage, WebhookTarget
from liandong.mirror.events import RECORDED
from liandong.mirror.many_orders import orders_of

ORDER_KEY = "order:"
EVENTS_AT_ONCE = 1000
LOOK_BACK_MS = 15 * 60 * 1000
"""Rejections are looked for this far back, longer than any transaction of the database takes."""

_KINDS = {
    "OrdersSettled": "order.settled", "OrderRefunded": "order.refunded", "OrderVoided": "order.voided",
    "TierReached": "participant.tier", "BecameBoss": "participant.boss",
} | dict.fromkeys(RECORDED, "order.recorded")  # fmt: skip

Made = tuple[str, str, str, dict[str, Any]]
"""Source, subject, kind, body."""


def make(database: Database) -> bool:
    """Makes the next messages; whether there may be more at once."""
    with database.write() as session:
        targets = session.exec(select(WebhookTarget)).all()
        mirror = session.get(MirrorCursor, 1)
        if mirror is None:
            return False
        cursor = session.get(WebhookCursor, 1) or WebhookCursor(block_number=mirror.final_number)
        events = _events(session, cursor, mirror.final_number)
        if events:
            cursor.block_number, cursor.log_index = events[-1].block_number, events[-1].log_index
        session.add(cursor)
        made = [one for event in events for one in _of_event(event)]
        for target in targets:
            _store(session, target, [*_with_order_ids(session, target, made), *_rejected(session, target)])
        return len(events) == EVENTS_AT_ONCE


def _events(session: Session, cursor: WebhookCursor, final: int) -> Sequence[ChainEvent]:
    block, index = col(ChainEvent.block_number), col(ChainEvent.log_index)
    beyond = or_(block > cursor.block_number, and_(block == cursor.block_number, index > cursor.log_index))
    query = select(ChainEvent).where(beyond, block <= final).order_by(block, index)
    return session.exec(query.limit(EVENTS_AT_ONCE)).all()


def _of_event(event: ChainEvent) -> Iterator[Made]:
    kind = _KINDS.get(event.name)
    if kind is None:
        return
    source = f"event:{event.block_number}:{event.log_index}"
    detail = json.loads(event.detail) if event.detail else {}
    at = {"block": event.block_number, "log_index": event.log_index}
    if event.name == "OrdersSettled":
        for order in orders_of(event):
            yield f"{source}:{order}", f"order:{order}", kind, {"order": order, **at}
    elif event.order_number is not None:
        amount = {} if event.amount is None else {"amount": event.amount}
        yield source, f"order:{event.order_number}", kind, {"order": event.order_number, **amount, **at}
    else:
        tier = {"tier": detail["name"]} if event.name == "TierReached" else {}
        yield source, f"participant:{event.account}", kind, {"participant": event.account, **tier, **at}


def _with_order_ids(session: Session, target: WebhookTarget, made: Sequence[Made]) -> Iterator[Made]:
    """Adds the target's own ids of the orders that it recorded."""
    numbers = {body["order"] for _, _, _, body in made if "order" in body}
    query = select(OutboxRequest.order_number, OutboxRequest.key).where(
        OutboxRequest.caller == target.caller, OutboxRequest.kind == "order",
        col(OutboxRequest.order_number).in_(numbers),
    )  # fmt: skip
    ids = {number: key.removeprefix(ORDER_KEY) for number, key in session.exec(query).all()}
    for source, subject, kind, body in made:
        own = ids.get(body.get("order"))
        yield source, subject, kind, body if own is None else body | {"order_id": own}


def _rejected(session: Session, target: WebhookTarget) -> Iterator[Made]:
    since = int(time.time() * 1000) - LOOK_BACK_MS
    query = select(OutboxRequest).where(
        OutboxRequest.state == "rejected", OutboxRequest.caller == target.caller,
        OutboxRequest.changed_at >= since, OutboxRequest.created_at >= target.created_at * 1000,
    )  # fmt: skip
    for request in session.exec(query).all():
        body = {"request": request.id, "request_kind": request.kind, "code": request.error_name}
        if request.kind == "order":
            body["order_id"] = request.key.removeprefix(ORDER_KEY)
        subject = request.subject or f"request:{request.id}"
        # rejected, retried, and rejected again is told twice
        yield f"request:{request.id}:{request.changed_at}", subject, "request.rejected", body


def _store(session: Session, target: WebhookTarget, made: Sequence[Made]) -> None:
    if not made:
        return
    now = int(time.time())
    rows = [
        {
            "target_id": target.id, "source": source, "subject": subject, "kind": kind,
            "body": json.dumps({"kind": kind, **body}, ensure_ascii=False), "created_at": now,
            "not_before": 0, "tries": 0, "taken": False,
        }
        for source, subject, kind, body in made
    ]  # fmt: skip
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), 500):
        statement = insert(WebhookMessage).values(rows[start : start + 500])
        session.execute(statement.on_conflict_do_nothing(index_elements=["target_id", "source"]))
