"""What all tables share: one metadata with names for constraints, and columns for numbers of the chain."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, literal_column
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = SQLModel.metadata


def bigint(**more: Any) -> Any:
    """A 64-bit integer column: an amount in minor units, or a number that the chain gave."""
    return Field(sa_type=BigInteger, **more)


def key() -> Any:
    """A 64-bit integer in the primary key; the chain numbers these rows, never the database."""
    return Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})


def in_words(names: Sequence[str]) -> list[ColumnElement[str]]:
    """Names of our own for ``column.in_(…)``, written into the query.

    As values they would be put into its text anew each time it is asked. Raises ``ValueError`` for what is
    no plain word.
    """
    if not all(map(str.isidentifier, names)):
        raise ValueError(f"not plain words: {names}")
    return [literal_column(f"'{name}'") for name in names]
