"""How every write comes in: under the caller's key, into the outbox, answered at once or after a wait."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Header, Response
from sqlmodel import Session

from liandong.access.guard import Caller
from liandong.db.outbox import OutboxRequest
from liandong.http.context import InContext
from liandong.http.errors import IdempotencyKeyMissing
from liandong.http.problems import refusals
from liandong.outbox import requests, states
from liandong.outbox.errors import IdempotencyConflict, InvalidBody, OutboxError
from liandong.transactions.repository import transaction_of
from liandong.transactions.schemas import RequestView, rejection_error

MOST_WAIT = 30
"""Seconds for which a caller can wait for an outcome; each wait holds a thread."""

LOOK_EVERY = 0.05

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=150,
        description="Names the write: sent again, it has no second effect and gets the first one's answer.",
    ),
]  # fmt: skip
Prefer = Annotated[
    str | None,
    Header(
        max_length=100,
        description=f"`wait=SECONDS` (to {MOST_WAIT}): answer when it is mined (200) or refused (its error).",
    ),
]

WRITE = {"status_code": 202, "response_model": RequestView}
"""What the decorators of all writes have in common."""


def write_refusals(*errors: Any) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses of a write that the rules can refuse with these errors."""
    return {200: {"model": RequestView, "description": "Mined (with `Prefer: wait`)"}} | refusals(
        IdempotencyKeyMissing, IdempotencyConflict, InvalidBody, *errors
    )


class Writer:
    """Puts a caller's writes into the outbox."""

    def __init__(
        self, context: InContext, caller: Caller, response: Response, key: Key = None, prefer: Prefer = None
    ) -> None:
        self.context = context
        self.caller = caller
        self.response = response
        self.key = key
        self.wait = _seconds(prefer)

    def send(self, kind: str, body: Mapping[str, Any], key: str | None = None) -> RequestView:
        """One write. Raises what the outbox says, and with a wait what the chain says."""
        with self.context.database.write() as session:
            row = requests.submit(session, self.caller.id, key or self.required_key(), kind, body)
            view = self._view(session, row)
        view = self._outcome(view)
        self.response.headers["Location"] = f"/v1/requests/{view.id}"
        if view.state in (states.MINED, states.FINAL):
            self.response.status_code = 200
        return view

    def send_many(self, items: Sequence[requests.Item]) -> list[RequestView | OutboxError]:
        """Many writes, each with its own outcome, in the order given."""
        with self.context.database.write() as session:
            found = requests.submit_many(session, self.caller.id, items)
            return [one if isinstance(one, OutboxError) else self._view(session, one) for one in found]

    def required_key(self) -> str:
        """The caller's key. Raises :class:`IdempotencyKeyMissing`."""
        if not self.key:
            raise IdempotencyKeyMissing
        return self.key

    def _view(self, session: Session, row: OutboxRequest) -> RequestView:
        return RequestView.of(row, transaction_of(session, row), self.context.explorer)

    def _outcome(self, view: RequestView) -> RequestView:
        if not self.wait or not self.context.waits.acquire(blocking=False):
            return view  # where all waits are taken, the answer comes at once
        try:
            view = self._wait(view)
        finally:
            self.context.waits.release()
        if view.rejection is not None:
            raise rejection_error(view.rejection.code, view.rejection.detail)
        return view

    def _wait(self, view: RequestView) -> RequestView:
        until = time.monotonic() + self.wait
        while view.state in states.UNDER_WAY and time.monotonic() < until:
            time.sleep(LOOK_EVERY)
            with self.context.database.read() as session:
                row = requests.get(session, view.id)
                view = self._view(session, row)
        return view


Writes = Annotated[Writer, Depends()]


def _seconds(prefer: str | None) -> int:
    found = re.search(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])", prefer or "")
    return min(int(found[1]), MOST_WAIT) if found else 0
