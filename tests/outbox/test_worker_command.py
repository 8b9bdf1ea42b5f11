"""`liandong worker` as a process of its own: killed, followed by another, stopped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts_for import account_for_everything
from shop import FINALITY, RICH, Shop

from liandong.chain.local import deploy_locally, local_signer
from liandong.chain.node import EmbeddedNode
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.mirror.follower import Follower
from liandong.outbox import requests, states

LIANDONG = Path(sys.executable).with_name("liandong")

ORDERS = 80
KILLS = 3


class Process:
    """A worker's process."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        self.process = subprocess.Popen(
            [LIANDONG, "worker", *options], env=environment, stderr=subprocess.PIPE, text=True
        )

    def wait_until_it_works(self) -> None:
        assert self.process.stderr is not None
        assert "lanes operator" in self.process.stderr.readline()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        assert self.process.stderr is not None
        self.process.stderr.read()
        return self.process.wait(30)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LIANDONG_")}
    return own | {
        "LIANDONG_DATABASE_URL": f"sqlite:///{tmp_path / 'outbox.sqlite'}",
        "LIANDONG_LEASE_SECONDS": "0.2",
        "LIANDONG_DEPLOYMENT": str(tmp_path / "deployment.json"),
    }


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[Shop]:
    """A node of its own with trial keys, which workers have without being told."""
    with EmbeddedNode() as node:
        rpc = node.client()
        client = deploy_locally(rpc, path=Path(environment["LIANDONG_DEPLOYMENT"]))
        client.mint(client.keys.treasurer.address, RICH)
        client.fund(RICH)
        supplier, _ = client.register_supplier(local_signer("supplier").address)
        boss, _ = client.join_founder(local_signer("boss").address)
        database = Database(environment["LIANDONG_DATABASE_URL"])
        upgrade(database)
        follower = Follower(database, node.client(), client.deployment, finality=FINALITY)
        follower.catch_up()
        environment["LIANDONG_RPC_URL"] = node.url
        yield Shop(node, rpc, database, client, follower, supplier, boss)
        database.close()


def test_workers_are_killed_and_followed_by_others(served: Shop, environment: dict[str, str]) -> None:
    shop, chance = served, random.Random(1)
    with shop.database.write() as session:
        for i in range(ORDERS):
            order = requests.submit(session, "mall", f"o{i}", "order", shop.order(price=10_000 + i))
            requests.submit(session, "mall", f"h{i}", "hold", {"order_request": order.id})
    for _ in range(KILLS):
        worker = Process(environment)
        worker.wait_until_it_works()
        until = time.monotonic() + chance.uniform(0.1, 2.0)
        while time.monotonic() < until:
            shop.follower.catch_up()
        assert worker.end(signal.SIGKILL) == -signal.SIGKILL
    workers = [Process(environment), Process(environment)]
    for worker in workers:
        worker.wait_until_it_works()  # who ends sooner ends by the signal, not in order
    until = time.monotonic() + 120
    while not shop.idle() and time.monotonic() < until:
        shop.follower.catch_up()
        time.sleep(0.01)
    assert set(shop.states()) <= {states.MINED, states.FINAL}
    assert [worker.end(signal.SIGTERM) for worker in workers] == [0, 0]
    assert shop.recorded() == ORDERS
    account_for_everything(shop)


def test_what_is_wrong_at_the_start_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    nowhere = subprocess.run([LIANDONG, "worker"], env=environment, capture_output=True, text=True)
    assert nowhere.returncode == 2 and "deployment.json: cannot be read" in nowhere.stderr
    environment["LIANDONG_FEE_CAP_GWEI"] = "-1"
    wrong = subprocess.run([LIANDONG, "worker"], env=environment, capture_output=True, text=True)
    assert wrong.returncode == 2 and "fee_cap_gwei" in wrong.stderr
