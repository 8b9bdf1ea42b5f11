"""Every change of roles and pauses that the contract told."""

from __future__ import annotations

from sqlmodel import Session, col, select

from liandong.db.chain import ChainEvent
from liandong.orders.repository import EventRow, with_transactions


def changes(session: Session, rows: int) -> list[EventRow]:
    """The newest first."""
    query = (
        select(ChainEvent)
        .where(col(ChainEvent.name).in_(("RolesChanged", "PauseChanged")))
        .order_by(col(ChainEvent.block_number).desc(), col(ChainEvent.log_index).desc())
    )
    return [tuple(row) for row in session.execute(with_transactions(query.limit(rows)))]
