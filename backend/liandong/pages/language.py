"""Two languages: Chinese first, English by a switch that a cookie keeps.

Texts stand beside the pages, in ``FEATURE/texts.json``: ``{"name": ["中文", "English"], …}``, used in
templates as ``t("FEATURE.name", value=…)``. They may hold markup; values that are put into them are escaped.
"""

from __future__ import annotations

import json
from pathlib import Path

from markupsafe import Markup
from starlette.requests import HTTPConnection

from liandong.http.language import Language

COOKIE = "liandong_language"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FOLDER = Path(__file__).parent


def language_of(request: HTTPConnection) -> Language:
    """The language that the visitor chose."""
    chosen = request.cookies.get(COOKIE)
    return next((one for one in LANGUAGES if one == chosen), LANGUAGES[0])


class Catalogue:
    """All texts of the pages in one language."""

    def __init__(self, language: str) -> None:
        at = LANGUAGES.index(language)
        self._texts = {name: texts[at] for name, texts in all_texts().items()}

    def __call__(self, name: str, **values: object) -> Markup:
        """A text with values in it. Raises ``KeyError`` for a text that there is not."""
        return Markup(self._texts[name]).format(**values)

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def under(self, prefix: str) -> dict[str, str]:
        """All texts whose names begin so, without that: for scripts."""
        return {
            name.removeprefix(prefix): text for name, text in self._texts.items() if name.startswith(prefix)
        }


def all_texts() -> dict[str, list[str]]:
    """Every feature's texts by ``FEATURE.name``, a text a language."""
    return {
        f"{path.parent.name}.{name}": texts
        for path in sorted(FOLDER.glob("*/texts.json"))
        for name, texts in json.loads(path.read_text(encoding="utf-8")).items()
    }


CATALOGUES = {language: Catalogue(language) for language in LANGUAGES}
