"""Structured logs: one JSON object a line, with the request's id, and neither secrets nor personal data.

Only names, numbers, states and times are logged: no headers, bodies, query strings, keys or node URLs.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

LOG = logging.getLogger("liandong.http")

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    """An id for a request that brought none."""
    return secrets.token_hex(12)


def set_request_id(value: str) -> None:
    """Makes this the id of the request that is being answered."""
    _request_id.set(value)


def request_id() -> str:
    """The id of the request that is being answered."""
    return _request_id.get()


def failure(error: BaseException) -> None:
    """Logs a fault: its type and where it was raised, not its words, which may quote what a caller sent."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = [f"{frame.filename.rpartition('/liandong/')[2]}:{frame.lineno}" for frame in frames]
    LOG.error("fault", extra={"fields": {"error": type(error).__name__, "where": where}})


_JSON = json.JSONEncoder(ensure_ascii=False, default=str)


def answered(fields: dict[str, Any]) -> None:
    """Logs a request that was answered; without the search for the line that calls, which nobody is told."""
    if LOG.isEnabledFor(logging.INFO):
        record = LOG.makeRecord(LOG.name, logging.INFO, "", 0, "answered", (), None, extra={"fields": fields})
        LOG.handle(record)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        if request_id():
            line["request"] = request_id()
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return _JSON.encode(line)


def log_to_stderr() -> None:
    """Lets the package's loggers write JSON lines to stderr."""
    log_to(logging.StreamHandler(sys.stderr))


def log_to(handler: logging.Handler, level: int = logging.INFO) -> None:
    """Lets the package's loggers write JSON lines there."""
    handler.setFormatter(JsonLines())
    package = logging.getLogger("liandong")
    package.handlers[:] = [handler]
    package.setLevel(level)
    package.propagate = False
