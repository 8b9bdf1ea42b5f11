"""Rates on amounts: basis points and floor division (rules, preamble)."""

from __future__ import annotations

BPS = 10_000
"""Basis points in a whole."""


def part(amount: int, bps: int) -> int:
    """⌊amount · bps⌋: the part of an amount, in minor units, that a rate in basis points gives."""
    return amount * bps // BPS
