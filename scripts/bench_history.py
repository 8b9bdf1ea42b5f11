"""Measures how fast a history becomes rows, beside the floor and beside Ponder 0.16.10 doing the same.

usage: bench_history.py [--orders 40000] [--agents 2000] [--runs 3] [--without-ponder] [--write PAGE.md]

Makes a history on an embedded node (recording, some refunds, deliveries, settlement, in batches of 240).
Then, one after the other and from the same node: fetches and decodes all of it, writing nothing (the floor);
mirrors it into an empty SQLite database and an empty PostgreSQL one, each in a process of its own; and lets
Ponder index it into PGlite. What Ponder has in the end must be what the mirror has. All of the history is
final for all of them, and Ponder's start is not counted. The first run installs Ponder by npm.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import ponder
from benchmarks.chain_history import make_history, make_market
from benchmarks.databases import KINDS, own_database
from benchmarks.page import Circumstances, write_section
from benchmarks.processes import Taken, taken
from sqlalchemy import text

from liandong.chain.deployment import Deployment, read_deployment
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.rpc import RpcClient
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.mirror.events import decode
from liandong.mirror.fetching import Fetcher
from liandong.mirror.follower import FINALITY, Follower

FINAL = 100
"""Empty blocks after the history: for all who read it, it is final then."""

TOTALS = (
    "SELECT COUNT(*) FROM chain_event",
    "SELECT state, COUNT(*), SUM(refunded) FROM sales_order GROUP BY state ORDER BY state",
    "SELECT COUNT(*), SUM(available), SUM(available * number) FROM account"
    " WHERE number >= 16 OR available > 0",
    "SELECT COUNT(*), SUM(active_directs) FROM participant",
    "SELECT treasury, escrow, orders FROM book",
    "SELECT SUM(gathered), SUM(weight) FROM pool_epoch",
    "SELECT COUNT(*), SUM(weight * agent) FROM pool_weight",
)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """One history in one database."""

    events: int
    seconds: float
    used: Taken
    totals: list[list[str]]

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def floor(rpc: RpcClient, deployment: Deployment, head: int) -> tuple[int, float]:
    """Fetches and decodes all logs and checks headers, writing nothing: events and seconds."""
    fetcher = Fetcher(rpc, deployment.settlement)
    at = (deployment.block or 1) - 1
    hash_ = fetcher.headers([at])[0].hash
    begun, events = time.perf_counter(), 0
    gc.disable()
    while at < head:
        found = fetcher.fetch(at + 1, head, hash_, head)
        events += len(decode(found.logs))
        at, hash_ = found.last.number, found.last.hash
    gc.enable()
    return events, time.perf_counter() - begun


def mirror(url: str, node: str, file: Path) -> Mirrored:
    """Mirrors everything into an empty database; to be run in a process of its own."""
    database = Database(url)
    upgrade(database)
    follower = Follower(database, RpcClient(node), read_deployment(file), finality=FINALITY)
    events = 0
    begun, before = time.perf_counter(), taken(os.getpid())

    def count(step) -> None:  # type: ignore[no-untyped-def]
        nonlocal events
        events += step.events

    follower.catch_up(count)
    seconds, after = time.perf_counter() - begun, taken(os.getpid())
    used = Taken(after.cpu_seconds - before.cpu_seconds, after.peak_mb)
    with database.read() as session:
        totals = [
            [str(value) for value in row] for query in TOTALS for row in session.execute(text(query)).all()
        ]
    database.close()
    return Mirrored(events, seconds, used, totals)


def apart(kind: str, node: str, file: Path) -> Mirrored:
    """As :func:`mirror`, in a new process with a new database of this kind."""
    with (
        tempfile.TemporaryDirectory() as name,
        own_database(kind, Path(name)) as url,
        multiprocessing.get_context("spawn").Pool(1) as pool,
    ):
        return pool.apply(mirror, (url, node, file))


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=40_000)
    parser.add_argument("--agents", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3, help="of floor and mirror; the median counts")
    parser.add_argument("--without-ponder", action="store_true")
    parser.add_argument("--write", type=Path, help="a page whose section of these figures is written anew")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, EmbeddedNode() as node:
        file = Path(name) / "deployment.json"
        client = deploy_locally(node.client(), path=file)
        clock = NodeClock(node.client())
        market = make_market(client, options.agents)
        make_history(client, clock, market, options.orders)
        for _ in range(FINAL):
            clock.set(clock.now() + 1)
        head = int(node.client().call("eth_blockNumber"), 16)
        where = Circumstances()
        lines = [
            "",
            "| what | events a second | seconds | own processor seconds | peak memory |",
            "| --- | ---: | ---: | ---: | ---: |",
        ]  # fmt: skip

        def row(what: str, events: int, seconds: float, used: Taken | None) -> None:
            rest = f"{used.cpu_seconds:.2f} | {used.peak_mb:,} MB" if used else " | "
            lines.append(f"| {what} | {events / seconds:,.0f} | {seconds:.2f} | {rest} |")
            print(lines[-1], flush=True)

        reader = node.client()
        floors = [floor(reader, client.deployment, head) for _ in range(options.runs)]
        events = floors[0][0]
        row("floor: fetched and decoded only", events, median(seconds for _, seconds in floors), None)
        best: Mirrored | None = None
        for kind in KINDS:
            runs = sorted(
                (apart(kind, node.url, file) for _ in range(options.runs)), key=lambda one: one.seconds
            )
            middle = runs[len(runs) // 2]
            best = best or middle
            row(f"mirror into {kind}", middle.events, middle.seconds, middle.used)
        assert best is not None
        if not options.without_ponder:
            ponder.install()
            day_zero = int(client.read("dayZero"))
            run = ponder.run(client.deployment, node.url, client.deployment.utc_offset, day_zero, Path(name))
            row("Ponder 0.16.10 into PGlite", events, run.seconds, run.used)
            if run.totals != best.totals:
                raise SystemExit(f"Ponder's rows are not the mirror's:\n{run.totals}\n{best.totals}")
            ratio = run.seconds / best.seconds
            start = f"whose start ({run.starting:.1f} s more) is not counted"
            same = "rows and balances were found to be the same"
            lines += ["", f"Into SQLite, the mirror is {ratio:.1f} times as fast as Ponder, {start}; {same}."]
            print(lines[-1])
        lines += ["", f"The node took {taken(node.pid).peak_mb:,} MB at most."]
        about = f"{options.orders:,} orders of {options.agents:,} agents in {head:,} blocks; {where}."
    if options.write:
        write_section(options.write, "History into the database", "scripts/bench_history.py", [about, *lines])


if __name__ == "__main__":
    main()
