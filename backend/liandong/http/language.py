"""The language that an answer's words are in: English, or Chinese for whoever asks for it.

An error's English title is the first paragraph of its docstring, its Chinese one stands in ``titles.json``.
"""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]

CHINESE: dict[str, str] = json.loads(Path(__file__).with_name("titles.json").read_text(encoding="utf-8"))
"""The Chinese title of every error, by its name."""

_spoken: ContextVar[Language] = ContextVar("language", default="en")
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def speak(language: Language) -> None:
    """Lets the answer to the request at hand be in this language."""
    _spoken.set(language)


def spoken() -> Language:
    """The language of the answer to the request at hand."""
    return _spoken.get()


def wanted(accept_language: str) -> Language:
    """What the header Accept-Language prefers (RFC 9110); English where it says nothing of either."""
    weights: dict[str, float] = {}
    for part in accept_language[:500].split(","):
        found = _RANGE.fullmatch(part)
        if found:
            name = found[1].lower()
            weights[name] = max(weights.get(name, 0.0), float(found[2] or 1))
    other = weights.get("*", 0.0)
    return "zh" if weights.get("zh", other) > weights.get("en", other) else "en"


def title_of(error: type[BaseException]) -> str:
    """What an error means and what to do about it, in the language of the answer."""
    if spoken() == "zh" and error.__name__ in CHINESE:
        return CHINESE[error.__name__]
    return sentence_of(error)


def sentence_of(error: type[BaseException]) -> str:
    """The first paragraph of an error's docstring."""
    return " ".join((error.__doc__ or error.__name__).strip().split("\n\n")[0].split())
