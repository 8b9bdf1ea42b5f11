"""Whole rows into tables, as quickly as each database takes them.

PostgreSQL takes many rows by COPY; rows that replace others are copied beside the table and moved over by
one statement. SQLite is quickest with one prepared statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table

from liandong.db.wide import places, to_sqlite

MANY = 100
"""Rows from which on a table of their own pays."""

Rows = Sequence[Sequence[Any]]


def insert(connection: Connection, table: Table, rows: Rows) -> None:
    """New rows, of all columns in their order."""
    if connection.dialect.name == "sqlite":
        _execute_sqlite(connection, table, _insert(table, "?"), rows)
    else:
        _copy(connection, table, table.name, rows)


def upsert(connection: Connection, table: Table, rows: Rows) -> None:
    """As :func:`insert`; a row of the same key is replaced."""
    if connection.dialect.name == "sqlite":
        _execute_sqlite(connection, table, _insert(table, "?") + _replacing(table), rows)
    elif len(rows) < MANY:
        connection.exec_driver_sql(_insert(table, "%s") + _replacing(table), [tuple(row) for row in rows])
    else:
        beside = f"beside_{table.name}"
        connection.exec_driver_sql(f'CREATE TEMP TABLE "{beside}" (LIKE "{table.name}") ON COMMIT DROP')
        _copy(connection, table, beside, rows)
        names = _names(table)
        connection.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM "{beside}"{_replacing(table)}'
        )
        connection.exec_driver_sql(f'DROP TABLE "{beside}"')


def delete(connection: Connection, table: Table, keys: Rows) -> None:
    """The rows of these primary keys."""
    marker = "?" if connection.dialect.name == "sqlite" else "%s"
    where = " AND ".join(f'"{column.name}" = {marker}' for column in table.primary_key.columns)
    connection.exec_driver_sql(f'DELETE FROM "{table.name}" WHERE {where}', [tuple(key) for key in keys])


def _execute_sqlite(connection: Connection, table: Table, statement: str, rows: Rows) -> None:
    """Tries with plain numbers, since hardly ever one is too large for them."""
    undo = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])
    except OverflowError:
        undo.rollback()
        at = places(table)
        connection.exec_driver_sql(statement, [_wide(row, at) for row in rows])
    else:
        undo.commit()


def _wide(row: Sequence[Any], places: Sequence[int]) -> tuple[Any, ...]:
    return tuple(to_sqlite(value) if at in places else value for at, value in enumerate(row))


@cache
def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


@cache
def _insert(table: Table, marker: str) -> str:
    markers = ", ".join([marker] * len(table.columns))
    return f'INSERT INTO "{table.name}" ({_names(table)}) VALUES ({markers})'


@cache
def _replacing(table: Table) -> str:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    changes = ", ".join(
        f'"{column.name}" = excluded."{column.name}"' for column in table.columns if not column.primary_key
    )
    return f" ON CONFLICT ({keys}) DO UPDATE SET {changes}"


def _copy(connection: Connection, table: Table, into: str, rows: Rows) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{into}" ({_names(table)}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
