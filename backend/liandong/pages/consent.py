"""How long what a wallet signs on a page is good for."""

from __future__ import annotations

from liandong.http.calendar import DAY, calendar_of
from liandong.http.context import Context

CONSENT_DAYS = 30
"""Longer than any queue. It can do no more than it says: once, and to the wallet that signed."""


def deadline(context: Context) -> int:
    """Unix seconds, by the chain's clock."""
    with context.database.read() as session:
        return calendar_of(session).now + CONSENT_DAYS * DAY
