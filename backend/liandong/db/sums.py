"""Sums of the events that are final, kept so that nobody has to add up all of them for each page."""

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from liandong.db.base import bigint, key


class SumCursor(SQLModel, table=True):
    """One row, always there: up to which block (inclusive) events are in the sums; -1: none are."""

    __tablename__ = "sum_cursor"
    id: int = Field(default=1, primary_key=True)
    block_number: int = bigint(default=-1)


class BookDay(SQLModel, table=True):
    """How a day since deployment changed each position: JSON list, signed, of any size."""

    __tablename__ = "book_day"
    day: int = key()
    changes: str = Field(sa_type=Text)


class EventSum(SQLModel, table=True):
    """All amounts of the events of a name that pays agents: a decimal number of any size."""

    __tablename__ = "event_sum"
    name: str = Field(primary_key=True)
    amount: str = Field(sa_type=Text)
