"""A reorganisation one block below finality: the mirror halts, and `mirror rebuild` mends it.

One of the orders that it takes was final.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from dev_nodes import open_killable
from lively import rows_of
from mall import Sent
from reckoning import reckon
from world import DONE_SECONDS, FINALITY, World

from liandong.outbox import states

LIANDONG = Path(sys.executable).with_name("liandong")


@pytest.mark.both_nodes
def test_the_mirror_halts_deletes_nothing_and_is_made_anew(
    node_kind: str, migrated_url: str, tmp_path: Path
) -> None:
    with open_killable(node_kind, tmp_path / "chain.json") as node:
        world = World(node, migrated_url, tmp_path, seed=0)
        world.proxy.rate = 0.0
        world.mall.tend = lambda: None
        try:
            world.api.start()
            record(world, 3)
            world.settle_down()
            world.worker.kill()
            world.mine(FINALITY)  # what was so long ago stays
            record(world, 1)
            mined(world, {states.FINAL: 3, states.MINED: 1})
            record(world, 2)
            mined(world, {states.FINAL: 3, states.MINED: 3})
            world.mine(FINALITY - 1)
            wait(world, lambda: world.states() == {states.FINAL: 4, states.MINED: 2})
            rows = rows_of(world.database)

            assert world.forks.reorganise(FINALITY + 1) == FINALITY + 1
            world.mine()
            wait(world, lambda: "ReorgTooDeep" in ready(world).get("detail", ""))
            assert rows_of(world.database) == rows
            assert world.mall.get("/v1/orders")["items"]

            world.api.kill()
            rebuilt = liandong(world, "mirror", "rebuild")
            assert rebuilt.returncode == 0, rebuilt.stderr
            assert "lost with the other fork" in rebuilt.stdout
            world.settle_down()
            assert world.states() == {states.FINAL: 6}
            reckon(world)
        finally:
            world.close()


def mined(world: World, wanted: dict[str, int]) -> None:
    """Mines one block with all that is to be sent, and waits until the outbox knows."""
    wait(world, lambda: not set(world.states()) & {states.QUEUED, states.BUILDING})
    world.mine()
    wait(world, lambda: world.states() == wanted)


def record(world: World, orders: int) -> None:
    """Orders, singly."""
    for _ in range(orders):
        sale = {"channel": "retail", "supplier": world.market.supplier, "seller": world.market.amy}
        count = len(world.mall.orders)
        world.mall.orders.append(f"M{count}")
        world.mall.send(
            Sent("mall", "POST", "/v1/orders", sale | {"order_id": f"M{count}", "price": 9_000 + count}, None)
        )


def ready(world: World) -> dict:
    """What the API says of itself."""
    try:
        return world.mall.ask("/ready").json()
    except httpx.TransportError:
        return {"lag": None}


def wait(world: World, done: Callable[[], bool]) -> None:
    until = time.monotonic() + DONE_SECONDS
    while not done():
        assert time.monotonic() < until, f"{world.states()} {ready(world)} {world.told()}"
        time.sleep(0.05)


def liandong(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as an operator runs it."""
    own = {
        "LIANDONG_DATABASE_URL": world.database.url, "LIANDONG_RPC_URL": world.node.url,
        "LIANDONG_DEPLOYMENT": str(world.folder / "deployment.json"), "LIANDONG_FINALITY": str(FINALITY),
    }  # fmt: skip
    return subprocess.run(
        [LIANDONG, *arguments], env=os.environ | own, capture_output=True, text=True, timeout=60, check=False
    )
