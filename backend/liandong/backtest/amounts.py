"""Amounts of money as exports write them: minor units, or decimals with at most two places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?")


class Money(StrEnum):
    """How a file writes amounts."""

    AUTO = "auto"
    MINOR = "minor"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class Writing:
    """How a file's amounts are read, and why: ``reason`` is told in the statement."""

    money: Money
    reason: str


def how_written(texts: Iterable[tuple[int, str]], wanted: Money) -> Writing:
    """How the amounts ``(line, text)`` of a file are to be read.

    On ``auto``, one amount with a decimal point makes all of them decimals; without any they are minor units.
    """
    if wanted is not Money.AUTO:
        return Writing(wanted, "as asked for")
    total, pointed, first = 0, 0, None
    for line, text in texts:
        total += 1
        if "." in text:
            pointed += 1
            first = first or f"line {line} has {text.strip()}"
    if first is None:
        return Writing(Money.MINOR, "no amount has a decimal point")
    rare = "" if pointed * 2 >= total else f"; only {pointed} of {total} amounts have a decimal point"
    return Writing(Money.DECIMAL, first + rare)


def minor_units(text: str, money: Money) -> int:
    """An amount in minor units (1 = 0.01). ``ValueError`` says what is wrong with the text."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not an amount" if text else "the amount is missing")
    whole, _, places = text.replace(",", "").partition(".")
    if money is Money.MINOR:
        if places.strip("0"):
            raise ValueError(f"{text} is not a whole number of minor units")
        return int(whole)
    if len(places.rstrip("0")) > 2:
        raise ValueError(f"{text} has more than two decimal places")
    return int(Decimal(f"{whole}.{places or 0}") * 100)
