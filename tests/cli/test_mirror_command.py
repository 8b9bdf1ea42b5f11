"""`liandong mirror` and `liandong audit`, as a user runs them, on both databases."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command import LIANDONG, Run
from sqlalchemy import text

from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.chain.settlement import SettlementClient
from liandong.db.chain import ChainEvent
from liandong.db.session import Database


@pytest.fixture(scope="module")
def node():
    with EmbeddedNode() as running:
        yield running


@pytest.fixture
def client(node: EmbeddedNode, tmp_path: Path) -> SettlementClient:
    client = deploy_locally(node.client(), path=tmp_path / "deployment.json")
    client.mint(client.keys.treasurer.address, 10**6)
    client.fund(10**5)
    return client


@pytest.fixture
def options(node: EmbeddedNode, client: SettlementClient, database_url: str) -> list[str]:
    return ["--database", database_url, "--rpc", node.url, "--deployment", "deployment.json"]


def test_follow_audit_tamper_rebuild(liandong: Run, options: list[str], database_url: str) -> None:
    followed = liandong("mirror", "follow", "--once", *options)
    assert followed.returncode == 0, followed.stderr
    assert "events" in followed.stdout
    audited = liandong("audit", *options)
    assert (audited.returncode, audited.stderr) == (0, "")
    assert "everything agrees" in audited.stdout
    database = Database(database_url)
    with database.write() as session:
        session.execute(text("UPDATE book SET treasury = treasury + 1"))
    audited = liandong("audit", "--json", *options)
    assert audited.returncode == 1
    difference = json.loads(audited.stdout)["difference"]
    assert difference["name"] == "book treasury"
    assert (difference["rules"], difference["chain"], difference["mirror"]) == (100_000, 100_000, 100_001)
    rebuilt = liandong("mirror", "rebuild", *options)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert liandong("audit", "--from", "0", *options).returncode == 0
    database.close()


def test_settings_come_from_the_environment_too(
    liandong: Run, node: EmbeddedNode, client: SettlementClient, database_url: str
) -> None:
    environment = {
        "LIANDONG_DATABASE_URL": database_url,
        "LIANDONG_RPC_URL": node.url,
        "LIANDONG_DEPLOYMENT": "deployment.json",
    }
    assert liandong("mirror", "follow", "--once", **environment).returncode == 0
    assert liandong("audit", **environment).returncode == 0


def test_following_goes_on_until_interrupted(
    options: list[str], client: SettlementClient, database_url: str, tmp_path: Path
) -> None:
    process = subprocess.Popen([LIANDONG, "mirror", "follow", *options], cwd=tmp_path)
    database = Database(database_url)

    def migrated() -> bool:
        with database.engine.connect() as connection:
            return database.engine.dialect.has_table(connection, ChainEvent.__tablename__)

    def funded() -> int:
        with database.read() as session:
            found = session.execute(text("SELECT count(*) FROM chain_event WHERE name = 'TreasuryFunded'"))
            return found.scalar_one()

    try:
        _wait(migrated)
        _wait(lambda: funded() == 1)
        client.fund(7)
        _wait(lambda: funded() == 2)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        database.close()


def test_what_cannot_be_used_is_named(liandong: Run, options: list[str], tmp_path: Path) -> None:
    told = liandong("audit", *options)
    assert (told.returncode, told.stdout) == (2, "")
    assert "holds no mirror of this deployment" in told.stderr
    told = liandong("audit", "--deployment", "missing.json")
    assert told.returncode == 3
    assert "missing.json: cannot be read" in told.stderr
    told = liandong("mirror", "follow", "--once", *options[2:], "--database", "mysql://x/y")
    assert told.returncode == 2
    assert "sqlite:///FILE" in told.stderr
    told = liandong("audit", *options[:2], *options[4:], "--rpc", "http://127.0.0.1:9")
    assert told.returncode == 3
    assert "no node answers" in told.stderr


def _wait(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
