"""Keyset pagination: a page names where the next one begins, so that lists stay fast and never skip a row."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from liandong.http.errors import InvalidCursor

Item = TypeVar("Item")

MAX_PAGE = 200
"""Rows in one page at most."""

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Rows in the page.")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    next: str | None = Field(
        default=None, description="Give this as `cursor` for the next page; null: this is the last."
    )


def cursor_of(*key: int) -> str:
    """Writes the key of a page's last row."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(cursor: str | None, length: int = 1) -> tuple[int, ...] | None:
    """Reads a cursor. Raises :class:`InvalidCursor`."""
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise InvalidCursor from error
    if not isinstance(key, list) or len(key) != length or any(type(one) is not int for one in key):
        raise InvalidCursor
    if any(not -(2**63) <= one < 2**63 for one in key):
        raise InvalidCursor
    return tuple(key)


def page_of(
    rows: Sequence[Any], limit: int, key: Callable[[Any], tuple[int, ...]]
) -> tuple[Sequence[Any], str | None]:
    """Of ``limit`` + 1 rows that were asked for: the page, and the cursor of the next one."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], cursor_of(*key(rows[limit - 1]))
