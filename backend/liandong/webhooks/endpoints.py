"""Where a mall wants to be told, and what it was told (``/v1/webhook``)."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from liandong.access.guard import Caller
from liandong.access.operations import Operations
from liandong.access.principals import Scope
from liandong.db.webhooks import WebhookChange, WebhookMessage
from liandong.http.context import InContext
from liandong.http.errors import InvalidCursor, NotFound
from liandong.http.pages import Cursor, Limit, Page, key_of, page_of
from liandong.http.problems import refusals
from liandong.participants.schemas import Body
from liandong.personal.endpoints import Ring
from liandong.personal.errors import NoKeyRing
from liandong.webhooks import changes, redelivery, targets
from liandong.webhooks.errors import NoWebhook, WebhookUrlRefused
from liandong.webhooks.redelivery import MessageState

router = Operations(prefix="/v1/webhook", tags=["webhooks"])

MessagePath = Annotated[int, Path(ge=1, lt=2**63, description="The message's number.")]


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
    state: MessageState
    tries: int
    last_failure: str | None
    created_at: int

    @classmethod
    def of(cls, row: WebhookMessage) -> MessageView:
        """From its row."""
        state: MessageState = "taken" if row.taken else "waiting" if row.done_at is None else "given up"
        return cls(
            id=row.id, kind=row.kind, body=json.loads(row.body), state=state, tries=row.tries,
            last_failure=row.last_failure, created_at=row.created_at,
        )  # fmt: skip


class ChangeView(BaseModel):
    """What a caller did about its webhook: `set`, `secret`, `removed`, `resent`, `resent failed`, `ping`."""

    caller: str
    action: str
    url: str = Field(description="Without its query.")
    detail: str = Field(description="The message's number, or how many were sent again.")
    at: int

    @classmethod
    def of(cls, row: WebhookChange) -> ChangeView:
        """From its row."""
        return cls(caller=row.caller, action=row.action, url=row.url, detail=row.detail, at=row.at)


class Resent(BaseModel):
    """How many messages are on their way again."""

    count: int


@router.put("", operation_id="put_webhook", responses=refusals(WebhookUrlRefused, NoKeyRing))
def put_webhook(body: NewWebhook, context: InContext, caller: Caller, ring: Ring) -> WebhookSecret:
    """Be told of orders recorded, settled, refunded, voided; of requests rejected; of new tiers and bosses.

    Messages are sent when what they tell is final, again until they are taken with a 2xx, and in order for
    each order. Setting it again gives a new secret.
    """
    private = context.settings.webhook_private
    secret = targets.put(context.database, ring, caller.id, body.url, private=private)
    return WebhookSecret(url=body.url, secret=secret)


@router.post("/secret", operation_id="rotate_webhook_secret", responses=refusals(NoWebhook, NoKeyRing))
def rotate_webhook_secret(context: InContext, caller: Caller, ring: Ring) -> WebhookSecret:
    """Another secret for the same address: whatever is sent from now on is signed with it."""
    secret = targets.new_secret(context.database, ring, caller.id)
    with context.database.read() as session:
        return WebhookSecret(url=targets.get(session, caller.id).url, secret=secret)


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
    context: InContext, caller: Caller, state: MessageState | None = None, cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MessageView]:  # fmt: skip
    """The caller's messages, newest first."""
    (before,) = key_of(cursor) or (2**62,)
    with context.database.read() as session:
        rows = redelivery.messages(session, caller.id, before, limit + 1, state)
        shown, next_ = page_of(rows, limit, lambda row: (row.id,))
        return Page(items=[MessageView.of(row) for row in shown], next=next_)


@router.post(
    "/messages/{message}/redelivery", operation_id="resend_message", responses=refusals(NoWebhook, NotFound)
)
def resend_message(message: MessagePath, context: InContext, caller: Caller) -> MessageView:
    """Send a message once more: at once, or after the older ones of its order that were not taken."""
    return MessageView.of(redelivery.send_again(context.database, caller.id, message))


@router.post("/redeliveries", operation_id="resend_failed", responses=refusals(NoWebhook))
def resend_failed(context: InContext, caller: Caller) -> Resent:
    """Send all that were given up once more, in order for each order; at once those, too, that wait long."""
    return Resent(count=redelivery.send_failed_again(context.database, caller.id))


@router.post("/ping", operation_id="ping_webhook", responses=refusals(NoWebhook))
def ping_webhook(context: InContext, caller: Caller) -> MessageView:
    """Send a message of kind `ping`, which tells nothing, to try address and signature."""
    return MessageView.of(redelivery.ping(context.database, caller.id))


@router.get("/changes", operation_id="list_webhook_changes", responses=refusals(InvalidCursor))
def list_webhook_changes(
    context: InContext, caller: Caller, cursor: Cursor = None, limit: Limit = 50
) -> Page[ChangeView]:
    """What was changed about webhooks, newest first: a mall's own, for auditors everybody's."""
    (before,) = key_of(cursor) or (2**62,)
    whose = None if Scope.AUDITOR in caller.scopes else caller.id
    with context.database.read() as session:
        rows = changes.page(session, whose, before, limit + 1)
        shown, next_ = page_of(rows, limit, lambda row: (row.id,))
        return Page(items=[ChangeView.of(row) for row in shown], next=next_)
