"""Engines: SQLite in WAL mode with foreign keys on, or PostgreSQL through psycopg 3."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from liandong.errors import LiandongError

BUSY_SECONDS = 30
"""How long a SQLite writer waits for another one."""

IsolationLevel = Literal["REPEATABLE READ", "AUTOCOMMIT"]

IDLE_SECONDS = 2.0
"""After how long a connection to PostgreSQL may have been closed by a server that was started anew."""

WRITES = "liandong_writes"
"""Execution option of the engine whose transactions write: SQLite takes its lock at their beginning."""


class DatabaseUrlError(LiandongError):
    """The database URL cannot be used: give sqlite:///FILE or postgresql://USER@HOST/DATABASE."""


def database_url(url: str) -> URL:
    """The URL with the driver that the package brings. Raises :class:`DatabaseUrlError`."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlError("the database URL is no URL: give sqlite:///FILE or postgresql://…") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise DatabaseUrlError("a SQLite database needs a file: give sqlite:///FILE")
        return parsed.set(drivername="sqlite+pysqlite")
    raise DatabaseUrlError(f"{backend} is not supported: give sqlite:///FILE or postgresql://…")


def make_engine(url: str, isolation: IsolationLevel | None = None) -> Engine:
    """An engine for this database; the file's folder is made where it is missing.

    ``isolation`` is PostgreSQL's: SQLite's transactions see one state by themselves.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() == "postgresql":
        more = {"isolation_level": isolation} if isolation else {}
        # what was used last comes first: its statements are prepared, and nobody need ask whether it lives
        engine = create_engine(parsed, pool_size=10, max_overflow=20, pool_use_lifo=True, **more)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _require_alive)
        return engine
    assert parsed.database is not None
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed, pool_size=10, max_overflow=20, pool_use_lifo=True, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _note_use(_: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _require_alive(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
    """Asks a connection that was idle for a while whether it lives; to ask each time costs a round trip."""
    if time.monotonic() - record.info.get("used_at", time.monotonic()) > IDLE_SECONDS:
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except Exception as error:
            raise DisconnectionError("the server has closed it") from error


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver's guess
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
