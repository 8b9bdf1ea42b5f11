"""Measures how soon pages are ready in a real browser, with 100 000 agents on the embedded set-up.

usage: bench_pages.py [--agents 100000] [--orders 300000] [--loads 5] [--database KIND] [--keep FOLDER]
       [--write PAGE.md]

Fills a SQLite file (see benchmarks/million_agents.py and lively_mirror.py), serves it by one `liandong serve`
before an embedded node, and opens each page in Debian's Chromium, each time in a browser context of its own,
so that nothing is cached in it. A page is ready when the browser says it is loaded and the parts that it asks
for by itself are there. The agent is the one with the largest team. Exits with 1 where a median is above a
second.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from benchmarks.databases import KINDS, own_database
from benchmarks.lively_mirror import enliven
from benchmarks.million_agents import LINES, Mirror, fill, team_size
from benchmarks.page import Circumstances, write_section
from benchmarks.processes import process, taken, wait_until_alive
from playwright.sync_api import Browser, sync_playwright

from liandong.access.keys import create_key
from liandong.access.secrets import digest, new_token
from liandong.auditing import kept_sums
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.db.access import WalletSession
from liandong.db.migrate import upgrade
from liandong.db.session import Database

PORT = 8_711
SECOND = 1_000
AGENT = (
    "earnings", "earnings?days=360", "payouts", "team", "claims", "deposit", "withdraw", "card",
)  # fmt: skip
BRAND = ("brand/overview", "brand/campaigns", "brand/campaigns/2", "brand/webhooks", "brand/lanes")
AUDIT = (
    "audit/books", "audit/replays", "audit/records", "audit/records?state=recorded",
    "audit/records/orders/{order}", "audit/records/accounts/{agent}", "audit/records/accounts/16",
    "audit/records/accounts/1", "audit/records/pools", "audit/records/pools/support/0", "audit/governance",
    "audit/compliance",
)  # fmt: skip
WAITING = "[hx-trigger=load], .htmx-request"
"""Parts that a page asks for by itself, until they are there."""


def filled(database: Database, folder: Path, node: EmbeddedNode, agents: int, orders: int) -> Mirror:
    """Fills the database, unless an earlier run did; lets the node have as many blocks as it."""
    told = folder / "mirror.json"
    deploy_locally(node.client(), path=folder / "deployment.json")
    head = 3 * orders // 240
    NodeClock(node.client()).mine(head)
    if not told.exists():
        begun = time.perf_counter()
        mirror = fill(database, agents, orders * len(LINES))
        enliven(database, mirror, int(time.time()), head)
        print(f"filled in {time.perf_counter() - begun:.0f} s", flush=True)
        told.write_text(json.dumps(asdict(mirror)))
    return Mirror(**json.loads(told.read_text()))


def measure(browser: Browser, path: str, word: str, loads: int) -> list[float]:
    """Milliseconds until the page is ready, load by load."""
    found = []
    for _ in range(loads):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        cookie = {"name": "liandong_session", "value": word, "domain": "127.0.0.1", "path": "/app"}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        begun = time.perf_counter()
        answer = page.goto(f"http://127.0.0.1:{PORT}/app/{path}", wait_until="load")
        page.wait_for_selector(WAITING, state="detached")
        found.append((time.perf_counter() - begun) * 1000)
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status if answer else 'nothing'} {page.inner_text('main')}")
        context.close()
    return found


def summed(url: str) -> None:
    """Waits until the service has added up what an empty database would have come by little by little."""
    database = Database(url)
    begun = time.perf_counter()
    while kept_sums.is_behind(database):
        time.sleep(0.2)
    print(f"added up in {time.perf_counter() - begun:.0f} s", flush=True)
    database.close()


def wallet_word(database: Database, agent: int) -> str:
    """A session of an agent's wallet."""
    word = new_token()
    with database.write() as session:
        session.add(
            WalletSession(
                digest=digest(word), address=f"0x{agent:040x}", expires_at=int(time.time()) + 86_400
            )
        )
    return word


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--agents", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=300_000)
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the filled database for the next run")
    parser.add_argument("--write", type=Path, help="a page whose section of these figures is written anew")
    options = parser.parse_args(arguments)
    where = Circumstances()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = (options.keep or Path(name)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        url = stack.enter_context(own_database(options.database, folder))
        node = stack.enter_context(EmbeddedNode())
        database = Database(url)
        upgrade(database)
        mirror = filled(database, folder, node, options.agents, options.orders)
        agent = mirror.leaders[0]
        team = team_size(database, agent)
        words = {"agent": wallet_word(database, agent)}
        for scope in ("mall", "auditor"):
            _, words[scope] = create_key(database, scope, [scope], 10**6)
        database.close()
        log = folder / "serve.log"
        environment = {
            "LIANDONG_DATABASE_URL": url, "LIANDONG_PORT": str(PORT), "LIANDONG_RPC_URL": node.url,
            "LIANDONG_RUN_MIRROR": "false", "LIANDONG_RUN_WORKER": "false",
            "LIANDONG_DEPLOYMENT": str(folder / "deployment.json"),
            "LIANDONG_AUDIT_FOLDER": str(folder / "audit"),
            "LIANDONG_ANONYMOUS_PER_MINUTE": "1000000",
        }  # fmt: skip
        running = stack.enter_context(process("serve", environment=environment, log=log))
        wait_until_alive(f"http://127.0.0.1:{PORT}", running, log)
        summed(url)
        playwright = stack.enter_context(sync_playwright())
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        measure(browser, "sign-in", "", 1)  # the browser's own beginning
        rows: list[tuple[str, list[float]]] = []
        for word, paths in ((words["agent"], AGENT), (words["mall"], BRAND), (words["auditor"], AUDIT)):
            for one in paths:
                address = one.format(order=mirror.orders // 2, agent=agent)
                rows.append(
                    (one.format(order="…", agent="…"), measure(browser, address, word, options.loads))
                )
                print(
                    f"{address:40} {statistics.median(rows[-1][1]):7.0f} ms, first {rows[-1][1][0]:.0f}",
                    flush=True,
                )
        browser.close()
        about = (
            f"{mirror.last_agent - mirror.first_agent + 1:,} agents, {mirror.orders:,} orders, "
            f"{mirror.lines:,} payments on {options.database}, the agent's team {team:,}; Chromium, "
            f"{options.loads} loads each with nothing cached; one process of "
            f"{taken(running.pid).peak_mb} MB at most; {where}."
        )
    lines = [about, "", "| page | median ms | first ms | longest ms |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| `/app/{one}` | {statistics.median(times):.0f} | {times[0]:.0f} | {max(times):.0f} |"
        for one, times in rows
    ]
    print("\n".join(lines))
    if options.write:
        write_section(options.write, "Pages in a browser", "scripts/bench_pages.py", lines)
    slow = [one for one, times in rows if statistics.median(times) > SECOND]
    if slow:
        sys.exit(f"above a second: {', '.join(slow)}")


if __name__ == "__main__":
    main()
