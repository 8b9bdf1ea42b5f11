"""Empties the mirror, so that it is made anew from the chain: its rows are nobody's but the chain's."""

from __future__ import annotations

from sqlalchemy import delete

from liandong.db.chain import ChainEvent, MirrorBlock, MirrorCursor, MirrorTransaction, MirrorUndo
from liandong.db.session import Database
from liandong.mirror.derived import Derived


def forget(database: Database) -> None:
    """Deletes all mirrored rows in one transaction; whoever follows meanwhile loses its step."""
    with database.write() as session:
        for model in (MirrorCursor, MirrorBlock, MirrorTransaction, ChainEvent, MirrorUndo):
            session.execute(delete(model))
        for table in Derived().tables:
            session.execute(delete(table.table))
