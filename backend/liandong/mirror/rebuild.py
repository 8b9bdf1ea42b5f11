"""Empties the mirror, so that it is made anew from the chain: its rows are nobody's but the chain's."""

from __future__ import annotations

from sqlalchemy import delete, update

from liandong.db.chain import ChainEvent, MirrorBlock, MirrorCursor, MirrorTransaction, MirrorUndo
from liandong.db.session import Database
from liandong.db.sums import BookDay, EventSum, SumCursor
from liandong.mirror.derived import Derived


def forget(database: Database) -> None:
    """Deletes all mirrored rows in one transaction; whoever follows meanwhile loses its step."""
    with database.write() as session:
        for model in (
            MirrorCursor,
            MirrorBlock,
            MirrorTransaction,
            ChainEvent,
            MirrorUndo,
            BookDay,
            EventSum,
        ):
            session.execute(delete(model))
        session.execute(update(SumCursor).values(block_number=-1))
        for table in Derived().tables:
            session.execute(delete(table.table))
