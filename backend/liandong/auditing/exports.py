"""What auditors take away as CSV: each table whole, with a header, oldest first, a part at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from liandong.auditing import books, over_time
from liandong.db.chain import ChainEvent
from liandong.db.money import Account, PoolEpoch, PoolWeight
from liandong.db.orders import OrderBatch, PlanVersion, SalesOrder
from liandong.db.people import Participant, RoleHolder
from liandong.db.session import Database
from liandong.orders.reckoning import reckoning
from liandong.orders.repository import terms
from liandong.plans.repository import plan_of
from liandong.rules.split import LINE_NAMES

ROWS_AT_ONCE = 2000

TABLES: dict[str, type[SQLModel]] = {
    "orders": SalesOrder, "batches": OrderBatch, "accounts": Account, "participants": Participant,
    "pools": PoolEpoch, "pool-weights": PoolWeight, "plans": PlanVersion, "roles": RoleHolder,
    "events": ChainEvent,
}  # fmt: skip

NAMES = ("books", "lines", *TABLES)
"""What can be exported. ``lines``: every order's lines by the rules; the rest are the mirror's tables."""


def export(database: Database, name: str) -> Iterator[str]:
    """An export's lines, as CSV."""
    if name == "books":
        return _books(database)
    if name == "lines":
        return _lines(database)
    return _table(database, TABLES[name])


def _books(database: Database) -> Iterator[str]:
    header = ("day", *over_time.PLACES, "held", "difference")
    with database.read() as session:
        rows = [[getattr(one, name) for name in header] for one in books.by_day(session, anew=True)]
    return _csv(header, rows)


def _lines(database: Database) -> Iterator[str]:
    def lines(row: SalesOrder, session: Session) -> list[Any]:
        found = {one.name: one.result for one in reckoning(terms(row), plan_of(session, row.plan)).lines}
        paying = row.state in ("recorded", "settled")
        return [row.number, row.state, row.price - row.refunded] + [
            found.get(name, 0) if paying else 0 for name in LINE_NAMES
        ]

    return _csv(("order", "state", "net", *LINE_NAMES), _rows(database, SalesOrder, lines))


def _table(database: Database, model: type[SQLModel]) -> Iterator[str]:
    names = list(model.model_fields)
    return _csv(names, _rows(database, model, lambda row, _: [getattr(row, name) for name in names]))


def _rows(
    database: Database, model: type[SQLModel], shown: Callable[[Any, Session], list[Any]]
) -> Iterator[list[Any]]:
    """All rows by their primary key."""
    key = [col(getattr(model, column.name)) for column in model.__table__.primary_key]  # type: ignore[attr-defined]
    offset = 0
    while True:
        with database.read() as session:
            rows = session.exec(select(model).order_by(*key).offset(offset).limit(ROWS_AT_ONCE)).all()
            found = [shown(row, session) for row in rows]
        yield from found
        if len(found) < ROWS_AT_ONCE:
            return
        offset += ROWS_AT_ONCE


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
        if line.tell() > 2**16:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()
