"""Whole numbers of any size in columns of both databases.

The contract keeps totals in up to 96 bits, and whoever has tokens of many decimals can pay in more than 63
bits of them. PostgreSQL stores such columns as NUMERIC. SQLite has no integers beyond 63 bits: there the few
that are larger are texts, hexadecimal with 0x before it, which SQLite leaves as they are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, Numeric, Table
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field

LARGEST = 2**63 - 1
"""What SQLite stores as a number."""

DIGITS = 39
"""Of 128 bits."""


class Wide(TypeDecorator[int]):
    """A whole number from 0 on. Sums and comparisons in SQL are right for plain numbers only on SQLite."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric(DIGITS, 0) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | str | None:
        return to_sqlite(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: int | str | Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else read(value)


def wide(**more: Any) -> Any:
    """A column of amounts or weights that the chain keeps in more than 63 bits."""
    return Field(sa_type=Wide, **more)


def places(table: Table) -> list[int]:
    """Where a table's wide columns are."""
    return [at for at, column in enumerate(table.columns) if isinstance(column.type, Wide)]


def to_sqlite(value: Any) -> Any:
    """A value as SQLite stores it."""
    return hex(value) if isinstance(value, int) and value > LARGEST else value


def read(value: int | str | Decimal) -> int:
    """A stored value, as whichever database gives it."""
    return int(value, 16) if isinstance(value, str) else int(value)
