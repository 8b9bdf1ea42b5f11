"""Kill -9 at every numbered write: of the API with its mirror and worker, of a worker alone, and of the node.

The same few steps each time, the next of them killed one write later. ``--every-write`` leaves none out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dev_nodes import open_killable
from mall import Sent
from processes import Doom
from reckoning import reckon
from world import DONE_SECONDS, World

from liandong.outbox import states

STRIDE = 15
"""In a quick run, every so many writes."""


@pytest.fixture
def world(node_kind: str, migrated_url: str, tmp_path: Path) -> Iterator[World]:
    with open_killable(node_kind, tmp_path / "chain.json") as node:
        opened = World(node, migrated_url, tmp_path, seed=0)
        opened.proxy.rate = 0.0
        for process in (opened.api, opened.worker):
            # two lanes have work to do; the others would only write that they wait
            process.change(operator_signer="trial:operator", treasurer_signer="trial:treasurer")
        yield opened
        opened.close()


def play(world: World, mark: int, alive: Callable[[], None]) -> None:
    """Orders, one of them bad, a delivery and a hold, until all is final; ``alive`` starts what is dead."""
    mall = world.mall
    orders = []
    for price in (10_000 + 3 * mark, 10_001 + 3 * mark, 0):
        sale = {"order_id": f"M{len(mall.orders)}", "channel": "retail", "price": price}
        mall.orders.append(sale["order_id"])
        orders.append(sale | {"supplier": world.market.supplier, "seller": world.market.amy})
    first = orders[0]["order_id"]
    mall.send(Sent("mall", "POST", "/v1/orders/bulk", orders, None))
    mall.send(Sent("mall", "POST", "/v1/deliveries", {"order_ids": [first]}, f"deliver {mark}"))
    mall.send(Sent("treasurer", "POST", "/v1/treasurer/funding", {"amount": 1 + mark}, f"fund {mark}"))
    until = time.monotonic() + DONE_SECONDS
    while set(world.states()) - {states.FINAL, states.REJECTED}:
        assert time.monotonic() < until, f"not done: {world.states()}; {world.told()}"
        alive()
        world.mine()
        time.sleep(0.02)


@pytest.mark.parametrize("victim", ["api", "worker"])
def test_services_are_killed_at_every_commit(
    world: World, victim: str, request: pytest.FixtureRequest
) -> None:
    process, running = (world.api, [world.api])
    if victim == "worker":
        process, running = world.worker, [world.api, world.worker]
        world.api.change(run_worker=False)

    def alive() -> None:
        for one in running:
            if not one.alive:
                one.start()

    world.mall.tend = alive
    alive()
    play(world, 0, alive)
    last = process.commits.value
    places = range(1, last + 1, 1 if request.config.getoption("--every-write") else STRIDE)
    for mark in places:
        process.kill()
        process.start(Doom(mark, after=mark % 2 == 0))
        play(world, mark, alive)
    assert last > 20 and process.deaths >= len(places) // 2
    world.settle_down()
    reckon(world)


def test_the_node_is_killed_at_every_transaction(world: World, request: pytest.FixtureRequest) -> None:
    """Each time when it has taken a transaction, before whoever sent it knows."""
    struck = False
    left = 0

    def strike() -> None:
        nonlocal struck, left
        left -= 1
        if left == 0:
            struck = world.proxy.away = True

    def alive() -> None:
        nonlocal struck
        for one in (world.api, world.worker):
            if not one.alive:
                one.start()
        if struck:
            struck = False
            world.happened["node died"] += 1
            world.node_dies()

    world.mall.tend = alive
    world.proxy.on_sent = strike
    alive()
    places = range(1, 7, 1 if request.config.getoption("--every-write") else 2)
    for mark in places:
        left = mark
        play(world, mark, alive)
    assert world.happened["node died"] >= len(places) // 2
    world.settle_down()
    reckon(world)
