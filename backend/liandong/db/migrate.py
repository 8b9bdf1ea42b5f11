"""Moves a database to the newest schema, or back; the revisions are in ``migrations/versions``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from liandong.db.session import Database

LOCK = 0x6C69616E646F6E67
"""The key of PostgreSQL's advisory lock."""

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the schema up to a revision; a new database gets all tables. Others who come meanwhile wait."""
    with _alone(database):
        command.upgrade(_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Takes the schema back to a revision; ``base`` drops all tables."""
    command.downgrade(_config(database), revision)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Services that start together must not all make the same tables; SQLite has one writer anyway."""
    if database.is_sqlite:
        yield
        return
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database.engine
    return config
