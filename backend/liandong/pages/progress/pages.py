"""``/app/progress/{request}``: one of the visitor's writes; htmx asks again until it has an end."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from liandong.http.context import InContext
from liandong.outbox import requests, states
from liandong.pages.rendering import is_part, render
from liandong.pages.session import SignedIn
from liandong.pages.sign_in.pages import own_path
from liandong.transactions.repository import mined, transaction_of
from liandong.transactions.schemas import RequestView

router = APIRouter()

Hash = Annotated[str, Path(pattern="^0x[0-9a-fA-F]{64}$")]


def address_of(request: RequestView, back: str) -> str:
    """Where a write is followed; from there it goes on to ``back``."""
    return f"/app/progress/{request.id}?back={quote(back, safe='')}"


def followed(request: RequestView, back: str) -> Response:
    """Leads a form's sender to where its write is followed."""
    return RedirectResponse(address_of(request, back), HTTPStatus.SEE_OTHER)


@router.get("/progress/{number}")
def progress_page(
    request: Request, context: InContext, visitor: SignedIn, number: Annotated[int, Path(ge=1, lt=2**63)],
    back: str = "",
) -> Response:  # fmt: skip
    """How far a request is."""
    with context.database.read() as session:
        row = requests.of_caller(session, visitor.id, number)
        view = RequestView.of(row, transaction_of(session, row))
    template = "progress/state.html" if is_part(request) else "progress/progress.html"
    under_way = view.state in states.UNDER_WAY
    return render(
        request, template, view=view, under_way=under_way, back=own_path(back) or "/app/earnings",
        again=f"{request.url.path}?back={quote(back, safe='')}", rejection=view.rejection,
    )  # fmt: skip


@router.get("/progress/transactions/{hash_}")
def transaction_page(
    request: Request, context: InContext, visitor: SignedIn, hash_: Hash, back: str = ""
) -> Response:
    """How far a transaction is that the visitor's wallet sent itself."""
    with context.database.read() as session:
        found = mined(session, hash_.lower())
    view = RequestView(
        id=0, kind="transaction", key="", state="mined" if found else "sent", transaction=hash_,
        created_at=0, changed_at=0,
    )  # fmt: skip
    template = "progress/state.html" if is_part(request) else "progress/progress.html"
    return render(
        request, template, view=view, under_way=found is None, back=own_path(back) or "/app/earnings",
        again=f"{request.url.path}?back={quote(back, safe='')}", rejection=None,
    )  # fmt: skip
