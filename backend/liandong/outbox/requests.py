"""Requests come in here, in the transaction of the business row, once for each key of a caller."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from liandong.db.outbox import OutboxRequest
from liandong.outbox import queue, states
from liandong.outbox.errors import (
    CalledOff,
    IdempotencyConflict,
    InvalidBody,
    OutboxError,
    UnknownRequest,
)
from liandong.outbox.kinds import read_body
from liandong.outbox.kinds.body import Body
from liandong.outbox.kinds.orders import AboutOrder

Item = tuple[str, str, Mapping[str, Any]]
"""Key, kind, body."""

_WRITTEN = json.JSONEncoder(sort_keys=True, separators=(",", ":"))

AT_ONCE = 500
"""Rows in one statement: both databases take them, and neither has to plan a huge one."""


def submit(session: Session, caller: str, key: str, kind: str, body: Mapping[str, Any]) -> OutboxRequest:
    """Puts a request into the outbox, or returns the one that this caller gave this key before.

    It is in the outbox when the session's transaction commits. Raises :class:`IdempotencyConflict` when the
    key was used with another kind or body, ``UnknownKind``, ``InvalidBody`` and ``UnknownRequest``.
    """
    (found,) = submit_many(session, caller, [(key, kind, body)])
    if isinstance(found, OutboxError):
        raise found
    return found


def submit_many(session: Session, caller: str, items: Sequence[Item]) -> list[OutboxRequest | OutboxError]:
    """As :meth:`submit` for many, each with its own request or error, in the order given."""
    answers: list[OutboxRequest | OutboxError] = []
    for start in range(0, len(items), AT_ONCE):
        answers += _submit(session, caller, items[start : start + AT_ONCE])
    return answers


def get(session: Session, request: int) -> OutboxRequest:
    """A request by its number. Raises :class:`UnknownRequest`."""
    found = session.get(OutboxRequest, request)
    if found is None:
        raise UnknownRequest(f"{request}")
    return found


def of_caller(session: Session, caller: str, request: int) -> OutboxRequest:
    """A caller's own request by its number. Raises :class:`UnknownRequest`, of others' requests, too."""
    found = get(session, request)
    if found.caller != caller:
        raise UnknownRequest(f"{request}")
    return found


def find(session: Session, caller: str, key: str) -> OutboxRequest | None:
    """A caller's request by its key."""
    return session.scalar(
        select(OutboxRequest).where(OutboxRequest.caller == caller, OutboxRequest.key == key)
    )


def retry(session: Session, request: OutboxRequest) -> None:
    """Puts a rejected request back into the queue; any other is left as it is."""
    session.execute(
        update(OutboxRequest)
        .where(OutboxRequest.id == request.id, OutboxRequest.state == states.REJECTED)
        .values(
            state=states.QUEUED, changed_at=int(time.time() * 1000), not_before=0, tries=0, reverts=0,
            error_name=None, error_detail=None,
        )
    )  # fmt: skip
    session.refresh(request)


def call_off(session: Session, request: OutboxRequest) -> bool:
    """Rejects a request that is still in the queue, with :class:`CalledOff`; whether it is called off now."""
    queue.reject(session, request.id, CalledOff())
    session.refresh(request)
    return request.state == states.REJECTED and request.error_name == CalledOff.__name__


def numbers_of(session: Session, caller: str, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of a caller's requests by their keys, as far as there are any."""
    found: dict[str, int] = {}
    for start in range(0, len(keys), AT_ONCE):
        query = select(OutboxRequest.key, OutboxRequest.id).where(
            OutboxRequest.caller == caller, OutboxRequest.key.in_(keys[start : start + AT_ONCE])
        )
        found |= {key: number for key, number in session.execute(query)}
    return found


def listed(
    session: Session,
    *,
    caller: str | None = None,
    state: str | None = None,
    kind: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> Sequence[OutboxRequest]:
    """Requests in the order of their coming, from the one after number ``after`` on."""
    query = select(OutboxRequest).where(OutboxRequest.id > after).order_by(OutboxRequest.id).limit(limit)
    for column, wanted in (
        (OutboxRequest.caller, caller),
        (OutboxRequest.state, state),
        (OutboxRequest.kind, kind),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return session.scalars(query).all()


def digest(kind: str, body: Body) -> str:
    """What tells one request from another: kind and body, however the body was written."""
    return hashlib.sha256(_WRITTEN.encode([kind, body.model_dump(by_alias=True)]).encode()).hexdigest()


def _submit(session: Session, caller: str, items: Sequence[Item]) -> list[OutboxRequest | OutboxError]:
    answers: list[OutboxRequest | OutboxError | None] = [None] * len(items)
    bodies: dict[int, Body] = {}
    for place, (_, kind, body) in enumerate(items):
        try:
            bodies[place] = read_body(kind, body)
        except OutboxError as error:
            answers[place] = error
    recorders = _recorders(session, list(bodies.values()))
    now = int(time.time() * 1000)
    rows: list[dict[str, Any]] = []
    digests: dict[int, str] = {}
    for place, body in bodies.items():
        try:
            rows.append(_row(caller, items[place], body, recorders, now))
            digests[place] = rows[-1]["digest"]
        except OutboxError as error:
            answers[place] = error
    if rows:
        _insert(session, rows)
    by_key = {row["key"]: row for row in rows}
    query = select(OutboxRequest).where(OutboxRequest.caller == caller, OutboxRequest.key.in_(by_key))
    stored = {found.key: found for found in session.scalars(query)}
    for place in bodies:
        if answers[place] is not None:
            continue
        key, kind, _ = items[place]
        same = stored[key].digest == digests[place]
        answers[place] = stored[key] if same else IdempotencyConflict(f"key {key!r}")
    return [answer for answer in answers if answer is not None]


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    """Whoever comes second with a key waits for the first one's transaction, and then inserts nothing."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # of the table, not of the model: the driver takes all rows in one go, and nothing is built for each
    table = OutboxRequest.__table__  # type: ignore[attr-defined]
    session.execute(insert(table).on_conflict_do_nothing(index_elements=["caller", "key"]), rows)


def _recorders(session: Session, bodies: Sequence[Body]) -> dict[tuple[str, int], int]:
    """Numbers of the requests that record the orders that bodies are about.

    By ("request", its number) and ("order", the order's number).
    """
    about = [body for body in bodies if isinstance(body, AboutOrder)]
    ids = {body.order_request for body in about if body.order_request is not None}
    numbers = {body.order for body in about if body.order is not None}
    if not about:
        return {}
    query = select(OutboxRequest.id, OutboxRequest.order_number).where(
        OutboxRequest.kind == "order",
        or_(
            OutboxRequest.id.in_(ids),
            OutboxRequest.order_number.in_(numbers) & OutboxRequest.state.in_((states.MINED, states.FINAL)),
        ),
    )
    found: dict[tuple[str, int], int] = {}
    for request, order in session.execute(query):
        found["request", request] = request
        if order is not None:
            found["order", order] = request
    return found


def _row(
    caller: str, item: Item, body: Body, recorders: Mapping[tuple[str, int], int], now: int
) -> dict[str, Any]:
    key, kind, _ = item
    if not 0 < len(key) <= 200:
        raise InvalidBody("the key must have 1 to 200 characters")
    subject, waits_on, after = body.subject(), body.waits_on(), None
    if isinstance(body, AboutOrder):
        if body.order_request is not None:
            if ("request", body.order_request) not in recorders:
                raise UnknownRequest(f"{body.order_request} is no request that records an order")
            after = body.order_request
        elif ("order", body.order) in recorders:
            after = recorders["order", body.order]
            subject = waits_on = f"request:{after}"
    return {
        "caller": caller, "key": key, "digest": digest(kind, body), "kind": kind,
        "body": body.model_dump(by_alias=True), "role": body.role, "subject": subject, "waits_on": waits_on,
        "after_request": after, "state": states.QUEUED, "not_before": 0, "tries": 0, "reverts": 0,
        "created_at": now, "changed_at": now,
    }  # fmt: skip
