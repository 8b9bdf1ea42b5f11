"""Where a mall wants to be told, and what it was told (``/v1/webhook``)."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlmodel import col, select

from liandong.access.guard import Caller
from liandong.access.operations import Operations
from liandong.db.webhooks import WebhookMessage
from liandong.http.context import InContext
from liandong.http.errors import InvalidCursor
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.participants.schemas import Body
from liandong.personal.endpoints import Ring
from liandong.personal.errors import NoKeyRing
from liandong.webhooks import targets
from liandong.webhooks.errors import NoWebhook, WebhookUrlRefused

router = Operations(prefix="/v1/webhook", tags=["webhooks"])


class NewWebhook(Body):
    """Where messages are to go."""

    url: Annotated[str, Field(max_length=500, examples=["https://mall.example/liandong"])]


class WebhookSecret(BaseModel):
    """The secret that signs messages, shown this once: `Liandong-Signature: t=…,v1=HMAC-SHA256(t.body)`."""

    url: str
    secret: str


class WebhookView(BaseModel):
    """Where messages go."""

    url: str
    created_at: int


class MessageView(BaseModel):
    """A message: what happened, and whether the mall took it."""

    id: int
    kind: str
    body: dict[str, Any]
    state: Literal["waiting", "taken", "given up"]
    tries: int
    last_failure: str | None
    created_at: int

    @classmethod
    def of(cls, row: WebhookMessage) -> MessageView:
        """From its row."""
        state = "waiting" if row.done_at is None else "taken" if row.taken else "given up"
        return cls(
            id=row.id, kind=row.kind, body=json.loads(row.body), state=state, tries=row.tries,
            last_failure=row.last_failure, created_at=row.created_at,
        )  # fmt: skip


@router.put("", operation_id="put_webhook", responses=refusals(WebhookUrlRefused, NoKeyRing))
def put_webhook(body: NewWebhook, context: InContext, caller: Caller, ring: Ring) -> WebhookSecret:
    """Be told of orders recorded, settled, refunded, voided; of requests rejected; of new tiers and bosses.

    Messages are sent when what they tell is final, again until they are taken with a 2xx, and in order for
    each order. Setting it again gives a new secret.
    """
    return WebhookSecret(url=body.url, secret=targets.put(context.database, ring, caller.id, body.url))


@router.get("", operation_id="get_webhook", responses=refusals(NoWebhook))
def get_webhook(context: InContext, caller: Caller) -> WebhookView:
    """Where the caller's messages go."""
    with context.database.read() as session:
        found = targets.get(session, caller.id)
        return WebhookView(url=found.url, created_at=found.created_at)


@router.delete("", operation_id="delete_webhook", status_code=204, responses=refusals(NoWebhook))
def delete_webhook(context: InContext, caller: Caller) -> None:
    """Be told nothing any more; what was on its way is dropped."""
    targets.forget(context.database, caller.id)


@router.get("/messages", operation_id="list_messages", responses=refusals(NoWebhook, InvalidCursor))
def list_messages(
    context: InContext, caller: Caller, cursor: Cursor = None, limit: Limit = 50
) -> Page[MessageView]:
    """The caller's messages, newest first."""
    (before,) = key_of(cursor) or (2**62,)
    with context.database.read() as session:
        target = targets.get(session, caller.id)
        query = select(WebhookMessage).where(
            WebhookMessage.target_id == target.id, col(WebhookMessage.id) < before
        )
        rows = session.exec(query.order_by(col(WebhookMessage.id).desc()).limit(limit + 1)).all()
        shown, next_ = page_of(rows, limit, lambda row: (row.id,))
        return Page(items=[MessageView.of(row) for row in shown], next=next_)
