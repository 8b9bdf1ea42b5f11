"""Totals, accounts and pools, as the events leave them (rules §§ 4, 5). Amounts in minor units."""

from sqlmodel import Field, SQLModel

from liandong.db.base import bigint, key
from liandong.db.wide import wide


class Book(SQLModel, table=True):
    """One row: the totals of the deployment."""

    __tablename__ = "book"
    id: int = Field(default=1, primary_key=True)
    treasury: int = wide(default=0)
    escrow: int = wide(default=0)
    tokens_in: int = wide(default=0)
    tokens_out: int = wide(default=0)
    orders: int = bigint(default=0, description="the last order's number")
    last_participant: int = bigint(default=15)
    plan: int = Field(default=0, description="the version in force")
    paused: int = Field(default=0, description="bits: 1 recording, 2 settlement, 4 withdrawals")
    months_closed: int = 0
    month_closed_on: int = 0
    years_closed: int = 0
    year_closed_on: int = 0


class Account(SQLModel, table=True):
    """An account: 1 platform, 2 fees, 3 duty, 4 insurance, 5 protection, from 16 on participants."""

    __tablename__ = "account"
    number: int = key()
    available: int = wide(default=0)
    withdrawn: int = wide(default=0)
    deposit: int = wide(default=0)
    debt: int = wide(default=0)
    locked_until: int = Field(default=0, description="day from which the deposit can be taken back")


class PoolEpoch(SQLModel, table=True):
    """A month of pool ``support`` or a year of pool ``dividend``.

    ``gathered`` is, from closing on, the pool that is shared, ``carried`` the part of it that was left of
    the epoch before; ``unclaimed`` is what can still be claimed.
    """

    __tablename__ = "pool_epoch"
    pool: str = Field(primary_key=True)
    epoch: int = key()
    gathered: int = wide(default=0)
    weight: int = wide(default=0)
    unclaimed: int = wide(default=0)
    carried: int = wide(default=0)
    cap_bps: int = 0
    closed_on: int | None = None


class PoolWeight(SQLModel, table=True):
    """An agent's weight in an epoch; ``claimed`` is what it was credited with, null before its claim."""

    __tablename__ = "pool_weight"
    pool: str = Field(primary_key=True)
    epoch: int = key()
    agent: int = key()
    weight: int = wide(default=0)
    claimed: int | None = wide(default=None)
