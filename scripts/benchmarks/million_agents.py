"""A large mirror, made up: agents in teams of very different sizes, their orders, and what these paid.

Rows have the shape that a chain's events leave, and go in as the mirror's do; no chain stands behind them.
Who introduces and who sells is drawn so that few do most of it: the largest team has a tenth of all agents.
Whoever introduced two is a boss; the others are led by whom the rules say (§ 1).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, text

from liandong.db import chain, money, orders, outbox, people
from liandong.db.session import Database
from liandong.mirror import table_writes
from liandong.rules.plan import SEED

FIRST = 16
SUPPLIERS = 200
BOSSES = 100
BATCH = 240
LINES = ("SupplyPaid", "DirectPaid", "RegionPaid", "TeamPaid")
"""What each order pays, a line each."""

INDEXES = {
    "postgresql": """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND indexdef NOT LIKE '%UNIQUE%'
    """,
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
}
AT_ONCE = 50_000
"""Rows that are made before they go in."""

COUNT = """
    INSERT INTO team_count SELECT {column}, {level}, tier, COUNT(*), COUNT(*) FILTER (WHERE active)
    FROM team_place JOIN participant USING (number) WHERE {column} <> 0 GROUP BY {column}, tier
"""


@dataclass(frozen=True, slots=True)
class Mirror:
    """What is in it: numbers of agents, of the last order, and whose teams are the largest."""

    first_agent: int
    last_agent: int
    orders: int
    lines: int
    leaders: list[int]


def fill(database: Database, agents: int, lines: int) -> Mirror:
    """Fills an empty database of the newest schema, without its indexes until the end."""
    chance = random.Random(3)
    first = FIRST + SUPPLIERS
    many = lines // len(LINES)
    parents, leaders = _tree(first, agents, chance)
    with database.engine.begin() as connection:
        kept = connection.execute(text(INDEXES[connection.dialect.name])).all()
        for name, _ in kept:
            connection.execute(text(f'DROP INDEX "{name}"'))
        for model, rows in (
            (people.Participant, _participants(first, agents, parents, leaders, chance)),
            (people.TeamPlace, _places(first, agents, parents)),
            (money.Account, ((number, 1_000, 0, 0, 0, 0) for number in range(1, first + agents))),
            (chain.MirrorBlock, _blocks(many)),
            (chain.MirrorTransaction, _transactions(many)),
            (orders.SalesOrder, _orders(first, agents, leaders, many)),
            (chain.ChainEvent, _events(first, agents, leaders, many)),
            (outbox.OutboxRequest, _requests(many)),
        ):
            _insert(connection, model, rows)
        for level, column in enumerate(("first", "second", "third"), 1):
            connection.execute(text(COUNT.format(column=column, level=level)))
        for _, definition in kept:
            connection.execute(text(definition))
    with database.write() as session:
        session.add(chain.MirrorCursor(
            chain_id=31337, genesis="0x0", settlement="0x1", utc_offset=0, day_zero=0, block_hash="0x0",
            final_number=2 * many // BATCH, block_number=2 * many // BATCH,
        ))  # fmt: skip
        session.add(money.Book(id=1, orders=many, last_participant=first + agents - 1, plan=1))
        written = json.dumps(asdict(SEED))
        session.add(orders.PlanVersion(version=1, parameters=written, day=0, block_number=1))
    if not database.is_sqlite:  # where nobody does it unasked
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    with database.read() as session:
        largest = session.execute(
            text("SELECT above FROM team_count GROUP BY above ORDER BY SUM(members) DESC LIMIT 50")
        ).all()
    return Mirror(first, first + agents - 1, many, many * len(LINES), [one.above for one in largest])


def team_size(database: Database, number: int) -> int:
    """How many stand one to three introductions below."""
    with database.read() as session:
        return session.execute(
            text("SELECT SUM(members) FROM team_count WHERE above = :number"), {"number": number}
        ).scalar_one()


def _tree(first: int, agents: int, chance: random.Random) -> tuple[list[int], list[int]]:
    """By place: the introducer's number (0: none) and the leader's (0: a boss)."""
    above = [-1] * BOSSES
    # the cube favours those who came early
    above += [int(place * chance.random() ** 3) for place in range(BOSSES, agents)]
    introduced = Counter(above)
    boss = [place < BOSSES or introduced[place] >= 2 for place in range(agents)]
    leaders = [0] * agents
    for place in range(BOSSES, agents):
        by = above[place]
        if not boss[by]:  # who is no boss can let others in only beside one
            by = above[by] if boss[above[by]] else above[place]
        leaders[place] = 0 if boss[place] else first + by
    return [0 if one < 0 else first + one for one in above], leaders


def seller_of(order: int, agents: int) -> int:
    """The place of an order's seller: few sell much, most sell now and then; the same each time."""
    share = (order * 2_654_435_761 % 2**32) / 2**32
    return int(agents * share**2)


def _participants(
    first: int, agents: int, parents: list[int], leaders: list[int], chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    for number in range(FIRST, first):
        yield (number, "supplier", f"0x{number:040x}", 0, 0, 0, 0, False, 0, 0, False, False, 0, 1)
    for place in range(agents):
        tier = min(int(chance.expovariate(1)), 4)
        yield (first + place, "agent", f"0x{first + place:040x}", parents[place], leaders[place], 310000,
               tier, place % 3 > 0, 0, 0, False, False, 0, 1)  # fmt: skip


def _places(first: int, agents: int, parents: list[int]) -> Iterator[tuple[int, ...]]:
    def above(number: int) -> int:
        return parents[number - first] if number else 0

    for place in range(agents):
        one = parents[place]
        yield (first + place, one, above(one), above(above(one)))


def _block_numbers(many: int) -> range:
    return range(1, 2 * (many // BATCH) + 1)


def _blocks(many: int) -> Iterator[tuple[Any, ...]]:
    return (
        (number, f"0x{number:064x}", "0x0", 1_700_000_000 + 12 * number) for number in _block_numbers(many)
    )


def _transactions(many: int) -> Iterator[tuple[Any, ...]]:
    return ((number, 0, f"0x{number:064x}") for number in _block_numbers(many))


def _orders(first: int, agents: int, leaders: list[int], many: int) -> Iterator[tuple[Any, ...]]:
    for order in range(1, many + 1):
        place = seller_of(order, agents)
        batch = (order - 1) // BATCH
        yield (
            order, batch * BATCH + 1, 0, 20_000, 8_000, 100, 0, 0, first + place, FIRST + order % SUPPLIERS,
            leaders[place] or first + place, 0, leaders[place], 2_000, 1, 0, 0, "settled", 0, 9,
            2 * batch + 2, False, False, None, 0, False, 2 * batch + 1,
        )  # fmt: skip


def _events(first: int, agents: int, leaders: list[int], many: int) -> Iterator[tuple[Any, ...]]:
    for order in range(1, many + 1):
        place = seller_of(order, agents)
        batch, at = divmod(order - 1, BATCH)
        seller, leader = first + place, leaders[place] or first + place
        yield (2 * batch + 1, at, 0, "RetailOrderRecorded", order, seller, 20_000, None)
        payees = (FIRST + order % SUPPLIERS, seller, leader, leader)
        for line, (name, payee) in enumerate(zip(LINES, payees, strict=True)):
            yield (2 * batch + 2, at * 4 + line, 0, name, order, payee, 1_000, None)


def _requests(many: int) -> Iterator[tuple[Any, ...]]:
    for order in range(1, many + 1):
        yield (
            order, "key:mall", f"order:M-{order}", "00", "order", "{}", "operator", None, None, None, "final",
            0, 0, 0, None, None, order, None, None, None, 0, 0,
        )  # fmt: skip


def _insert(connection: Connection, model: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        table_writes.insert(connection, model.__table__, some)
