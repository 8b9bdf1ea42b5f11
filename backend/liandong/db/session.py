"""Sessions: ``read`` sees one state of the database, ``look`` asks once, ``write`` is one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from liandong.db.engine import WRITES, make_engine


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
    def look(self) -> Iterator[Session]:
        """As :meth:`read` for a single query, which sees one state by itself: no transaction around it."""
        with Session(self._looker, autoflush=False) as session:
            yield session

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
