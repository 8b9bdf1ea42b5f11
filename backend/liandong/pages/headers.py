"""What the browser is told about every page: nothing from other hosts, no inline code, no frames."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from liandong.http.language import speak
from liandong.pages.language import language_of

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    # within the site only, so that the browser names the origin of our own forms
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

_SAFE = ("GET", "HEAD", "OPTIONS")


class PageHeaders:
    """Adds :data:`HEADERS`, sets the language, and refuses writes that another site's page sends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        speak(language_of(HTTPConnection(scope)))  # of the cookie, not of what the browser would like

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                more = (pair for pair in HEADERS if pair[0] not in present)
                message["headers"] = [*message["headers"], *more]
            await send(message)

        if scope["method"] not in _SAFE and not _is_same_site(Headers(scope=scope)):
            refusal = PlainTextResponse("CrossSite", HTTPStatus.FORBIDDEN)
            await refusal(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)


def _is_same_site(headers: Headers) -> bool:
    """By what the browser says of where the request comes from; old ones name the origin only."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(headers.get("origin", "")).netloc == headers.get("host")
