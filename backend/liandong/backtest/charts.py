"""Charts as SVG that stands in the page itself: no scripts, no third party, colours from the page's style.

Each chart is drawn twice, for wide and for narrow screens, since text in a scaled drawing would not stay
readable; the style shows the one that fits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDE, NARROW = 1000, 380
"""Widths of the two drawings, in their own units, which are about pixels on the screens they are for."""


@dataclass(frozen=True, slots=True)
class Series:
    """One coloured part of a chart: a name for people, the class that colours it, its values in order."""

    name: str
    css: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    height: int
    left: int = 58
    right: int = 10
    top: int = 12
    bottom: int = 26

    @property
    def inner_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> int:
        return self.height - self.top - self.bottom

    def y(self, value: float, most: float) -> float:
        return self.top + self.inner_height * (1 - value / most)


Label = Callable[[float], str]
"""How a value is written beside the axis or in a tip."""


def stacked_columns(
    title: str, names: Sequence[str], series: Sequence[Series], axis: Label, tip: Label
) -> str:
    """Columns, one a name, with the series stacked; values below zero are left out of the stack."""
    return _both(title, lambda frame: _columns(frame, names, series, axis, tip))


def stacked_areas(title: str, names: Sequence[str], series: Sequence[Series], axis: Label) -> str:
    """Areas over time, stacked; ``names`` are ISO dates, one a value."""
    return _both(title, lambda frame: _areas(frame, names, series, axis))


def legend(series: Sequence[Series]) -> str:
    """The names beside their colours."""
    items = "".join(f'<li><i class="{one.css}"></i>{escape(one.name)}</li>' for one in series)
    return f'<ul class="legend">{items}</ul>'


def share_bar(parts: Sequence[tuple[str, str, int, str]]) -> str:
    """One bar that is the whole, with ``(name, class, part, how it is written)`` in their proportions."""
    whole = sum(max(part, 0) for _, _, part, _ in parts) or 1
    cells = "".join(
        f'<span class="{css}" style="flex:{part / whole:.5f}" title="{escape(f"{name} {written}")}"></span>'
        for name, css, part, written in parts
        if part > 0
    )
    items = "".join(
        f'<li><i class="{css}"></i>{escape(name)}<b>{escape(written)}</b></li>'
        for name, css, _, written in parts
    )
    return f'<div class="share">{cells}</div><ul class="legend wide">{items}</ul>'


def _both(title: str, draw: Callable[[_Frame], str]) -> str:
    drawings = ((_Frame(WIDE, 300), "wide-only"), (_Frame(NARROW, 240, left=46, right=4), "narrow-only"))
    return "".join(
        f'<svg class="chart {css}" viewBox="0 0 {frame.width} {frame.height}" role="img" '
        f'aria-label="{escape(title)}">{draw(frame)}</svg>'
        for frame, css in drawings
    )


def _columns(frame: _Frame, names: Sequence[str], series: Sequence[Series], axis: Label, tip: Label) -> str:
    most, parts = _scale(
        frame, [sum(max(one.values[i], 0) for one in series) for i in range(len(names))], axis
    )
    step = frame.inner_width / max(len(names), 1)
    width = min(step * 0.62, 56)
    for i, name in enumerate(names):
        x = frame.left + step * i + (step - width) / 2
        below = 0
        for one in series:
            value = max(one.values[i], 0)
            if value:
                top, bottom = frame.y(below + value, most), frame.y(below, most)
                parts.append(
                    f'<rect class="{one.css}" x="{x:.1f}" y="{top:.1f}" '
                    f'width="{width:.1f}" height="{bottom - top:.1f}">'
                    f"<title>{escape(name)} · {escape(one.name)}: {escape(tip(value))}</title></rect>"
                )
            below += value
    parts += _under(frame, [(frame.left + step * (i + 0.5), name) for i, name in enumerate(names)])
    return "".join(parts)


def _areas(frame: _Frame, names: Sequence[str], series: Sequence[Series], axis: Label) -> str:
    most, parts = _scale(frame, [sum(one.values[i] for one in series) for i in range(len(names))], axis)
    places = [frame.left + frame.inner_width * i / max(len(names) - 1, 1) for i in range(len(names))]
    below = [0] * len(names)
    for one in series:
        above = [low + value for low, value in zip(below, one.values, strict=True)]
        up = " ".join(f"{x:.1f},{frame.y(v, most):.1f}" for x, v in zip(places, above, strict=True))
        down = " ".join(
            f"{x:.1f},{frame.y(v, most):.1f}" for x, v in zip(reversed(places), reversed(below), strict=True)
        )
        parts.append(
            f'<polygon class="{one.css}" points="{up} {down}"><title>{escape(one.name)}</title></polygon>'
        )
        below = above
    firsts = [(x, name[:7]) for x, name in zip(places, names, strict=True) if name.endswith("-01")]
    parts += _under(frame, firsts or [(places[0], names[0]), (places[-1], names[-1])])
    return "".join(parts)


def _scale(frame: _Frame, heights: Sequence[int], axis: Label) -> tuple[float, list[str]]:
    """The axis: a round number at the top, lines with labels below it."""
    highest = max(heights, default=0) or 1
    size = 10 ** math.floor(math.log10(highest))
    step = next(size * part for part in (0.2, 0.25, 0.5, 1, 2, 2.5) if highest / (size * part) <= 5)
    most = step * math.ceil(highest / step)
    parts = []
    for i in range(round(most / step) + 1):
        y = frame.y(step * i, most)
        parts.append(
            f'<line class="grid" x1="{frame.left}" x2="{frame.width - frame.right}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(
            f'<text x="{frame.left - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(axis(step * i))}</text>'
        )
    return most, parts


def _under(frame: _Frame, labels: Sequence[tuple[float, str]]) -> list[str]:
    """Labels under the axis, as many as have room."""
    room = 64
    every = max(1, math.ceil(len(labels) * room / frame.inner_width))
    return [
        f'<text x="{x:.1f}" y="{frame.height - 8}" text-anchor="middle">{escape(text)}</text>'
        for x, text in labels[::every]
        if frame.left <= x - 20 and x + 20 <= frame.width
    ]
