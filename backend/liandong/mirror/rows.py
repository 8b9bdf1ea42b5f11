"""Derived rows in memory: loaded when needed, changed in place, written together, and remembered for undoing.

A row is a list of its columns' values in the order of the table's columns. What a block above finality
changes is noted once as it was before, so that a reorganisation can put it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import Table
from sqlmodel import Session, SQLModel

from liandong.db import wide

Key = Any
"""The value of a primary key; a tuple where it has several columns."""

Row = list[Any]
OnWrite = Callable[[str], None]

CHUNK = 5_000
KEPT = 400_000
"""Rows of a table that stay in memory between transactions."""


def columns(model: type[SQLModel]) -> SimpleNamespace:
    """Where each column of a table is in its rows."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return SimpleNamespace(**{column.name: at for at, column in enumerate(table.columns)})


class Rows:
    def __init__(self, model: type[SQLModel]) -> None:
        self.table: Table = model.__table__  # type: ignore[attr-defined]
        self.name = self.table.name
        names = [column.name for column in self.table.columns]
        self._key_at = [names.index(column.name) for column in self.table.primary_key.columns]
        self._key_names = [f'"{column.name}"' for column in self.table.primary_key.columns]
        listed = ", ".join(f'"{name}"' for name in names)
        self._select = f'SELECT {listed} FROM "{self.name}"'
        self._defaults = [
            None if column.default is None else column.default.arg for column in self.table.columns
        ]
        self._wide = wide.places(self.table)
        self._rows: dict[Key, Row | None] = {}
        self._changed: dict[Key, None] = {}
        self._noted: set[Key] = set()
        self._journal: list[tuple[Rows, Key, Row | None]] | None = None
        self.session: Session | None = None

    # --- a transaction

    def begin(self, session: Session) -> None:
        """What is loaded from now on comes from this session."""
        self.session = session

    def note(self, journal: list[tuple[Rows, Key, Row | None]] | None) -> None:
        """Whether changes are noted from now on, and where."""
        self._journal = journal
        self._noted.clear()

    def forget(self) -> None:
        """Drops everything, for the next transaction to load anew."""
        self._rows.clear()
        self._changed.clear()

    def written(self) -> None:
        """What was changed is in the database now."""
        self._changed.clear()
        if len(self._rows) > KEPT:
            self._rows.clear()

    def changes(self) -> list[Row]:
        """The rows to write."""
        rows = self._rows
        return [rows[key] for key in self._changed]  # type: ignore[misc]

    # --- rows

    def __contains__(self, key: Key) -> bool:
        return key in self._rows

    def find(self, key: Key) -> Row | None:
        """The row, to read only; None where there is none."""
        try:
            return self._rows[key]
        except KeyError:
            self.load((key,))
            return self._rows[key]

    def change(self, key: Key) -> Row | None:
        """The row, to be changed in place."""
        try:
            row = self._rows[key]
        except KeyError:
            row = self.find(key)
        if self._journal is not None and key not in self._noted:
            self._noted.add(key)
            self._journal.append((self, key, None if row is None else row.copy()))
        self._changed[key] = None
        return row

    def add(self, key: Key, row: Row) -> Row:
        """Puts a row in; one of the same key is replaced."""
        if self._journal is not None and key not in self._noted:
            self._noted.add(key)
            before = self._rows.get(key)
            self._journal.append((self, key, None if before is None else before.copy()))
        self._changed[key] = None
        self._rows[key] = row
        return row

    def make(self, key: Key) -> Row:
        """The row, to be changed in place; a new one with the columns' defaults where there is none."""
        row = self.change(key)
        return self.add(key, self.new(key)) if row is None else row

    def new(self, key: Key) -> Row:
        """A row of this key with the columns' defaults."""
        row = self._defaults.copy()
        for at, value in zip(self._key_at, key if isinstance(key, tuple) else (key,), strict=True):
            row[at] = value
        return row

    def load(self, keys: Iterable[Key]) -> None:
        """Loads the rows of these keys that are not at hand."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._rows]
        for start in range(0, len(missing), CHUNK):
            part = missing[start : start + CHUNK]
            self._rows.update(dict.fromkeys(part))
            listed = ", ".join(_literal(key) for key in part)
            if len(self._key_at) > 1:
                self._take(f"{self._select} WHERE ({', '.join(self._key_names)}) IN (VALUES {listed})")
            else:
                self._take(f"{self._select} WHERE {self._key_names[0]} IN ({listed})")

    def load_range(self, first: int, last: int) -> None:
        """Loads the rows of consecutive numbers, of which some are not at hand."""
        missing = dict.fromkeys(key for key in range(first, last + 1) if key not in self._rows)
        if missing:
            self._rows.update(missing)
            name = self._key_names[0]
            self._take(f"{self._select} WHERE {name} BETWEEN {min(missing)} AND {max(missing)}", missing)

    def _take(self, select: str, wanted: dict[Key, None] | None = None) -> None:
        assert self.session is not None
        one_key = self._key_at[0] if len(self._key_at) == 1 else None
        for found in self.session.connection().exec_driver_sql(select):
            key = found[one_key] if one_key is not None else tuple(found[at] for at in self._key_at)
            if wanted is None or key in wanted:
                row = self._rows[key] = list(found)
                for at in self._wide:
                    if type(row[at]) is not int and row[at] is not None:
                        row[at] = wide.read(row[at])


class Journal:
    """What the blocks above finality changed, block by block."""

    def __init__(self, tables: Sequence[Rows]) -> None:
        self._tables = tables
        self._by_block: dict[int, list[tuple[Rows, Key, Row | None]]] = {}

    def open(self, block: int, above_finality: bool) -> None:
        """From now on, changes are of this block."""
        journal: list[tuple[Rows, Key, Row | None]] | None = None
        if above_finality:
            journal = self._by_block[block] = []
        for table in self._tables:
            table.note(journal)

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows of ``mirror_undo``; the journal is empty afterwards."""
        found = [
            (block, position, table.name, orjson.dumps(key).decode(),
             None if before is None else _written(before))
            for block, changes in self._by_block.items()
            for position, (table, key, before) in enumerate(changes)
        ]  # fmt: skip
        self._by_block.clear()
        return found


def _written(row: Row) -> str:
    """A row as JSON; hardly ever one has a number that is too large for the quick way."""
    try:
        return orjson.dumps(row).decode()
    except TypeError:
        return json.dumps(row)


def _literal(key: Key) -> str:
    """A key as SQL has it; texts come from the chain as hexadecimal addresses, or are names of ours."""
    if isinstance(key, tuple):
        return f"({', '.join(_literal(one) for one in key)})"
    if isinstance(key, int):
        return str(key)
    return "'" + key.replace("'", "''") + "'"
