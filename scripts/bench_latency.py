"""Measures how long it takes from a mined order to the order in the API's answer.

usage: bench_latency.py [--orders 200] [--database sqlite|postgresql] [--write PAGE.md]

Sends one order at a time to an embedded node that mines at once, past the outbox, and asks the API for the
order every few milliseconds until it is there. Time counts from before the transaction is sent, so that the
mining is in it. API and mirror run in one process, with the settings that they have by default.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import httpx
from benchmarks.chain_history import REGION, make_market
from benchmarks.databases import KINDS, own_database
from benchmarks.page import Circumstances, write_section
from benchmarks.processes import process, taken, wait_until_alive
from benchmarks.steady_load import percentile

from liandong.access.keys import create_key
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.chain.words import RETAIL, OrderInput
from liandong.db.migrate import upgrade
from liandong.db.session import Database

PORT = 8_703
ASK_EVERY = 0.004
PATIENCE = 30


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--write", type=Path, help="a page whose section of these figures is written anew")
    options = parser.parse_args(arguments)
    where, chance = Circumstances(), random.Random(6)
    with (
        tempfile.TemporaryDirectory() as name,
        EmbeddedNode() as node,
        own_database(options.database, Path(name)) as url,
    ):
        folder = Path(name)
        client = deploy_locally(node.client(), path=folder / "deployment.json")
        market = make_market(client, 50)
        database = Database(url)
        upgrade(database)
        _, word = create_key(database, "auditor", ["auditor"], 10**6)
        environment = {
            "LIANDONG_DATABASE_URL": url, "LIANDONG_RPC_URL": node.url, "LIANDONG_PORT": str(PORT),
            "LIANDONG_RUN_WORKER": "false", "LIANDONG_DEPLOYMENT": str(folder / "deployment.json"),
        }  # fmt: skip
        at, log = f"http://127.0.0.1:{PORT}", folder / "serve.log"
        with process("serve", environment=environment, log=log) as api:
            wait_until_alive(at, api, log)
            mined, readable = [], []
            headers = {"Authorization": f"Bearer {word}"}
            with httpx.Client(base_url=at, headers=headers, timeout=PATIENCE) as reader:
                for number in range(1, options.orders + 1):
                    order = OrderInput(
                        RETAIL, 20_000, chance.choice(market.suppliers), seller=chance.choice(market.sellers),
                        region=REGION,
                    )  # fmt: skip
                    begun = time.perf_counter()
                    client.record_orders([order])
                    mined.append((time.perf_counter() - begun) * 1000)
                    while reader.get(f"/v1/orders/{number}").status_code != 200:
                        if time.perf_counter() - begun > PATIENCE:
                            raise TimeoutError(f"order {number} is not readable after {PATIENCE} s")
                        time.sleep(ASK_EVERY)
                    readable.append((time.perf_counter() - begun) * 1000)
                    time.sleep(chance.random() * 0.1)  # so that the mirror's look is not always as far away
            used = taken(api.pid)
        database.close()
    lines = [
        f"{options.orders} orders, one at a time, on {options.database}; {where}.", "",
        "| from sending to | median ms | p90 ms | longest ms |", "| --- | ---: | ---: | ---: |",
        *(
            f"| {what} | {median(times):.0f} | {percentile(times, 0.9):.0f} | {max(times):.0f} |"
            for what, times in (("the receipt", mined), ("the order in the API's answer", readable))
        ),
        "", f"API and mirror in one process took {used.peak_mb} MB at most.",
    ]  # fmt: skip
    print("\n".join(lines))
    if options.write:
        write_section(options.write, "Mined to readable", "scripts/bench_latency.py", lines)


if __name__ == "__main__":
    main()
