"""How figures are shown to people: money with two decimals, rates in per cent."""

from __future__ import annotations


def money(minor_units: int) -> str:
    """Minor units as an amount: 123456 is ``1,234.56``."""
    sign = "-" if minor_units < 0 else ""
    return f"{sign}{abs(minor_units) // 100:,}.{abs(minor_units) % 100:02}"


def short_money(minor_units: float) -> str:
    """An amount for an axis: ``1.2 m``, ``340 k``, ``12``."""
    amount = minor_units / 100
    for size, unit in ((1e6, " m"), (1e3, " k")):
        if abs(amount) >= size:
            return f"{amount / size:.3g}{unit}"
    return f"{amount:.3g}"


def percent(bps: int) -> str:
    """Basis points: 2050 is ``20.50 %``."""
    return f"{bps / 100:.2f} %"


def count(number: int) -> str:
    """A whole number: ``20,002``."""
    return f"{number:,}"
