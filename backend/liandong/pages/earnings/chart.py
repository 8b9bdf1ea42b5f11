"""Bars of what was earned, day by day or month by month, as numbers for an SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liandong.figures import short_money

WIDTH, HEIGHT = 720, 220
LEFT, BOTTOM, TOP = 52, 28, 18
BARS = 30
MONTH = 30
"""Days in a month of the rules (§ 5)."""

COLOURS = ("direct", "team", "support", "region", "dividend", "host", "guide")
"""Lines with a colour of their own; all others share the last one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A line's part of a bar, in the SVG's units."""

    y: float
    height: float
    colour: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or month: ``day`` is its first, ``amounts`` are by line in minor units."""

    day: int
    x: float
    width: float
    parts: tuple[Part, ...]
    amounts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All lines together."""
        return sum(self.amounts.values())


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and grid lines as (y, label)."""

    bars: tuple[Bar, ...]
    grid: tuple[tuple[float, str], ...]

    @property
    def total(self) -> int:
        """Of all bars."""
        return sum(bar.total for bar in self.bars)


def colour_of(line: str) -> int:
    """The number of a line's colour."""
    return COLOURS.index(line) + 1 if line in COLOURS[:-1] else len(COLOURS)


def chart(by_day: Mapping[int, Mapping[str, int]], today: int, days: int) -> Chart:
    """The last ``days`` days in bars of a day, or of a month where that would be too many."""
    length = 1 if days <= BARS else MONTH
    first = today - days + 1
    sums: list[dict[str, int]] = [{} for _ in range(days // length)]
    for day, lines in by_day.items():
        if first <= day <= today:
            place = sums[(day - first) // length]
            for line, amount in lines.items():
                place[line] = place.get(line, 0) + amount
    top = _round_up(max((sum(one.values()) for one in sums), default=0))
    step = (WIDTH - LEFT) / len(sums)
    width = min(step * 0.7, 36)
    bars = tuple(
        Bar(first + at * length, LEFT + at * step + (step - width) / 2, width, _parts(one, top), one)
        for at, one in enumerate(sums)
    )
    grid = tuple((_y(top * part / 2, top), short_money(top * part / 2)) for part in range(3))
    return Chart(bars, grid)


def _parts(amounts: Mapping[str, int], top: int) -> tuple[Part, ...]:
    parts, below = [], 0
    for line, amount in sorted(amounts.items(), key=lambda one: colour_of(one[0])):
        upper = _y(below + amount, top)
        parts.append(Part(upper, _y(below, top) - upper, colour_of(line)))
        below += amount
    return tuple(parts)


def _y(amount: float, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * amount / top, 2)


def _round_up(amount: int) -> int:
    """A round number from the amount on, for the top of the axis."""
    size = 100
    while size * 10 < amount:
        size *= 10
    return next((size * part for part in (1, 2, 4, 5, 6, 8) if size * part >= amount), size * 10)
