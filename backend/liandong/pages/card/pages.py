"""``/app/card``: the QR code is made here, as an SVG, so that no other host learns who invites whom."""

from __future__ import annotations

import io

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from liandong.http.calendar import calendar_of
from liandong.http.context import Context, InContext
from liandong.pages.joining.regions import name_of
from liandong.pages.language import language_of
from liandong.pages.rendering import render
from liandong.pages.session import OwnAgent, SignedIn
from liandong.participants.service import participant

router = APIRouter()


@router.get("/card")
def card_page(request: Request, context: InContext, me: OwnAgent, visitor: SignedIn) -> Response:
    """Number, tier, wallet, and the invitation."""
    link = invitation(context, me)
    with context.database.read() as session:
        found = participant(session, me)
        calendar = calendar_of(session)
    return render(
        request, "card/card.html", found=found, link=link, calendar=calendar, wallet=visitor.wallet,
        code=Markup(code(link, svgclass="qr", xmldecl=False, svgns=True)),
        region=name_of(found.region, language_of(request)) if found.region else "",
    )  # fmt: skip


@router.get("/card.svg")
def code_file(context: InContext, me: OwnAgent) -> Response:
    """The QR code as a file, to be printed."""
    headers = {"Content-Disposition": f'attachment; filename="liandong-{me}.svg"'}
    return Response(code(invitation(context, me), light="#fff"), media_type="image/svg+xml", headers=headers)


def invitation(context: Context, me: int) -> str:
    """The address that others join by."""
    return f"{context.settings.public_url}/app/join/{me}"


def code(link: str, **more: object) -> str:
    """A QR code as SVG."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", scale=8, border=4, lineclass=None, **more)
    return out.getvalue().decode()
