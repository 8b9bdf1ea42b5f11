"""Every change of roles and pauses that the contract told."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col

from liandong.db.chain import OF_GOVERNANCE, ChainEvent
from liandong.db.session import Reader
from liandong.orders.repository import EVENTS, EventRow, event_row


def changes(reader: Reader, rows: int) -> list[EventRow]:
    """The newest first."""
    query = EVENTS.where(text(OF_GOVERNANCE)).order_by(
        col(ChainEvent.block_number).desc(), col(ChainEvent.log_index).desc()
    )
    return [event_row(row) for row in reader.execute(query.limit(rows))]
