"""``/app/brand/webhooks``: the address and its secret, messages with their state, sent again, a ping."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from liandong.access.principals import Principal
from liandong.http.calendar import calendar_of
from liandong.http.context import Context, InContext
from liandong.http.pages import Cursor, key_of, page_of
from liandong.pages.forms import Fields
from liandong.pages.rendering import is_part, render
from liandong.pages.session import ByKey
from liandong.personal.endpoints import Ring
from liandong.webhooks import changes, redelivery, targets
from liandong.webhooks.endpoints import MessageView
from liandong.webhooks.errors import NoWebhook, WebhookUrlRefused
from liandong.webhooks.redelivery import MessageState

router = APIRouter(prefix="/brand/webhooks")

Reader = Annotated[Principal, Depends(ByKey("list_messages"))]
Setter = Annotated[Principal, Depends(ByKey("put_webhook"))]
Resender = Annotated[Principal, Depends(ByKey("resend_failed"))]
Number = Annotated[int, Path(ge=1, lt=2**63)]

HOME = "/app/brand/webhooks"
MESSAGES = 30
CHANGES = 10
LONGEST = 500


@router.get("")
def webhooks_page(
    request: Request, context: InContext, visitor: Reader, state: MessageState | None = None,
    cursor: Cursor = None, sent: int | None = None,
) -> Response:  # fmt: skip
    """Where the mall is told, what it was told, and whether it took it."""
    if not is_part(request):
        return _page(request, context, visitor, state, cursor, sent=sent)
    (before,) = key_of(cursor) or (2**62,)
    with context.database.read() as session:
        rows = redelivery.messages(session, visitor.id, before, MESSAGES + 1, state)
        shown, next_ = page_of(rows, MESSAGES, lambda row: (row.id,))
        return render(
            request, "webhooks/rows.html", messages=[MessageView.of(row) for row in shown], next=next_,
            state=state, calendar=calendar_of(session), pretty=_pretty,
        )  # fmt: skip


@router.post("")
def set_address(
    request: Request, context: InContext, visitor: Setter, ring: Ring, fields: Fields
) -> Response:
    """Sets the address; the answer shows its new secret, this once."""
    url = fields.get("url", "").strip()[:LONGEST]
    try:
        private = context.settings.webhook_private
        secret = targets.put(context.database, ring, visitor.id, url, private=private)
    except WebhookUrlRefused as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, context, visitor, refused=str(error), wanted=url, status=status)
    return _page(request, context, visitor, secret=secret)


@router.post("/secret")
def new_secret(request: Request, context: InContext, visitor: Setter, ring: Ring) -> Response:
    """Another secret, shown this once."""
    secret = targets.new_secret(context.database, ring, visitor.id)
    return _page(request, context, visitor, secret=secret)


@router.post("/removal")
def remove(context: InContext, visitor: Setter) -> Response:
    """Tells the mall nothing any more."""
    targets.forget(context.database, visitor.id)
    return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)


@router.post("/ping")
def ping(context: InContext, visitor: Resender) -> Response:
    """Sends a message that tells nothing; the page follows it."""
    sent = redelivery.ping(context.database, visitor.id)
    return RedirectResponse(f"{HOME}#message-{sent.id}", HTTPStatus.SEE_OTHER)


@router.post("/again")
def send_failed_again(context: InContext, visitor: Resender) -> Response:
    """Sends all that failed once more, in their order for each order."""
    many = redelivery.send_failed_again(context.database, visitor.id)
    return RedirectResponse(f"{HOME}?sent={many}", HTTPStatus.SEE_OTHER)


@router.get("/{number}")
def message_row(request: Request, context: InContext, visitor: Reader, number: Number) -> Response:
    """One message's row, which asks again while it is on its way."""
    with context.database.read() as session:
        found = MessageView.of(redelivery.message(session, visitor.id, number))
        return render(
            request, "webhooks/message.html", one=found, calendar=calendar_of(session), pretty=_pretty,
            follow=True,
        )  # fmt: skip


@router.post("/{number}/again")
def send_again(request: Request, context: InContext, visitor: Resender, number: Number) -> Response:
    """Sends a message once more."""
    redelivery.send_again(context.database, visitor.id, number)
    if is_part(request):
        return message_row(request, context, visitor, number)
    return RedirectResponse(f"{HOME}#message-{number}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, context: Context, visitor: Principal, state: MessageState | None = None,
    cursor: str | None = None, *, secret: str = "", refused: str = "", wanted: str = "",
    sent: int | None = None, status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    (before,) = key_of(cursor) or (2**62,)
    target, shown, next_, not_taken = None, [], None, {}
    with context.database.read() as session:
        try:
            target = targets.get(session, visitor.id)
            rows = redelivery.messages(session, visitor.id, before, MESSAGES + 1, state)
            some, next_ = page_of(rows, MESSAGES, lambda row: (row.id,))
            shown, not_taken = (
                [MessageView.of(row) for row in some],
                redelivery.not_taken(session, visitor.id),
            )
        except NoWebhook:
            pass  # the page lets it be set
        return render(
            request, "webhooks/webhooks.html", status, target=target, messages=shown, next=next_, state=state,
            not_taken=not_taken, changes=changes.page(session, visitor.id, 2**62, CHANGES), secret=secret,
            refused=refused, wanted=wanted, sent=sent, calendar=calendar_of(session), pretty=_pretty,
            private=context.settings.webhook_private, has_ring=request.app.state.key_ring is not None,
        )  # fmt: skip


def _pretty(body: dict[str, object]) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)
