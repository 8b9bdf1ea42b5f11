"""Moves a database to the newest schema, or back; the revisions are in ``migrations/versions``."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from liandong.db.session import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the schema up to a revision; a new database gets all tables."""
    command.upgrade(_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Takes the schema back to a revision; ``base`` drops all tables."""
    command.downgrade(_config(database), revision)


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database.engine
    return config
