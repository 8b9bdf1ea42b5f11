"""What the mirror's tables say, by the names that all sources share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, func, select
from sqlmodel import Session, SQLModel

from liandong.audit.names import Source, day, named
from liandong.audit.replay import Touched
from liandong.db.money import Account, Book, PoolEpoch, PoolWeight
from liandong.db.orders import Campaign, OrderBatch, PlanVersion, SalesOrder
from liandong.db.people import Participant, Region, RoleHolder, TeamCount, TeamPlace, Wallet

CHUNK = 5_000
"""Keys in one query; databases limit them."""


def _rows(
    session: Session, model: type[SQLModel], column: str = "", keys: Iterable[Any] | None = None
) -> list[dict[str, Any]]:
    """All rows of a table, or those of these keys."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    query = select(table)
    if keys is None:
        return [dict(row._mapping) for row in session.execute(query)]
    wanted, found = list(keys), []
    for start in range(0, len(wanted), CHUNK):
        part = query.where(table.c[column].in_(wanted[start : start + CHUNK]))
        found += [dict(row._mapping) for row in session.execute(part)]
    return found


def totals(session: Session) -> Source:
    """What there is once."""
    return named("book", {name: value for name, value in _rows(session, Book)[0].items() if name != "id"})


def accounts(session: Session, numbers: Iterable[int]) -> Source:
    """Accounts and their owners."""
    found: Source = {}
    for prefix, model in (("account", Account), ("participant", Participant)):
        for row in _rows(session, model, "number", numbers):
            found |= named(f"{prefix} {row.pop('number')}", row)
    return found


def places(session: Session, numbers: Iterable[int]) -> Source:
    """Who stands one, two and three introductions above agents."""
    found: Source = {}
    for row in _rows(session, TeamPlace, "number", numbers):
        found |= named(f"team place {row.pop('number')}", row)
    return found


def teams(session: Session, agents: Iterable[int]) -> Source:
    """How many stand below agents, by level and tier; zeros are left out."""
    found: Source = {}
    for row in _rows(session, TeamCount, "above", agents):
        if row["members"] or row["active"]:
            name = f"team of {row.pop('above')} level {row.pop('level')} tier {row.pop('tier')}"
            found |= named(name, row)
    return found


def teams_told(session: Session) -> int:
    """How many rows of teams are not zeros."""
    found = (
        select(func.count()).select_from(TeamCount).where((TeamCount.members != 0) | (TeamCount.active != 0))
    )
    return session.execute(found).scalar_one()


def orders(session: Session, numbers: Iterable[int]) -> Source:
    """Terms and state."""
    found: Source = {}
    nullable = ("delivered_on", "settled_on", "settled_block", "first_held_on")
    for row in _rows(session, SalesOrder, "number", numbers):
        found |= named(f"order {row.pop('number')}", row | {name: day(row[name]) for name in nullable})
    return found


def batches(session: Session, firsts: Iterable[int]) -> Source:
    """What was told of batches."""
    found: Source = {}
    for row in _rows(session, OrderBatch, "first", firsts):
        found |= named(f"batch {row.pop('first')}", row)
    return found


def pools(session: Session) -> Source:
    """All epochs; zeros are left out."""
    found: Source = {}
    for row in _rows(session, PoolEpoch):
        found |= named(f"{row.pop('pool')} {row.pop('epoch')}", row)
    return {key: value for key, value in found.items() if value}


def weights(session: Session, agents: set[int] | None) -> Source:
    """Weights, and what was claimed by them; of all agents, or of these."""
    found: Source = {}
    for row in _rows(session, PoolWeight, "agent", agents):
        name = f"{row['pool']} {row['epoch']}"
        if row["weight"]:
            found[f"{name} weight of {row['agent']}"] = row["weight"]
        if row["claimed"] is not None:
            found[f"{name} claim of {row['agent']}"] = row["claimed"]
    return found


def rest(session: Session, touched: Touched | None) -> Source:
    """Campaigns, regions, roles, wallets, plans; all of them, or those that were touched."""
    campaigns, regions, roles, wallets, plans = (
        (None,) * 5
        if touched is None
        else (touched.campaigns, touched.regions, touched.roles, touched.wallets, touched.plans)
    )
    found: Source = {}
    for row in _rows(session, Campaign, "number", campaigns):
        found |= named(f"campaign {row.pop('number')}", row)
    for row in _rows(session, Region, "number", regions):
        found[f"region {row['number']} holder"] = row["holder"]
    for row in _rows(session, RoleHolder, "address", roles):
        found[f"roles of {row['address']}"] = row["roles"]
    for row in _rows(session, Wallet, "address", wallets):
        found[f"wallet {row['address']}"] = row["participant"]
    for row in _rows(session, PlanVersion, "version", plans):
        values = json.loads(row["parameters"]) | {"day": row["day"], "block_number": row["block_number"]}
        found |= named(f"plan {row['version']}", values)
    return found
