"""JSON-RPC over one persistent HTTP connection, with batching.

Only standard ``eth_`` methods are named in this package outside :mod:`liandong.chain.node`.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Sequence
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import orjson

from liandong.chain.errors import NodeRefused, NodeUnreachable

Request = tuple[str, Sequence[Any]]
"""A method and its parameters."""

BATCH_LIMIT = 500
"""Requests in one HTTP body; longer batches are split, since nodes limit them."""


class RpcClient:
    """Talks to one node. Not for use by several threads at once.

    Raises :class:`NodeUnreachable` when nothing answers and :class:`NodeRefused` for a JSON-RPC error.
    """

    def __init__(self, url: str, timeout: float = 120.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise NodeUnreachable(f"{url!r} is not the URL of a node, like http://127.0.0.1:8545")
        self.url = url
        self.name = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        """The node's name for messages: paths, queries and passwords of URLs are often secrets."""
        target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        self._head = (
            f"POST {target} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"
            "Content-Type: application/json\r\nAccept-Encoding: identity\r\nContent-Length: "
        )
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = make(parts.hostname, parts.port, timeout=timeout)
        self._ids = count(1)

    def call(self, method: str, *params: Any) -> Any:
        """One request; returns its result."""
        body = self._body(method, params)
        return _result(method, self._by_id(self._post(body), [body])[body["id"]])

    def number(self, method: str, *params: Any) -> int:
        """As :meth:`call`, for what is answered with one number."""
        found = self.call(method, *params)
        try:
            return int(found, 16)
        except (TypeError, ValueError) as error:
            raise NodeUnreachable(
                f"{self.name} answers {method} with {found!r}, which is no number"
            ) from error

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Many requests in few round trips; returns results, or :class:`NodeRefused` objects, in order."""
        answers: list[Any] = []
        for start in range(0, len(requests), BATCH_LIMIT):
            part = requests[start : start + BATCH_LIMIT]
            bodies = [self._body(method, params) for method, params in part]
            by_id = self._by_id(self._post(bodies), bodies)
            for (method, _), body in zip(part, bodies, strict=True):
                try:
                    answers.append(_result(method, by_id[body["id"]]))
                except NodeRefused as error:
                    answers.append(error)
        return answers

    def batch_strict(self, requests: Sequence[Request]) -> list[Any]:
        """As :meth:`batch`, but raises the first error."""
        answers = self.batch(requests)
        for answer in answers:
            if isinstance(answer, NodeRefused):
                raise answer
        return answers

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _body(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    def _by_id(self, answers: Any, asked: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Answers by their requests' ids. Raises :class:`NodeUnreachable` where one is missing or is none."""
        if isinstance(answers, dict) and answers.get("id") is None and answers.get("error"):
            return dict.fromkeys((body["id"] for body in asked), answers)  # the node refuses all of them
        found = {
            answer["id"]: answer
            for answer in (answers if isinstance(answers, list) else [answers])
            if isinstance(answer, dict) and "id" in answer and ("result" in answer or "error" in answer)
        }
        missing = [body["method"] for body in asked if body["id"] not in found]
        if missing:
            said = orjson.dumps(answers)[:200].decode("utf-8", "replace")
            raise NodeUnreachable(f"{self.name} left {', '.join(missing[:3])} unanswered; it said: {said}")
        return found

    def _post(self, body: Any) -> Any:
        data = json.dumps(body, separators=(",", ":")).encode()
        try:
            try:
                raw = self._exchange(data)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # The node closed an idle connection. Sending again is safe: reads change nothing, and a
                # signed transaction is the same transaction.
                self._connection.close()
                raw = self._exchange(data)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise NodeUnreachable(
                f"no node answers at {self.name}: {error or type(error).__name__}"
            ) from error
        try:
            return orjson.loads(raw)
        except ValueError as error:
            said = raw[:200].decode("utf-8", "replace")
            raise NodeUnreachable(f"{self.name} does not speak JSON-RPC; it said: {said!r}") from error

    def _exchange(self, data: bytes) -> bytes:
        connection = self._connection
        if connection.sock is None:
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Head and body leave in one piece: http.client sends two, and every small request waits for both.
        connection.sock.sendall(f"{self._head}{len(data)}\r\n\r\n".encode() + data)
        response = http.client.HTTPResponse(connection.sock, method="POST")
        response.begin()
        body = response.read()
        if response.will_close:
            connection.close()
        return body


def _result(method: str, answer: dict[str, Any]) -> Any:
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    if not isinstance(error, dict):
        raise NodeRefused(method, 0, str(error))
    raise NodeRefused(method, error.get("code", 0), str(error.get("message", "refused")), error.get("data"))
