"""From a template and values to an answer. Templates escape by themselves, and refuse unknown names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from liandong.figures import count, money, percent
from liandong.http.context import context_of
from liandong.pages.language import CATALOGUES, language_of
from liandong.pages.navigation import AREAS

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True, auto_reload=False,
)  # fmt: skip


def _short(word: str) -> str:
    """An address or hash, as much of it as people compare."""
    return f"{word[:6]}…{word[-4:]}"


_ENVIRONMENT.filters |= {"money": money, "percent": percent, "count": count, "short": _short}


def render(request: Request, template: str, http_status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a part of one. Every template has ``t``, ``language``, ``visitor``, ``areas``, ``path``."""
    language = language_of(request)
    settings = context_of(request).settings
    shared = {
        "t": CATALOGUES[language], "language": language, "areas": AREAS, "path": request.url.path,
        "visitor": getattr(request.state, "visitor", None),
        "explorer": (settings.explorer_url or "").rstrip("/"),
    }  # fmt: skip
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(shared | values), http_status)


def is_part(request: Request) -> bool:
    """Whether htmx asks for a part of a page, to be put into one that is open."""
    return request.headers.get("hx-request") == "true"
