"""Sessions: ``read`` sees one state of the database, ``look`` asks once, ``write`` is one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlmodel import Session

from liandong.db.engine import WRITES, make_engine

Reader = Session | Connection
"""What rows can be asked of: :meth:`Database.look` for few and fast, a session also for objects."""


class Database:
    """One database; safe to share between threads, while a session belongs to one thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        # engines of their own: to change a connection's isolation each time takes longer than a query
        self._reader = self.engine if self.is_sqlite else make_engine(url, "REPEATABLE READ")
        self._looker = self.engine if self.is_sqlite else make_engine(url, "AUTOCOMMIT")
        self._writer = self.engine.execution_options(**{WRITES: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, not PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to read with; what it changed would be rolled back."""
        with Session(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """For single queries, each of which sees one state by itself: no transaction around them, no objects.

        A page that is read often takes half the time of one that is read by :meth:`read`.
        """
        with self._looker.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all where it raises.

        On SQLite it is the only writer from its first statement on.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Closes all connections."""
        for engine in (self.engine, self._reader, self._looker):
            engine.dispose()
