"""What a sale costs: from the history's own columns, else a ratio of the price."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from liandong.backtest.errors import InvalidRatio
from liandong.backtest.history import Sale


def ratio(name: str, text: str) -> Fraction:
    """A ratio written as 0.45 or 45%; ``InvalidRatio`` unless it is within 0 and 1."""
    try:
        written = text.strip()
        value = Fraction(written[:-1]) / 100 if written.endswith("%") else Fraction(written)
    except (ValueError, ZeroDivisionError):
        raise InvalidRatio(name, text) from None
    if not 0 <= value <= 1:
        raise InvalidRatio(name, text)
    return value


@dataclass(frozen=True, slots=True)
class Costs:
    """Ratios of the price for sales whose row says nothing; the amounts are rounded down to minor units."""

    cost: Fraction
    fees: Fraction

    def of(self, sale: Sale) -> tuple[int, int]:
        """Cost and fees of a sale, in minor units."""
        cost = int(sale.amount * self.cost) if sale.cost is None else sale.cost
        fees = int(sale.amount * self.fees) if sale.fees is None else sale.fees
        return cost, fees
