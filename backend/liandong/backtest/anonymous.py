"""A history without what nobody needs to keep: who the buyers are, and what rows that cannot be read say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from liandong.backtest.history import BadRow, Cancellation, History, Sale

LONGEST_REASON = 120
"""Characters of the reason why a row is bad: it quotes what the row says."""


def without_people(history: History, seller_of: Mapping[int, str | None]) -> History:
    """The same history for all that is reckoned: buyers are numbers, and sellers have been put in.

    ``seller_of`` names them by line: where the file does not, they were drawn by the buyers' own names.
    """
    numbers: dict[str, str] = {}

    def entry(one: Sale | Cancellation) -> dict[str, str | None]:
        if one.customer is None:
            return {"customer": None}
        return {"customer": numbers.setdefault(one.customer, str(len(numbers) + 1))}

    return replace(
        history,
        path=Path(history.path.name),
        sales=[replace(sale, **entry(sale), seller=seller_of[sale.line]) for sale in history.sales],
        cancellations=[replace(one, **entry(one)) for one in history.cancellations],
        bad_rows=[BadRow(row.line, row.reason[:LONGEST_REASON], "") for row in history.bad_rows],
        names_sellers=True,
        sellers_drawn=not history.names_sellers,
    )
