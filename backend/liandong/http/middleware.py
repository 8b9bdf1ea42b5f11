"""Around every request: its id, the limit of its body, security headers, a log line and the metrics."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from liandong.http import language, logs, problems
from liandong.http.errors import ApiError, BodyTooLarge, InternalError

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"cache-control", b"no-store"),
)


class RequestMetrics:
    """Counters of the requests of one app."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("method", "route", "status")
        self.count = Counter("liandong_http_requests_total", "HTTP requests.", labels, registry=registry)
        self.seconds = Histogram(
            "liandong_http_request_seconds", "Time to answer.", ("method", "route"), registry=registry
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        known = self._known.get((method, route, status))
        if known is None:  # a handful of methods, routes and states, which the registry keeps, too
            counts = self.count.labels(method, route, str(status)), self.seconds.labels(method, route)
            known = self._known[method, route, status] = counts
        known[0].inc()
        known[1].observe(seconds)


class RequestFrame:
    """The outermost middleware of the app."""

    def __init__(self, app: ASGIApp, *, max_body: int, metrics: RequestMetrics) -> None:
        self.app = app
        self.max_body = max_body
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        id_ = given.decode() if _GIVEN_ID.fullmatch(given) else logs.new_request_id()
        logs.set_request_id(id_)
        language.speak(language.wanted(headers.get(b"accept-language", b"").decode("latin-1")))
        begun = time.perf_counter()
        status, started = 500, False

        async def framed(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in SECURITY_HEADERS if name not in present),
                    (b"x-request-id", id_.encode()),
                ]
            await send(message)

        try:
            body = await self._body(headers, receive)
            if body is None:
                await _refuse(framed, BodyTooLarge, f"at most {self.max_body} bytes", id_)
            else:
                await self.app(scope, _replay(body, receive), framed)
        except Exception as error:
            # here and not in a handler, so that the answer is framed and nothing else logs what was sent
            logs.failure(error)
            if not started:
                await _refuse(framed, InternalError, "", id_)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            taken = time.perf_counter() - begun
            self.metrics.answered(scope["method"], route, status, taken)
            fields = {
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(taken * 1000, 1),
            }
            logs.answered(fields)

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
        """The request's body; None where it is too large. It is read before anything else is done."""
        told = headers.get(b"content-length", b"0")
        if told.isdigit() and int(told) > self.max_body:
            return None
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(parts)
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self.max_body:
                return None
            if not message.get("more_body"):
                return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def once() -> dict[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


async def _refuse(send: Send, error: type[ApiError], detail: str, id_: str) -> None:
    body = json.dumps(problems.document(error, detail, id_)).encode()
    headers = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": int(error.status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
