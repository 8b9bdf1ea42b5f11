"""Measures how long pages of lineage, teams, statements and orders take at a steady 300 requests a second.

usage: bench_reading.py [--agents 1000000] [--lines 10000000] [--rate 300 ...] [--seconds 60] [--keep FOLDER]

Fills a PostgreSQL server of its own (see benchmarks/million_agents.py), serves it by two `liandong serve`
processes, and asks them for what an agent's and an auditor's pages show: lineage, team (a page of any of its
three levels, with the counts of all), statement, order, an order's history. Half of the agents are drawn from
all of them, a fifth of the teams are the largest there are. A request's time counts from when it was due.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from benchmarks.databases import own_database, server_pid
from benchmarks.million_agents import Mirror, fill, team_size
from benchmarks.page import Circumstances, write_section
from benchmarks.processes import Family, process, taken, wait_until_alive
from benchmarks.steady_load import Answered, ask_steadily, percentile

from liandong.access.keys import create_key
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.db.migrate import upgrade
from liandong.db.session import Database

PORTS = (8_701, 8_702)
KINDS = ("lineage", "team", "statement", "order", "history")


def requests(mirror: Mirror, many: int) -> list[tuple[str, str]]:
    """What is asked, in turn."""
    chance = random.Random(5)

    def agent() -> int:
        spread = mirror.last_agent - mirror.first_agent + 1
        # half of those who look are among those who came early, whose teams and statements are long
        return mirror.first_agent + int(spread * chance.random() ** (1 if chance.random() < 0.5 else 4))

    found = []
    for number in range(many):
        kind = KINDS[number % len(KINDS)]
        if kind == "lineage":
            path = f"/v1/participants/{agent()}/lineage"
        elif kind == "team":
            who = chance.choice(mirror.leaders) if chance.random() < 0.2 else agent()
            path = f"/v1/participants/{who}/team?level={chance.randint(1, 3)}"
        elif kind == "statement":
            path = f"/v1/accounts/{agent()}/statement"
        else:
            path = f"/v1/orders/{chance.randint(1, mirror.orders)}" + (
                "/history" if kind == "history" else ""
            )
        found.append((kind, path))
    return found


def filled(database: Database, folder: Path, agents: int, lines: int) -> Mirror:
    """Fills the database, unless an earlier run did."""
    told = folder / "mirror.json"
    if not told.exists():
        begun = time.perf_counter()
        with EmbeddedNode() as node:
            deploy_locally(node.client(), path=folder / "deployment.json")
        mirror = fill(database, agents, lines)
        print(f"filled in {time.perf_counter() - begun:.0f} s", flush=True)
        told.write_text(json.dumps(asdict(mirror)))
    return Mirror(**json.loads(told.read_text()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--agents", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--rate", type=float, nargs="+", default=[300.0], help="requests a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the filled database for the next run")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2)
    parser.add_argument("--write", type=Path, help="a page whose section of these figures is written anew")
    options = parser.parse_args(arguments)
    where = Circumstances()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = (options.keep or Path(name)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        url = stack.enter_context(own_database("postgresql", folder))
        database = Database(url)
        upgrade(database)
        mirror = filled(database, folder, options.agents, options.lines)
        largest = team_size(database, mirror.leaders[0])
        _, word = create_key(database, "auditor", ["auditor"], 10**6)
        postgresql = Family(server_pid(database.engine))
        database.close()
        ports = PORTS[: options.processes]
        serving = []
        for port in ports:
            log = folder / f"{port}.log"
            environment = {
                "LIANDONG_DATABASE_URL": url, "LIANDONG_PORT": str(port), "LIANDONG_RUN_MIRROR": "false",
                "LIANDONG_RUN_WORKER": "false", "LIANDONG_DEPLOYMENT": str(folder / "deployment.json"),
            }  # fmt: skip
            running = stack.enter_context(process("serve", environment=environment, log=log))
            wait_until_alive(f"http://127.0.0.1:{port}", running, log)
            serving.append(running.pid)
        headers = f"Authorization: Bearer {word}"
        ask_steadily(ports, requests(mirror, 500), 50, headers)  # the first ones load code and plans
        agents = mirror.last_agent - mirror.first_agent + 1
        lines = [
            "| a second | page | requests | median ms | p99 ms | longest ms | not 200 | "
            "API's processor ms | PostgreSQL's |",
            "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for rate in options.rate:
            asked = requests(mirror, int(rate * options.seconds))
            before = sum(taken(pid).cpu_seconds for pid in serving), postgresql.cpu_seconds()
            with postgresql.watched():
                answers = ask_steadily(ports, asked, rate, headers)
            after = sum(taken(pid).cpu_seconds for pid in serving), postgresql.cpu_seconds()
            for kind in KINDS:
                lines.append(row(rate, kind, [one for one in answers if one.name == kind]) + " | |")
            spent = [(now - then) / len(answers) for now, then in zip(after, before, strict=True)]
            lines.append(f"{row(rate, 'all', answers)} {spent[0] * 1000:.2f} | {spent[1] * 1000:.2f} |")
        peak = max(taken(pid).peak_mb for pid in serving)
        about = (
            f"{agents:,} agents, {mirror.orders:,} orders, {mirror.lines:,} lines on PostgreSQL, the "
            f"largest team {largest:,} within three levels; {options.seconds} s at each rate, to "
            f"{len(ports)} processes of {peak} MB at most, PostgreSQL's processes together "
            f"{postgresql.peak_mb:,} MB; {where}."
        )
        lines = [about, "", *lines]
        print("\n".join(lines))
    if options.write:
        write_section(options.write, "Reading under load", "scripts/bench_reading.py", lines)


def row(rate: float, kind: str, answers: Sequence[Answered]) -> str:
    """A line of the table, but for its last columns."""
    times = [one.milliseconds for one in answers]
    bad = sum(one.status != 200 for one in answers)
    half, most, longest = percentile(times, 0.5), percentile(times, 0.99), max(times)
    return f"| {rate:.0f} | {kind} | {len(times):,} | {half:.1f} | {most:.1f} | {longest:.1f} | {bad} |"


if __name__ == "__main__":
    main()
