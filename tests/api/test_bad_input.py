"""Bad input to every route: a problem document with a code that the API's description has, never a fault."""

from __future__ import annotations

import base64
import re
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from market import Market
from served import Served

from liandong.access.matrix import MATRIX
from liandong.app import operations
from liandong.http.problems import MEDIA_TYPE

DATABASE = "postgresql"

OPERATIONS = {route.operation_id: route for route in operations()}
WITH_BODY = sorted(name for name, route in OPERATIONS.items() if route.methods & {"POST", "PUT", "PATCH"})

WRONG: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 10**40, 1.5, 1e308, "", "x", "0x", "0x" + "zz" * 20, "0x" + "00" * 20, "\0",
    "𝟙²½", "9" * 5000, [], [None], {}, {"a": {"b": []}},
)  # fmt: skip
"""Values that are wrong somewhere: types, ranges, formats, characters."""

PATHS = ("0", "-1", "x", "1.0", "+1", "1_000", "9" * 30, "9" * 5000, "%00", "½", "%2e%2e", "%ff", " ", "true")
CURSORS = tuple(
    base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")
    for written in (
        "[]",
        "{}",
        "[null]",
        '["x"]',
        '["\\u0000"]',
        "[1.5]",
        "[1e400]",
        f"[{10**30}]",
        "[1, 2, 3]",
        "[[1]]",
    )
)
QUERIES: tuple[dict[str, Any], ...] = (
    {"cursor": "x"}, {"cursor": "eyJ4IjoxfQ"}, {"limit": "-5"}, {"limit": "9" * 30}, {"limit": ""},
    {"level": "9"}, {"state": "x"}, {"seller": "0"}, {"kind": "\0"}, {"from": "x"}, {"format": "x"},
)  # fmt: skip

BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "application/json"),
    "broken": (b"{broken", "application/json"),
    "cut off": (b'{"price": 1', "application/json"),
    "not UTF-8": (b'{"order_id": "\xff\xfe"}', "application/json"),
    "half a surrogate": (b'{"order_id": "\\ud800"}', "application/json"),
    "a number": (b"7", "application/json"),
    "no JSON number": (b'{"price": NaN}', "application/json"),
    "a list": (b"[1, null]", "application/json"),
    "deep": (b"[" * 50_000, "application/json"),
    "deep and closed": (b"[" * 5_000 + b"]" * 5_000, "application/json"),
    "twice the same name": (b'{"price": 1, "price": 2}', "application/json"),
    "text": (b"price=1", "text/plain"),
    "a form": (b"price=1", "application/x-www-form-urlencoded"),
    "parts": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    "XML": (b"<a/>", "application/xml"),
    "no type": (b"{}", ""),
    "nonsense of a type": (b"{}", "\xff/;;"),
}


@pytest.fixture(scope="module")
def document(anybody: httpx.Client) -> dict[str, Any]:
    return anybody.get("/openapi.json").json()


class Asker:
    """Asks one operation as somebody who may, and looks at the answers."""

    def __init__(
        self,
        operation: str,
        document: dict[str, Any],
        callers: dict[str, httpx.Client],
        market: Market,
        order: int,
    ) -> None:
        self.route: APIRoute = OPERATIONS[operation]
        rule = MATRIX[operation]
        # to sign out would end the session that others ask with
        public = rule.public or operation == "sign_out"
        self.client = callers["anonymous" if public else next(iter(sorted(rule.scopes)), "amy")]
        (self.method,) = self.route.methods - {"HEAD"}
        path = self.route.path.replace("{order_id}", "M-1")
        self.described = document["paths"][self.route.path][self.method.lower()]
        self.codes = set(document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])
        self.values = {
            "participant": market.amy,
            "order": order,
            "pool": "support",
            "hash": "0x" + "00" * 32,
            "code": "X",
        }
        self.path = re.sub(r"{(\w+)}", lambda found: str(self.values.get(found[1], 1)), path)

    def ask(self, what: object, path: str | None = None, **more: Any) -> httpx.Response:
        """Any answer is one that the description has; a refusal is a problem document with a known code."""
        headers = {"Idempotency-Key": "bad input"} | more.pop("headers", {})
        answer = self.client.request(self.method, path or self.path, headers=headers, **more)
        told = (
            f"{self.method} {(path or self.path)[:99]} {str(what)[:99]}: {answer.status_code} {answer.text}"
        )
        assert answer.status_code < 500, told
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == MEDIA_TYPE, told
            problem = answer.json()
            assert problem["code"] in self.codes and problem["status"] == answer.status_code, told
            # a path that is cut in another way is another address
            if problem["code"] not in ("NotFound", "MethodNotAllowed"):
                assert str(answer.status_code) in self.described["responses"], told
        return answer

    def schema(self, document: dict[str, Any]) -> dict[str, Any]:
        """The properties of the body."""
        content = self.described.get("requestBody", {}).get("content", {})
        found = content.get("application/json", {}).get("schema", {})
        while "$ref" in found:
            found = document["components"]["schemas"][found["$ref"].rpartition("/")[2]]
        return found


@pytest.fixture
def asker(
    request: pytest.FixtureRequest, document: dict[str, Any], callers: dict[str, httpx.Client],
    market: Market, order: int,
) -> Asker:  # fmt: skip
    return Asker(request.param, document, callers, market, order)


every_operation = pytest.mark.parametrize("asker", sorted(OPERATIONS), indirect=True)
with_body = pytest.mark.parametrize("asker", WITH_BODY, indirect=True)


@every_operation
def test_paths_and_queries(asker: Asker) -> None:
    if "{" in asker.route.path:
        for value in PATHS:
            asker.ask(value, path=re.sub(r"{\w+}", value, asker.route.path))
    for query in (*QUERIES, *({"cursor": cursor} for cursor in CURSORS)):
        asker.ask(query, params=query)
    asker.ask("an absurd key", headers={"Idempotency-Key": "k" * 5000})
    asker.ask("a strange key", headers={"Idempotency-Key": b"\xbd \xff"})
    asker.ask("a strange wish", headers={"Prefer": "wait=" + "9" * 90})


@with_body
def test_bodies_that_are_none(asker: Asker) -> None:
    for name, (content, kind) in BODIES.items():
        headers = {b"Content-Type": kind.encode("latin-1")} if kind else {}
        answer = asker.ask(name, content=content, headers=headers)
        in_parts = asker.route.operation_id == "record_orders" and name == "a list"  # each has its own result
        if asker.described.get("requestBody") and name != "twice the same name" and not in_parts:
            assert answer.status_code in (400, 415, 422), f"{name}: {answer.status_code} {answer.text}"


@with_body
def test_every_field_of_every_body(asker: Asker, document: dict[str, Any]) -> None:
    """One field after the other is wrong, too much, or missing."""
    schema = asker.schema(document)
    names = list(schema.get("properties", {}))
    for name in [*names, "unknown"]:
        for value in WRONG:
            asker.ask({name: value}, json={name: value})
    for value in WRONG:
        asker.ask(value, json=dict.fromkeys(names, value))
    if schema.get("required"):
        answer = asker.ask("nothing at all", json={})
        assert answer.status_code == 422, answer.text


def test_bodies_that_are_too_large(api: Served, callers: dict[str, httpx.Client]) -> None:
    """The limit is before everything else, whoever asks for whatever."""
    content = b" " * (api.app.state.context.settings.max_body + 1)
    for name in WITH_BODY:
        path = re.sub(r"{\w+}", "1", OPERATIONS[name].path)
        (method,) = OPERATIONS[name].methods
        answer = callers["mall"].request(method, path, content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge"), name
