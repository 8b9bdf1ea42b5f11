"""Measures how fast a history becomes rows, with the floor (raw fetch and decode) beside it.

usage: bench_mirror.py [--orders 40000] [--agents 2000] [--database URL]

Makes a history on an embedded node (recording, deliveries, settlement and some refunds, in batches of 240),
then mirrors it into an empty database: events, orders, accounts, teams, pools, all of it.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from liandong.chain.local import deploy_locally, local_signer
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import SettlementClient
from liandong.chain.words import RETAIL, OrderInput
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.mirror.events import decode
from liandong.mirror.fetching import Fetcher
from liandong.mirror.follower import FINALITY, Follower

BATCH = 240
DAY = 86_400


def make_history(client: SettlementClient, clock: NodeClock, orders: int, agents: int) -> None:
    """Agents under ten bosses, and orders of random agents that are delivered the next day and settled."""
    chance = random.Random(1)
    client.mint(client.keys.treasurer.address, 10**15)
    client.fund(10**14)
    suppliers = [client.register_supplier(local_signer(f"supplier {i}").address)[0] for i in range(20)]
    bosses = [client.join_founder(local_signer(f"boss {i}").address, 310000)[0] for i in range(10)]
    newcomers = [
        (local_signer(f"agent {i}").account, bosses[i % 10], 310000 + i % 50) for i in range(agents - 10)
    ]
    sellers = bosses + client.join_many(newcomers)
    open_: list[list[int]] = []
    for _ in range(0, orders, BATCH):
        first = client.book.last + 1
        client.record_orders(
            [
                OrderInput(RETAIL, chance.randrange(5_000, 90_000), chance.choice(suppliers), cost=2_000,
                           fees=100, seller=chance.choice(sellers), region=310000)
                for _ in range(BATCH)
            ]
        )  # fmt: skip
        open_.append(list(range(first, first + BATCH)))
        client.deliver(open_[-1])
        if len(open_) == 10:
            clock.set(clock.now() + 9 * DAY)
            for batch in open_:
                client.settle(batch)
            client.refund(chance.choice(open_[0]), 1_000)
            open_.clear()


def floor(rpc: RpcClient, client: SettlementClient, head: int) -> tuple[int, float]:
    """Fetches and decodes all logs and checks headers, writing nothing."""
    fetcher = Fetcher(rpc, client.deployment.settlement)
    at = (client.deployment.block or 1) - 1
    hash_ = fetcher.headers([at])[0].hash
    begun, events = time.perf_counter(), 0
    gc.disable()
    while at < head:
        found = fetcher.fetch(at + 1, head, hash_, head)
        events += len(decode(found.logs))
        at, hash_ = found.last.number, found.last.hash
    gc.enable()
    return events, time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=40_000)
    parser.add_argument("--agents", type=int, default=2_000)
    parser.add_argument("--database", help="an empty database; a SQLite file of its own otherwise")
    options = parser.parse_args(arguments)
    with EmbeddedNode() as node, tempfile.TemporaryDirectory() as folder:
        rpc = node.client()
        client = deploy_locally(rpc)
        begun = time.perf_counter()
        make_history(client, NodeClock(rpc), options.orders, options.agents)
        head = int(rpc.call("eth_blockNumber"), 16)
        print(f"history: {options.orders} orders, {head} blocks, made in {time.perf_counter() - begun:.0f} s")
        reader = node.client()
        events, seconds = floor(reader, client, head)
        rate = f"{events / seconds:,.0f} a second"
        print(f"floor  : {events} events fetched and decoded in {seconds:.2f} s, {rate}")
        database = Database(options.database or f"sqlite:///{Path(folder) / 'mirror.sqlite'}")
        upgrade(database)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        follower = Follower(database, reader, client.deployment, finality=FINALITY)
        begun, worked = time.perf_counter(), time.process_time()
        follower.catch_up()
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rate = f"{events / seconds:,.0f} events a second"
        print(f"mirror : {events} events into {database.engine.dialect.name} in {seconds:.2f} s, {rate}")
        print(f"         of which {worked:.2f} s are this process's own, the rest is the node's and waiting")
        print(f"memory : {peak // 1024} MB at most, of it {(peak - before) // 1024} MB more than before")
        database.close()


if __name__ == "__main__":
    main()
