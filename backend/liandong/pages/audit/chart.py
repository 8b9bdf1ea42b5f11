"""Bars of what was held at the end of days, position by position, for a chart without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liandong.auditing.over_time import DayEnd
from liandong.figures import short_money

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM = 900, 260, 84, 16, 28
MOST_BARS = 48
POSITIONS = ("treasury", "escrow", "pools", "accounts")
OWED = POSITIONS[1:]
"""What others have a claim to: drawn, while the treasury, often far larger, stands in the table."""


@dataclass(frozen=True, slots=True)
class Part:
    """One position's part of a bar."""

    colour: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One day; ``label``: whether its date is written below."""

    day: DayEnd
    x: float
    width: float
    parts: list[Part]
    label: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and lines with amounts behind them."""

    bars: list[Bar]
    grid: list[tuple[float, str]]


def chart(days: Sequence[DayEnd]) -> Chart:
    """The last day, and others before it, evenly chosen where there are too many."""
    step = -(-len(days) // MOST_BARS) or 1
    shown = list(days[::-1][::step])[::-1]
    highest = max((one.held - one.treasury for one in shown), default=0) or 1
    scale = (HEIGHT - BOTTOM - 12) / highest
    slot = (WIDTH - LEFT - RIGHT) / max(len(shown), 1)
    width = min(slot * 0.72, 56)
    label_each = -(-len(shown) // 8) or 1
    bars = [
        Bar(
            one, LEFT + slot * at + (slot - width) / 2, width, _parts(one, scale),
            (len(shown) - 1 - at) % label_each == 0,
        )
        for at, one in enumerate(shown)
    ]  # fmt: skip
    grid = [(HEIGHT - BOTTOM - highest * part * scale, short_money(highest * part)) for part in (0, 0.5, 1)]
    return Chart(bars, grid)


def _parts(day: DayEnd, scale: float) -> list[Part]:
    parts, at = [], float(HEIGHT - BOTTOM)
    for colour, name in enumerate(OWED, 2):
        height = max(getattr(day, name), 0) * scale
        if height:
            at -= height
            parts.append(Part(colour, round(at, 2), round(height, 2)))
    return parts
