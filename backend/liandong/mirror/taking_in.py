"""Writes what was fetched: cursor, blocks, events and derived rows change in one transaction, or none."""

from __future__ import annotations

import json
from typing import Any

import orjson
from sqlalchemy import delete, exists, select, update
from sqlmodel import Session, SQLModel

from liandong.db import money
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorCursor, MirrorTransaction, MirrorUndo
from liandong.db.session import Database
from liandong.mirror import money_events, order_events, people_events, table_writes
from liandong.mirror.derived import Calendar, Derived
from liandong.mirror.errors import AnotherWriter, EventsContradict
from liandong.mirror.events import Decoded, decode, event_row
from liandong.mirror.fetching import Range
from liandong.mirror.rows import Journal, OnWrite, Rows

HANDLERS = people_events.HANDLERS | order_events.HANDLERS | money_events.HANDLERS
BRAND_ACCOUNTS = range(1, 6)
PUSH = "PushPassedOver"


class Writer:
    """Takes ranges in and undoes blocks, for one database. What it loaded stays at hand while it is alone."""

    def __init__(self, database: Database, on_write: OnWrite) -> None:
        self._database = database
        self._on_write = on_write
        self._derived = Derived()
        self._journal = Journal(self._derived.tables)
        self._at: tuple[int, str] | None = None

    # --- reading

    def cursor(self) -> MirrorCursor | None:
        """Where the mirror is; None before its first step."""
        with self._database.read() as session:
            return session.get(MirrorCursor, 1)

    def known_hashes(self, first: int, last: int) -> dict[int, str]:
        """The hashes that the mirror has of these blocks."""
        with self._database.read() as session:
            found = session.exec(
                select(MirrorBlock.number, MirrorBlock.hash).where(MirrorBlock.number.between(first, last))
            )
            return dict(found.all())

    # --- writing

    def begin(self, cursor: MirrorCursor) -> MirrorCursor:
        """The first rows of a new mirror. Where another one was quicker, its cursor counts."""
        with self._database.write() as session:
            there = session.get(MirrorCursor, 1)
            if there is not None:
                return there
            self._on_write("first cursor")
            session.add(cursor)
            session.add(money.Book(id=1))
            session.add_all(money.Account(number=number) for number in BRAND_ACCOUNTS)
        return cursor

    def take_in(self, cursor: MirrorCursor, found: Range, final: int) -> int:
        """Takes in a range that follows the cursor; returns how many events it had."""
        events = decode(found.logs)
        last = found.last
        final_number = max(cursor.final_number, min(last.number, final))
        if self._at != (cursor.block_number, cursor.block_hash):
            self._derived.forget()
        try:
            with self._database.write() as session:
                self._move(session, cursor, last.number, last.hash, final_number)
                self._derive(session, Calendar(cursor.utc_offset, cursor.day_zero), events, found, final)
                self._insert(session, MirrorBlock, [
                    (one.number, one.hash, one.parent_hash, one.timestamp) for one in found.headers
                ])  # fmt: skip
                transactions = {
                    (one.block, one.transaction_index): one.log["transactionHash"] for one in events
                }
                self._insert(session, MirrorTransaction, [(*at, hash_) for at, hash_ in transactions.items()])
                self._insert(session, ChainEvent, [event_row(one) for one in events])
                for table in self._derived.tables:
                    self._upsert(session, table, table.changes())
                self._insert(session, MirrorUndo, self._journal.rows())
                self._prune(session, cursor.final_number, final_number)
                self._on_write("commit")
        except BaseException:
            self._lose()
            raise
        for table in self._derived.tables:
            table.written()
        self._at = (last.number, last.hash)
        return len(events)

    def undo(self, cursor: MirrorCursor, number: int, hash_: str) -> None:
        """Takes back all blocks above one that the chain still has."""
        self._lose()
        with self._database.write() as session:
            self._move(session, cursor, number, hash_, cursor.final_number, reorgs=cursor.reorgs + 1)
            noted = session.exec(
                select(MirrorUndo.table_name, MirrorUndo.row_key, MirrorUndo.before)
                .where(MirrorUndo.block_number > number)
                .order_by(MirrorUndo.block_number.desc(), MirrorUndo.position.desc())
            ).all()
            before = {(table, key): row for table, key, row in noted}  # the oldest of a row comes last
            for table in self._derived.tables:
                ours = {key: row for (name, key), row in before.items() if name == table.name}
                self._delete(session, table, [orjson.loads(key) for key, row in ours.items() if row is None])
                self._upsert(session, table, [json.loads(row) for row in ours.values() if row is not None])
            for model in (ChainEvent, MirrorTransaction, MirrorUndo):
                self._on_write(f"take back {model.__tablename__}")
                session.exec(delete(model).where(model.block_number > number))
            self._on_write("take back mirror_block")
            session.exec(delete(MirrorBlock).where(MirrorBlock.number > number))
            self._on_write("commit")

    def _lose(self) -> None:
        """What is at hand may not be what the database has."""
        self._derived.forget()
        self._journal.rows()
        self._at = None

    def _move(
        self, session: Session, cursor: MirrorCursor, number: int, hash_: str, final_number: int,
        **more: int,
    ) -> None:  # fmt: skip
        """Moves the cursor from where it was read, or loses against another writer."""
        self._on_write("mirror_cursor")
        moved = session.exec(
            update(MirrorCursor)
            .where(
                MirrorCursor.id == 1,
                MirrorCursor.block_number == cursor.block_number,
                MirrorCursor.block_hash == cursor.block_hash,
            )
            .values(block_number=number, block_hash=hash_, final_number=final_number, **more)
        )
        if moved.rowcount != 1:
            raise AnotherWriter(
                f"the cursor left block {cursor.block_number} while the blocks after it were fetched"
            )

    def _derive(
        self, session: Session, calendar: Calendar, events: list[Decoded], found: Range, final: int
    ) -> None:
        s = self._derived
        s.begin(session)
        s.accounts.load(
            one.values[one.decoder.account] for one in events
            if one.decoder.account is not None and one.decoder.name != PUSH
        )  # fmt: skip
        people_events.load(s, events)
        days = {one.number: calendar.day(one.timestamp) for one in found.headers}
        block = transaction = -1
        for one in events:
            if one.block != block:
                block, transaction = one.block, -1
                s.enter(block, days[block])
                self._journal.open(block, block > final)
            if one.transaction_index != transaction:
                transaction = one.transaction_index
                s.diamonds.clear()
            HANDLERS[one.decoder.name](s, one)
        if s.recorded or s.settling:
            raise EventsContradict(
                f"blocks {found.first} to {found.last.number} tell parts of batches or settlements only"
            )

    def _prune(self, session: Session, before: int, now: int) -> None:
        """What is final needs no undoing, and of its blocks only those with events stay."""
        if now <= before:
            return
        self._on_write("prune mirror_undo")
        session.exec(delete(MirrorUndo).where(MirrorUndo.block_number <= now))
        self._on_write("prune mirror_block")
        has_events = exists().where(MirrorTransaction.block_number == MirrorBlock.number)
        session.exec(
            delete(MirrorBlock).where(MirrorBlock.number >= before, MirrorBlock.number < now, ~has_events)
        )

    def _insert(self, session: Session, model: type[SQLModel], rows: list[tuple[Any, ...]]) -> None:
        if rows:
            table = model.__table__  # type: ignore[attr-defined]
            self._on_write(table.name)
            table_writes.insert(session.connection(), table, rows)

    def _upsert(self, session: Session, table: Rows, rows: list[list[Any]]) -> None:
        if rows:
            self._on_write(table.name)
            table_writes.upsert(session.connection(), table.table, rows)

    def _delete(self, session: Session, table: Rows, keys: list[Any]) -> None:
        if keys:
            self._on_write(f"take back {table.name}")
            keys = [key if isinstance(key, list) else (key,) for key in keys]
            table_writes.delete(session.connection(), table.table, keys)
