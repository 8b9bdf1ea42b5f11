"""``/app/brand/plans``: a draft held against the plan in force, published; what is announced, called off."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from liandong.access.principals import Principal
from liandong.http.calendar import calendar_of
from liandong.http.context import InContext
from liandong.outbox import requests
from liandong.outbox.errors import UnknownRequest
from liandong.pages.forms import Fields
from liandong.pages.plans import drafts, words
from liandong.pages.plans.fields import FIELDS, shown
from liandong.pages.plans.pages import Trier, may
from liandong.pages.rendering import render
from liandong.pages.session import ByKey
from liandong.plans import announced, repository
from liandong.plans.notices import notices
from liandong.plans.sample import SampleOrder
from liandong.transactions import delayed
from liandong.transactions.submission import Writer

router = APIRouter(prefix="/brand/plans")

Publisher = Annotated[Principal, Depends(ByKey("publish_plan"))]


@router.get("/changes")
def changes_page(
    request: Request, context: InContext, visitor: Trier, draft: drafts.InAddress, said: str = ""
) -> Response:
    """What publishing the draft would change, and when; the editor, while something is wrong with it."""
    if draft is None or draft.plan is None:
        return _to("new", draft)
    with context.database.read() as session:
        number = repository.book(session).plan
        in_force = repository.plan_of(session, number)
        calendar = calendar_of(session)
    delay = announced.delay(context)
    return render(
        request, "plans/changes.html", draft=draft, number=number, fields=FIELDS, shown=shown, words=words,
        found=drafts.differences(asdict(in_force), draft.parameters),
        may_publish=may(visitor, "publish_plan"),
        delay=words.span_of(delay), at=calendar.moment(calendar.now + delay) if delay else "",
        notices=notices(draft.plan, SampleOrder()), token=secrets.token_hex(16), said=said,
    )  # fmt: skip


@router.post("/publish")
def publish(context: InContext, visitor: Publisher, fields: Fields) -> Response:
    """Publishes the draft as the API does: once a confirmation page, only over the plan that it showed."""
    draft = drafts.read(fields)
    plan = draft.usable()
    key = f"page plan {fields.get('token', '')[:64]}"
    with context.database.read() as session:
        number = repository.book(session).plan
        sent = requests.find(session, visitor.id, key) is not None
    if sent:  # pressed twice: by now the plan may have come into force
        return RedirectResponse("/app/brand/plans", HTTPStatus.SEE_OTHER)
    if fields.get("confirmed") != "1" or fields.get("number") != str(number):
        said = "moved" if fields.get("confirmed") == "1" else "untold"
        return RedirectResponse(f"/app/brand/plans/changes?{draft.query}&said={said}", HTTPStatus.SEE_OTHER)
    writer = Writer(context, visitor, Response(), key=key)
    delayed.send_delayed(writer, announced.KIND, {"plan": json.loads(json.dumps(asdict(plan)))})
    return RedirectResponse("/app/brand/plans", HTTPStatus.SEE_OTHER)


@router.post("/announced/{number}/call-off")
def call_off(
    context: InContext, visitor: Publisher, number: Annotated[int, Path(ge=1, lt=2**63)]
) -> Response:
    """Calls a plan off that waits out its delay, whoever of the planners sent it."""
    with context.database.write() as session:
        row = requests.get(session, number)
        if row.kind != announced.KIND:
            raise UnknownRequest(str(number))
        delayed.call_off(context, session, row)
    return RedirectResponse("/app/brand/plans", HTTPStatus.SEE_OTHER)


def _to(page: str, draft: drafts.Draft | None) -> Response:
    query = f"?{draft.query}" if draft is not None else ""
    return RedirectResponse(f"/app/brand/plans/{page}{query}", HTTPStatus.SEE_OTHER)
