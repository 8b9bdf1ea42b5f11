"""Many rows at once come to the same as one by one, on both databases."""

from __future__ import annotations

import pytest
from sqlmodel import select

from liandong.db.chain import ChainEvent
from liandong.db.session import Database
from liandong.mirror import table_writes

TABLE = ChainEvent.__table__  # type: ignore[attr-defined]


def _row(number: int, detail: str | None, amount: int | None = None) -> tuple[object, ...]:
    return (number, 0, 0, "SupplyPaid", None, 16, amount, detail)


@pytest.mark.parametrize("many", [1, table_writes.MANY, 3 * table_writes.MANY])
def test_rows_are_inserted_replaced_and_deleted(database: Database, many: int) -> None:
    odd = ["a\tb", "\\N", 'quotes " and \\', "中文\nline", None]
    with database.write() as session:
        first = [_row(i, odd[i % 5], 2**62) for i in range(many)]
        table_writes.insert(session.connection(), TABLE, first)
    with database.write() as session:
        second = [_row(i, "new") for i in range(many // 2, many + many // 2)]
        table_writes.upsert(session.connection(), TABLE, second)
        table_writes.upsert(session.connection(), TABLE, second)
        table_writes.delete(session.connection(), TABLE, [(0, 0)])
    expected = {row[0]: row for row in (*first, *second)}
    del expected[0]
    with database.read() as session:
        rows = session.exec(select(ChainEvent)).all()
    names = [column.name for column in TABLE.columns]
    assert {one.block_number: tuple(getattr(one, name) for name in names) for one in rows} == expected
