"""Measures how many orders a second go all the way: API, outbox, chain, delivered, settled, mirrored.

usage: bench_settling.py [--orders 200000] [--agents 2000] [--database KIND] [--write PAGE.md]

The mall posts orders as NDJSON, 2 000 a request, and their deliveries right after them, as quickly as the
backend takes them, but never more than 20 000 ahead of the chain. Each block is hours later than the last, so
that what was delivered comes due while the next orders come in, and the schedule settles it. It ends when the
mirror has the last order settled. API, mirror and worker run as processes of their own.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from benchmarks.chain_history import Market, make_market
from benchmarks.databases import KINDS, own_database
from benchmarks.page import Circumstances, write_section
from benchmarks.processes import process, taken, wait_until, wait_until_alive
from sqlalchemy import text

from liandong.access.keys import create_key
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.db.migrate import upgrade
from liandong.db.session import Database

PORT = 8_687
A_REQUEST = 2_000
AHEAD = 20_000
BLOCK_SECONDS = 1
HOURS_A_BLOCK = 12

NDJSON = {"Content-Type": "application/x-ndjson"}

COUNTS = """
    SELECT (SELECT orders FROM book WHERE id = 1),
           (SELECT COUNT(*) FROM sales_order WHERE state = 'recorded' AND delivered_on IS NOT NULL),
           (SELECT COUNT(*) FROM sales_order WHERE state = 'recorded')
"""


@dataclass
class Progress:
    """How many orders have come how far, second by second since the first was sent."""

    seconds: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    recorded: list[int] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)

    def rate(self, name: str) -> float:
        """A second, from when the first tenth had come so far until nine tenths had."""
        values = getattr(self, name)
        low = next(i for i, value in enumerate(values) if value >= values[-1] / 10)
        high = next(i for i, value in enumerate(values) if value >= values[-1] * 0.9)
        took = self.seconds[high] - self.seconds[low]
        return (values[high] - values[low]) / took if took else float("inf")


def sale(number: int, market: Market, chance: random.Random) -> dict[str, object]:
    """An order as the mall posts it."""
    return {
        "order_id": f"M-{number}", "channel": "retail", "price": chance.randrange(5_000, 90_000),
        "cost": 2_000, "fees": 100, "supplier": chance.choice(market.suppliers), "region": 310000,
        "seller": chance.choice(market.sellers),
    }  # fmt: skip


def run(client: httpx.Client, database: Database, market: Market, orders: int, patience: float) -> Progress:
    """Sends all orders and their deliveries, and watches until the last one is settled."""
    chance, progress = random.Random(2), Progress()
    begun, sent = time.perf_counter(), 0

    def look() -> int:
        with database.read() as session:
            recorded, waiting, unsettled = session.execute(text(COUNTS)).one()
        progress.seconds.append(time.perf_counter() - begun)
        progress.sent.append(sent)
        progress.recorded.append(recorded)
        progress.settled.append(recorded - unsettled)
        progress.delivered.append(recorded - unsettled + waiting)
        return recorded

    looked = 0.0
    while not progress.settled or progress.settled[-1] < orders:
        if time.perf_counter() - looked > 1:
            looked = time.perf_counter()
            look()
            if len(progress.seconds) % 10 == 0:
                far = f"{progress.delivered[-1]} delivered, {progress.settled[-1]} settled"
                print(f"{progress.seconds[-1]:6.0f} s: {sent} sent, {progress.recorded[-1]} recorded, {far}")
            if progress.seconds[-1] > patience:
                raise TimeoutError(f"not all orders were settled within {patience:.0f} s")
        if sent == orders or sent - progress.recorded[-1] > AHEAD:
            time.sleep(0.2)
            continue
        many = min(A_REQUEST, orders - sent)
        sales = [sale(number, market, chance) for number in range(sent, sent + many)]
        body = "\n".join(json.dumps(one) for one in sales)
        answer = client.post(
            "/v1/orders/bulk", content=body, headers={"Content-Type": "application/x-ndjson"}
        )
        answer.raise_for_status()
        assert answer.text.count('"accepted":true') == many, answer.text[:500]
        for start in range(0, many, 1_000):
            ids = [one["order_id"] for one in sales[start : start + 1_000]]
            answer = client.post(
                "/v1/deliveries", json={"order_ids": ids}, headers={"Idempotency-Key": f"d{sent + start}"}
            )
            answer.raise_for_status()
        sent += many
    return progress


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--agents", type=int, default=2_000)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--write", type=Path, help="a page whose section of these figures is written anew")
    options = parser.parse_args(arguments)
    where = Circumstances()
    with tempfile.TemporaryDirectory() as name, EmbeddedNode() as node:
        folder = Path(name)
        chain = deploy_locally(node.client(), path=folder / "deployment.json")
        market = make_market(chain, options.agents)
        NodeClock(node.client()).mine_every(BLOCK_SECONDS, later=HOURS_A_BLOCK * 3_600)
        with own_database(options.database, folder) as url:
            lines = measure(node, url, folder, market, options.orders)
    about = f"{options.orders:,} orders of {options.agents:,} agents, on {options.database}"
    blocks = f"a block each {BLOCK_SECONDS} s, {HOURS_A_BLOCK} hours later by its clock; {where}."
    lines = [f"{about}; {blocks}", "", *lines]
    print("\n".join(lines))
    if options.write:
        write_section(options.write, "API to settled", "scripts/bench_settling.py", lines)


def measure(node: EmbeddedNode, url: str, folder: Path, market: Market, orders: int) -> list[str]:
    """Starts the services, runs the orders through them, and tells what they took."""
    database = Database(url)
    upgrade(database)
    _, word = create_key(database, "mall", ["mall"], 10**6)
    environment = {
        "LIANDONG_DATABASE_URL": url, "LIANDONG_RPC_URL": node.url, "LIANDONG_PORT": str(PORT),
        "LIANDONG_DEPLOYMENT": str(folder / "deployment.json"), "LIANDONG_RUN_MIRROR": "false",
        "LIANDONG_RUN_WORKER": "false", "LIANDONG_DUE_SECONDS": "1", "LIANDONG_STUCK_SECONDS": "600",
    }  # fmt: skip
    logs = {name: folder / f"{name}.log" for name in ("serve", "mirror", "worker")}
    with (
        process("serve", environment=environment, log=logs["serve"]) as api,
        process("mirror", "follow", environment=environment, log=logs["mirror"]) as mirror,
        process("worker", environment=environment, log=logs["worker"]) as worker,
    ):
        at = f"http://127.0.0.1:{PORT}"
        wait_until_alive(at, api, logs["serve"])
        wait_until(lambda: httpx.get(f"{at}/ready").status_code == 200, "the mirror is not caught up")
        wait_until(lambda: "lanes" in logs["worker"].read_text(), "the worker does not start")
        pids = {"API": api.pid, "mirror": mirror.pid, "worker": worker.pid, "node": node.pid}
        before = {name: taken(pid) for name, pid in pids.items()}
        try:
            headers = {"Authorization": f"Bearer {word}"}
            with httpx.Client(base_url=at, headers=headers, timeout=120) as client:
                progress = run(client, database, market, orders, 60 + orders / 100)
        except BaseException:
            for log in logs.values():
                print(log.read_text()[-2000:])
            raise
        after = {name: taken(pid) for name, pid in pids.items()}
    database.close()
    seconds = progress.seconds[-1]
    rows, ours = [], 0.0
    for name in pids:
        spent = after[name].cpu_seconds - before[name].cpu_seconds
        ours += spent if name != "node" else 0
        peak = after[name].peak_mb
        rows.append(f"| {name} | {spent:.1f} | {spent / orders * 1000:.2f} | {peak:,} MB |")
    rows.append(f"| all but the node | {ours:.1f} | {ours / orders * 1000:.2f} | |")
    stages = ("sent", "recorded", "delivered", "settled")
    return [
        f"From the first request to the last order settled and mirrored: {seconds:.0f} s, "
        f"**{orders / seconds:,.0f} orders a second**, with the nine days from delivery to settlement.", "",
        "| orders a second, from the first tenth to the last | |", "| --- | ---: |",
        *(f"| {name} | {progress.rate(name):,.0f} |" for name in stages), "",
        "| process | processor seconds | ms an order | peak memory |", "| --- | ---: | ---: | ---: |", *rows,
    ]  # fmt: skip


if __name__ == "__main__":
    main()
