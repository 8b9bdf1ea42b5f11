#!/usr/bin/env python3
"""How many orders a second the contracts take on the embedded chain, and whether gas grows with size.

    python scripts/bench_scale.py                        # 100 000 agents and 200 000 orders
    python scripts/bench_scale.py --agents 2000 --orders 5000
    python scripts/bench_scale.py --write docs/benchmarks.md

Every day, half of the orders are the first of an agent that never sold before, the others are drawn among
the agents that did, each once a day: so the same work is done at the start, in the middle and at the end, and
what gas grows is the size's doing.
"""

from __future__ import annotations

import os
import platform
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from textwrap import fill
from typing import Annotated

import typer
from eth_account import Account
from eth_utils import keccak
from rich.console import Console
from rich.progress import Progress

from liandong.chain.abi import abi_of
from liandong.chain.blocks import BlockWriter
from liandong.chain.consent import NO_DEADLINE, join_message, sign
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.rpc import RpcClient
from liandong.chain.selections import deliveries, selections
from liandong.chain.settlement import SettlementClient
from liandong.chain.state_words import FIRST_PARTICIPANT
from liandong.chain.words import RETAIL, OrderInput
from liandong.rules.plan import SEED

PAST = 2
"""Past blocks that the node keeps; nobody asks about them."""

PATIENCE = 1_800.0
"""Seconds to wait for a block: a large one takes long where others use the machine, too."""

DAY = 86_400
MORNING = 20_000 * DAY
TEAM = 50
"""Agents under one founder: itself, 7 of level 2, the rest of level 3."""

LEVEL_TWO = 7
SETTLE_FIRST, SETTLE_AGAIN = "settle, seller's first", "settle, seller sold before"
JOINS_A_BLOCK = 2_000
PRICE, COST, FEES = 10_000, 4_000, 100
"""The price is high enough to make every seller active (plan ``seed``)."""


@dataclass
class Measure:
    """One step at one size: how many things, in what time, for how much gas."""

    units: int
    seconds: float
    gas: int


@dataclass
class Bench:
    """The chain, and what was measured by step in the order in which it was done."""

    client: SettlementClient
    writer: BlockWriter
    measures: dict[str, list[Measure]] = field(default_factory=lambda: defaultdict(list))
    moment: int = MORNING

    def today(self) -> int:
        """The day of the next block, since deployment."""
        return (self.moment - MORNING) // DAY + 1

    def call(self, role: str, function: str, *arguments: object) -> None:
        """A call that waits for its block."""
        data = abi_of("Settlement").functions[function].call_data(arguments)
        self.writer.add(getattr(self.client.keys, role), self.client.deployment.settlement, data)

    def mine(self, step: str, units: int, begun: float) -> None:
        """Mines what waits, takes in what it told, and notes what it took since ``begun``."""
        self.moment += 1
        receipts = self.writer.mine(self.moment)
        for receipt in receipts:
            self.client.book.take(receipt.logs)
        gas = sum(receipt.gas_used for receipt in receipts)
        self.measures[step].append(Measure(units, time.monotonic() - begun, gas))


def main(
    agents: Annotated[int, typer.Option(min=TEAM, help="Agents that join.")] = 100_000,
    orders: Annotated[int, typer.Option(min=250, help="Orders that live through.")] = 200_000,
    batch: Annotated[int, typer.Option(min=1, max=240, help="Orders a transaction.")] = 240,
    days: Annotated[int, typer.Option(min=3, help="Days that the orders are spread over.")] = 40,
    seed: Annotated[int, typer.Option(help="For who sells what.")] = 1,
    write: Annotated[Path | None, typer.Option(help="Put the figures into this page.")] = None,
) -> None:
    """Joins, records, delivers and settles; prints orders a second and gas an order along the way."""
    console = Console(highlight=False)
    begun = time.monotonic()
    with (
        EmbeddedNode(timestamp=MORNING - DAY, past=PAST) as node,
        Progress(console=console, transient=True) as bar,
    ):
        rpc = RpcClient(node.url, timeout=PATIENCE)
        client = deploy_locally(rpc)
        client.mint(client.keys.treasurer.address, orders * PRICE)
        client.fund(orders * PRICE)
        supplier, _ = client.register_supplier(_wallet("supplier").address)
        bench = Bench(client, BlockWriter(client.sender, NodeClock(rpc)))
        _join_all(bench, agents, bar)
        _live(bench, supplier, _sellers(agents, orders, days, seed), batch, bar)
        _check(client, agents, orders)
    lines = _report(bench, agents, orders, batch, time.monotonic() - begun)
    console.print("\n".join(lines), soft_wrap=True)
    if write is not None:
        _put(write, lines)


def _wallet(name: str) -> Account:
    return Account.from_key(keccak(text=f"liandong bench {name}"))


def _number(agent: int) -> int:
    """The number on chain of agent 0, 1, …: the supplier has the first one."""
    return FIRST_PARTICIPANT + 1 + agent


def _introducer(agent: int) -> int | None:
    place = agent % TEAM
    if place == 0:
        return None
    return agent - place if place <= LEVEL_TWO else agent - place + 1 + (place % LEVEL_TWO)


def _join_all(bench: Bench, agents: int, bar: Progress) -> None:
    """Founders by the operator, all others by their own signature."""
    task = bar.add_task("joining", total=agents)
    for start in range(0, agents, JOINS_A_BLOCK):
        begun = time.monotonic()
        some = range(start, min(start + JOINS_A_BLOCK, agents))
        for agent in some:
            wallet, introducer = _wallet(f"agent {agent}"), _introducer(agent)
            if introducer is None:
                bench.call("operator", "joinFounder", wallet.address, 0)
                continue
            above = _number(introducer)
            digest = join_message(bench.client.domain, wallet.address, above, 0, NO_DEADLINE)
            bench.call("operator", "join", wallet.address, above, 0, NO_DEADLINE, sign(wallet, digest))
        bench.mine("join", len(some), begun)
        bar.advance(task, len(some))


@dataclass(frozen=True, slots=True)
class Sold:
    """Who sells on one day: agents for the first time, and agents that sold before."""

    first: list[int]
    again: list[int]


def _sellers(agents: int, orders: int, days: int, seed: int) -> list[Sold]:
    """Every day, half of the orders are somebody's first, as long as there is somebody new."""
    dice = random.Random(seed)
    newcomers = list(range(agents))
    dice.shuffle(newcomers)
    sold: list[Sold] = []
    known = 0
    for day in range(days):
        today = orders * (day + 1) // days - orders * day // days
        first = newcomers[known : known + today // 2]
        before = known or len(first)
        places = range(before)
        wanted = today - len(first)
        again = dice.sample(places, wanted) if wanted <= before else dice.choices(places, k=wanted)
        known += len(first)
        sold.append(Sold(first, [newcomers[place] for place in again]))
    return sold


def _live(bench: Bench, supplier: int, sold: Sequence[Sold], batch: int, bar: Progress) -> None:
    """Every day some orders are recorded and delivered, and those of eight days before settle."""
    task = bar.add_task("orders", total=3 * sum(len(day.first) + len(day.again) for day in sold))
    waiting: dict[int, list[tuple[str, list[int]]]] = {}
    window = SEED.return_days + 1
    last = 0
    for day in range(len(sold) + window):
        bench.moment = MORNING + (day + 1) * DAY
        if day < len(sold):
            today = sold[day]
            first = list(range(last + 1, last + 1 + len(today.first)))
            again = list(range(last + 1 + len(first), last + 1 + len(first) + len(today.again)))
            _record(bench, supplier, today.first + today.again, last + 1, batch)
            last += len(first) + len(again)
            begun = time.monotonic()
            for part in _parts(first + again, batch):
                bench.call("operator", "deliver", deliveries(bench.client.book, part, bench.today))
            bench.mine("deliver", len(first) + len(again), begun)
            waiting[day + window] = [(SETTLE_FIRST, first), (SETTLE_AGAIN, again)]
            bar.advance(task, 2 * (len(first) + len(again)))
        for step, due in waiting.pop(day, []):
            if due:
                begun = time.monotonic()
                for part in _parts(due, batch):
                    bench.call("anyone", "settle", selections(bench.client.book, part))
                bench.mine(step, len(due), begun)
                bar.advance(task, len(due))


def _record(bench: Bench, supplier: int, sellers: Sequence[int], first: int, batch: int) -> None:
    begun = time.monotonic()
    for part in _parts(sellers, batch):
        orders = [
            OrderInput(RETAIL, PRICE, supplier, cost=COST, fees=FEES, seller=_number(agent)) for agent in part
        ]
        bench.call("operator", "recordOrders", first, [word for order in orders for word in order.words()])
        first += len(part)
    bench.mine("record", len(sellers), begun)


def _parts(all_: Sequence[int], size: int) -> list[Sequence[int]]:
    return [all_[start : start + size] for start in range(0, len(all_), size)]


def _check(client: SettlementClient, agents: int, orders: int) -> None:
    treasury, escrow, recorded, *_ = client.read("book")
    assert recorded == orders, f"{recorded} orders were recorded, not {orders}"
    assert escrow == 0, f"{escrow} minor units are in escrow still"
    assert client.read("lastParticipant") == _number(agents - 1)
    assert treasury == 0, f"{treasury} minor units are in the treasury still"


def _report(bench: Bench, agents: int, orders: int, batch: int, seconds: float) -> list[str]:
    """The figures as a Markdown table."""
    lines = [
        f"{agents:,} agents, {orders:,} orders in batches of {batch}, on the embedded chain; node and client "
        f"share {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}). "
        f"{seconds:,.0f} s in all.",
        "",
        "| step | a second (median) | gas each at the start | in the middle | at the end | end ÷ start |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for step, measures in bench.measures.items():
        rate = median(one.units / one.seconds for one in measures)
        start, middle, end = (_gas(part) for part in _thirds(measures))
        growth = f"{end / start:.3f}"
        lines.append(f"| {step} | {rate:,.0f} | {start:,.0f} | {middle:,.0f} | {end:,.0f} | {growth} |")
    return lines


def _thirds(measures: Sequence[Measure]) -> tuple[Sequence[Measure], Sequence[Measure], Sequence[Measure]]:
    """A tenth of the measures, at the start, in the middle and at the end."""
    some = max(1, len(measures) // 10)
    middle = (len(measures) - some) // 2
    return measures[:some], measures[middle : middle + some], measures[-some:]


def _gas(measures: Sequence[Measure]) -> float:
    return median(one.gas / one.units for one in measures)


HEADING = "## Size: orders a second and gas an order"


def _put(page: Path, lines: Sequence[str]) -> None:
    """Replaces this benchmark's part of a page, or adds it."""
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    before, found, after = text.partition(HEADING)
    rest = "\n## " + after.split("\n## ", 1)[1] if found and "\n## " in after else ""
    about = (
        "`make bench` (scripts/bench_scale.py): gas grows neither with agents nor with orders. Every day, "
        "half of the orders are the first of an agent that never sold before: they make it active and count "
        "for those above it, once in an agent's life, and dearer while those above have no counter yet. "
        "Seconds are those of the whole way: packing, signing, sending, mining, reading the events back. The "
        "development node works its whole state's root out anew for each block, which a real node does not."
    )
    page.write_text(
        f"{before.rstrip()}\n\n{HEADING}\n\n{fill(about, 120)}\n\n" + "\n".join(lines) + f"\n{rest}",
        encoding="utf-8",
    )


if __name__ == "__main__":
    typer.run(main)
