"""Parts that the report page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def section(chinese: str, english: str, note: str, content: str) -> str:
    """A part of the page under its two names, with a note below them."""
    told = f"<p>{note}</p>" if note else ""
    return f"<section><h2>{chinese}<small>{english}</small></h2>{told}{content}</section>"


def table_of(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain cells; the first column is text."""
    return rows_table(names, [row_of(row) for row in rows])


def rows_table(names: Sequence[str], rows: Sequence[str], text: int = 1) -> str:
    """A table of rows made by :func:`row_of`; the first ``text`` columns are text."""
    head = "".join(
        f'<th class="t">{name}</th>' if place < text else f"<th>{name}</th>"
        for place, name in enumerate(names)
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<div class="scroll">{table}</div>'


def row_of(cells: Sequence[str], *, text: int = 1, css: str = "", raw: int = 0) -> str:
    """One row; the first ``text`` cells are words, of them the first ``raw`` are HTML already."""
    inner = "".join(
        f"<td{_cell_class(place, text)}>{cell if place < raw else escape(cell)}</td>"
        for place, cell in enumerate(cells)
    )
    return f'<tr class="{css}">{inner}</tr>' if css else f"<tr>{inner}</tr>"


def _cell_class(place: int, text: int) -> str:
    if place >= text:
        return ""
    return ' class="t w"' if place == 2 else ' class="t"'


def folded(name: str, content: str) -> str:
    """Something that is shown when its name is clicked."""
    return f"<details><summary>{name}</summary>{content}</details>"
