"""Which sale a cancellation belongs to, since a history does not say: the customer's latest fitting one.

A sale fits if it is of the same customer, not later than the cancellation, and has at least as much left
that was not refunded yet. Where none alone fits, the cancellation is shared by the customer's latest sales,
the latest first, as long as they have enough left together: a customer who sends back goods of two parcels
gets one credit note. What cannot be matched so is reported and refunds nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from liandong.backtest.history import Cancellation, Sale


@dataclass(frozen=True, slots=True)
class Refund:
    """A cancellation, or a part of one, that refunds ``amount`` minor units of a sale."""

    cancellation: Cancellation
    sale: Sale
    amount: int


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A cancellation without a sale, and why."""

    cancellation: Cancellation
    reason: str


@dataclass(frozen=True, slots=True)
class Matching:
    """All cancellations: refunds in the order of time, how many were shared, and what is left over."""

    refunds: Sequence[Refund]
    shared: int
    unmatched: Sequence[Unmatched]


@dataclass(slots=True)
class _Open:
    sale: Sale
    left: int


def match(sales: Sequence[Sale], cancellations: Sequence[Cancellation]) -> Matching:
    """Matches cancellations with sales, both in the order of time."""
    bought: defaultdict[str, list[_Open]] = defaultdict(list)
    refunds: list[Refund] = []
    unmatched: list[Unmatched] = []
    shared = recorded = 0
    for cancellation in cancellations:
        while recorded < len(sales) and sales[recorded].time <= cancellation.time:
            sale = sales[recorded]
            recorded += 1
            if sale.customer is not None:
                bought[sale.customer].append(_Open(sale, sale.amount))
        if cancellation.customer is None:
            unmatched.append(Unmatched(cancellation, "the customer is not known"))
            continue
        theirs = bought[cancellation.customer]
        parts = _parts(theirs, cancellation.amount)
        if not parts:
            left = sum(one.left for one in theirs)
            reason = (
                f"more than the {left} minor units left of the customer's sales"
                if theirs
                else "no sale before it"
            )
            unmatched.append(Unmatched(cancellation, reason))
            continue
        shared += len(parts) > 1
        for one, amount in parts:
            one.left -= amount
            refunds.append(Refund(cancellation, one.sale, amount))
    return Matching(refunds, shared, unmatched)


def _parts(theirs: Sequence[_Open], amount: int) -> list[tuple[_Open, int]]:
    latest_first = theirs[::-1]
    for one in latest_first:
        if one.left >= amount:
            return [(one, amount)]
    parts: list[tuple[_Open, int]] = []
    for one in latest_first:
        if one.left and amount:
            parts.append((one, min(one.left, amount)))
            amount -= parts[-1][1]
    return [] if amount else parts
