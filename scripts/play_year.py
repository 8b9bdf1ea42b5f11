"""Feeds a history of real invoices through the API, day by day, and ends with an audit.

usage: play_year.py INVOICES.csv [--agents 1000] [--seed 1] [--days N] [--database KIND] [--write PAGE.md]

The file has the columns invoice, kind (sale or cancellation), invoiced_at, customer, country, amount. The
team is made up from the seed, and so is who sold to whom, as in `liandong backtest`. Everything goes over
HTTP: agents join with their wallets' signatures, the day's sales come in bulk, are delivered one to nine days
later, cancellations are refunded; the schedule settles what is due and closes months. The embedded chain's
clock moves from morning to morning. Exit code 1: the audit found a difference.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import httpx
from benchmarks.databases import KINDS, own_database
from benchmarks.page import Circumstances, write_section
from benchmarks.processes import COMMAND, process, taken, wait_until_alive

from liandong.access.keys import create_key
from liandong.backtest.agents import TeamMember
from liandong.backtest.costs import Costs
from liandong.backtest.run import Prepared, Request, prepare
from liandong.backtest.story import Delivery, Order, Story
from liandong.chain.consent import NO_DEADLINE, Domain, join_message, sign
from liandong.chain.local import deploy_locally, local_signer
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.settlement import SettlementClient
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.figures import money
from liandong.rules.plan import SEED

PORT = 8_704
LOOK_EVERY = 0.02
PATIENCE = 300
NUDGE_SECONDS = 3
SCHEDULE_SECONDS = 20
SETTLED_BY = 10
"""Days after the last delivery by which the last order has settled."""


class Year:
    """The mall's side: what it sends on each day, and what was refused."""

    def __init__(self, mall: httpx.Client, chain: SettlementClient, clock: NodeClock, story: Story) -> None:
        self.mall = mall
        self.chain = chain
        self.clock = clock
        self.story = story
        self.supplier = 0
        self.numbers: dict[str, int] = {}
        self.due: defaultdict[int, list[str]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()

    def live(self, days: int) -> None:
        """Lives through so many days of the story, and on until everything that was sold is settled."""
        wallet = local_signer("supplier").address
        request = self._write("/v1/suppliers", {"wallet": wallet}, "supplier")
        self._quiet()
        self.supplier = self._result(request)["participant"]
        day, end = 0, days
        while day < end:
            moment = self.story.calendar.morning(day)
            if moment > self.clock.now():
                self.clock.set(moment)
            if day < days:
                self._join(self.story.joins.get(day, []))
                self._sell(day, self.story.orders.get(day, []))
            self._deliver(day)
            if day < days:
                self._refund(day)
            self._quiet()
            end = max(days, *(one + SETTLED_BY for one in self.due), end)
            day += 1
        self.sent["days"] = day

    def wait_for_the_schedule(self) -> None:
        """Until nothing is left to settle, or for so long that it will not be."""
        until = time.monotonic() + SCHEDULE_SECONDS
        while count_of(self.mall, "recorded") and time.monotonic() < until:
            time.sleep(1)
        self._quiet()

    def _join(self, members: Sequence[TeamMember]) -> None:
        """Those whose introducers have numbers, all together, until nobody is left."""
        domain = Domain(self.chain.deployment.chain_id, self.chain.deployment.settlement)
        waiting = list(members)
        while waiting:
            ready = [one for one in waiting if one.introducer is None or one.introducer in self.numbers]
            if not ready:
                self.refused["join: no introducer"] += len(waiting)
                return
            requests = {}
            for one in ready:
                signer = local_signer(f"agent {one.id}")
                body = {"wallet": signer.address, "region": self.story.regions.get(one.region or "", 0)}
                if one.introducer is None:
                    requests[one.id] = self._write("/v1/founders", body, f"join {one.id}")
                    continue
                above = self.numbers[one.introducer]
                message = join_message(domain, signer.address, above, body["region"], NO_DEADLINE)
                body |= {"introducer": above, "deadline": NO_DEADLINE}
                body["signature"] = "0x" + sign(signer.account, message).hex()
                requests[one.id] = self._write("/v1/joins", body, f"join {one.id}")
            self._quiet()
            for id_, request in requests.items():
                if result := self._result(request):
                    self.numbers[id_] = result["participant"]
            waiting = [one for one in waiting if one not in ready]

    def _sell(self, day: int, orders: Sequence[Order]) -> None:
        lines = []
        for order in orders:
            seller = self.numbers.get(order.seller)
            if seller is None:
                self.refused["sale: no seller"] += 1
                continue
            name = _name(order.sale.line)
            lines.append(
                {
                    "order_id": name, "channel": "retail", "price": order.sale.amount, "cost": order.cost,
                    "fees": order.fees, "supplier": self.supplier, "seller": seller, "region": order.region,
                }
            )  # fmt: skip
            self.due[day + order.delivered_after].append(name)
        if lines:
            body = "\n".join(map(json.dumps, lines))
            headers = {"Content-Type": "application/x-ndjson"}
            answer = self.mall.post("/v1/orders/bulk", content=body, headers=headers).raise_for_status()
            for line in answer.text.splitlines():
                outcome = json.loads(line)
                self.sent["orders"] += outcome["accepted"]
                if not outcome["accepted"]:
                    self.refused[f"sale: {outcome['error']['code']}"] += 1
            self._quiet()

    def _deliver(self, day: int) -> None:
        names = self.due.pop(day, [])
        for start in range(0, len(names), 1_000):
            body = {"order_ids": names[start : start + 1_000]}
            key = {"Idempotency-Key": f"deliver {day} {start}"}
            self.mall.post("/v1/deliveries", json=body, headers=key).raise_for_status()
        self.sent["deliveries"] += len(names)

    def _refund(self, day: int) -> None:
        for number, refund in enumerate(self.story.refunds.get(day, ())):
            found = self.mall.get(f"/v1/orders/by-mall-id/{_name(refund.sale.line)}")
            if found.status_code != 200:
                self.refused["refund: order was not recorded"] += 1
                continue
            path = f"/v1/orders/{found.json()['number']}/refunds"
            self._write(path, {"amount": refund.amount}, f"refund {day} {number}")
            self.sent["refunds"] += 1

    # --- HTTP

    def _write(self, path: str, body: dict[str, object], key: str) -> int:
        answer = self.mall.post(path, json=body, headers={"Idempotency-Key": key})
        if answer.is_error:
            raise RuntimeError(f"{path} {body}: {answer.text}")
        return answer.json()["id"]

    def _result(self, request: int) -> dict[str, int]:
        found = self.mall.get(f"/v1/requests/{request}").raise_for_status().json()
        if found["state"] == "rejected":
            self.refused[f"{found['kind']}: {found['rejection']['code']}"] += 1
        return found["result"] or {}

    def _quiet(self) -> None:
        """Waits until the outbox is empty and the mirror has what the chain has."""
        until, nudge = time.monotonic() + PATIENCE, time.monotonic() + NUDGE_SECONDS
        while time.monotonic() < until:
            found = self.mall.get("/v1/status").raise_for_status().json()
            if not any(found["requests"].values()) and found["lag"] == 0:
                return
            if time.monotonic() > nudge:
                # under load the node may forget to mine what came while it was mining
                self.clock.set(self.clock.now() + 1)
                nudge = time.monotonic() + NUDGE_SECONDS
            time.sleep(LOOK_EVERY)
        raise TimeoutError(f"the outbox is not empty after {PATIENCE} s: {found}")


def _name(line: int) -> str:
    return f"line-{line}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Plays the year and prints what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("invoices", type=Path)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, help="only the first days")
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--write", type=Path, help="a page whose section of these figures is written anew")
    options = parser.parse_args(arguments)
    where = Circumstances()
    prepared = prepare(
        Request(
            options.invoices, "seed", SEED, Costs(Fraction(45, 100), Fraction(1, 100)), Delivery(1, 9),
            team_size=options.agents, seed=options.seed,
        )
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name, own_database(options.database, Path(name)) as url:
        lines, clean = play(prepared, options.days, url, Path(name), where)
    if options.write:
        write_section(options.write, "A year of real invoices", "scripts/play_year.py", lines)
    raise SystemExit(0 if clean else 1)


def play(
    prepared: Prepared, days: int | None, url: str, folder: Path, where: Circumstances
) -> tuple[list[str], bool]:
    """Serves the API before an embedded chain, lives through the story, and audits."""
    story = prepared.story
    file = folder / "deployment.json"
    with EmbeddedNode(timestamp=story.calendar.morning(0) - 3_600) as node:
        chain = deploy_locally(node.client(), utc_offset=story.calendar.utc_offset, path=file)
        chain.mint(chain.keys.treasurer.address, 2 * story.sales)
        chain.fund(2 * story.sales)
        database = Database(url)
        upgrade(database)
        _, word = create_key(database, "mall", ["mall"], 10**6)
        database.close()
        environment = {
            "LIANDONG_DATABASE_URL": url, "LIANDONG_RPC_URL": node.url, "LIANDONG_DEPLOYMENT": str(file),
            "LIANDONG_PORT": str(PORT), "LIANDONG_DUE_SECONDS": "0.5", "LIANDONG_POLL_SECONDS": "0.02",
            "LIANDONG_STUCK_SECONDS": "600", "LIANDONG_AUDIT_FOLDER": str(folder / "audit"),
        }  # fmt: skip
        at, log = f"http://127.0.0.1:{PORT}", folder / "serve.log"
        with process("serve", environment=environment, log=log) as api:
            wait_until_alive(at, api, log)
            with httpx.Client(base_url=at, headers={"Authorization": f"Bearer {word}"}, timeout=60) as mall:
                year = Year(mall, chain, NodeClock(node.client()), story)
                begun = time.perf_counter()
                year.live(min(days or story.last_day + 1, story.last_day + 1))
                year.wait_for_the_schedule()
                seconds = time.perf_counter() - begun
                count = {state: count_of(mall, state) for state in ("recorded", "settled", "refunded")}
            used = taken(api.pid)
        begun = time.perf_counter()
        audit = subprocess.run(
            [*COMMAND, "audit"], env=os.environ | environment, capture_output=True, text=True
        )
        audited = time.perf_counter() - begun
    clean = audit.returncode == 0
    said = audit.stdout.strip().splitlines()[-1] if audit.stdout else audit.stderr[-300:]
    orders = year.sent["orders"]
    refused = ", ".join(f"{what} ({many})" for what, many in sorted(year.refused.items())) or "nothing"
    lines = [
        f"{orders:,} orders of {len(year.numbers):,} agents in {year.sent['days']} days, sales of "
        f"{money(story.sales)} in the whole file; {where}.", "",
        f"- {year.sent['deliveries']:,} deliveries and {year.sent['refunds']:,} refunds; all over HTTP in "
        f"{seconds:.0f} s: {orders / seconds:.0f} orders a second, each day waited for to its end;",
        f"- in the end {count['settled']:,} settled, {count['recorded']:,} not settled, "
        f"{count['refunded']:,} refunded in full before;",
        f"- refused: {refused};",
        f"- the service took {used.peak_mb} MB at most and {used.cpu_seconds:.0f} s of processor time;",
        f"- audit in {audited:.0f} s: {said}",
    ]  # fmt: skip
    print("\n".join(lines))
    print(audit.stdout)
    return lines, clean


def count_of(mall: httpx.Client, state: str) -> int:
    """How many orders are in this state, page by page."""
    many, cursor = 0, None
    while True:
        place = {"cursor": cursor} if cursor else {}
        found = mall.get("/v1/orders", params={"state": state, "limit": 200} | place)
        page = found.raise_for_status().json()
        many += len(page["items"])
        cursor = page["next"]
        if cursor is None:
            return many


if __name__ == "__main__":
    main()
