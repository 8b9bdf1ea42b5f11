"""How far the mirror is, and what it took in: cursor, blocks, transactions, events, undo rows."""

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from liandong.db.base import bigint, key
from liandong.db.wide import wide

OF_GOVERNANCE = "name IN ('RolesChanged', 'PauseChanged')"
"""As text, word for word as the index has it, so that databases see that it serves."""


class MirrorCursor(SQLModel, table=True):
    """One row: which deployment is mirrored, and up to which block (inclusive) by number and hash."""

    __tablename__ = "mirror_cursor"
    id: int = Field(default=1, primary_key=True)
    chain_id: int = bigint()
    genesis: str
    settlement: str
    utc_offset: int
    day_zero: int = bigint(description="the calendar day of deployment, counted from 1970")
    block_number: int = bigint()
    block_hash: str
    final_number: int = bigint(description="blocks up to this one are never undone")
    reorgs: int = Field(default=0, description="how many reorganisations were undone")


class MirrorBlock(SQLModel, table=True):
    """A canonical block: each one within finality, of older ones those that have events."""

    __tablename__ = "mirror_block"
    number: int = key()
    hash: str
    parent_hash: str
    timestamp: int = bigint(description="Unix seconds")


class MirrorTransaction(SQLModel, table=True):
    """A transaction with events of the settlement contract in a canonical block."""

    __tablename__ = "mirror_transaction"
    block_number: int = key()
    transaction_index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str = Field(index=True)


class ChainEvent(SQLModel, table=True):
    """One event. With the canonical block's hash, block number and log index are its natural key.

    ``order_number``, ``account`` and ``amount`` (minor units) are those that the event names, as
    :mod:`liandong.mirror.events` says; where it is about many orders, the first of
    them. ``detail`` is JSON of its other fields by their names in the ABI.
    """

    __tablename__ = "chain_event"
    __table_args__ = (
        Index("ix_chain_event_account", "account", "block_number", "log_index"),
        Index("ix_chain_event_order", "order_number", "block_number", "log_index"),
        Index(
            "ix_chain_event_governance",
            "block_number",
            "log_index",
            sqlite_where=text(OF_GOVERNANCE),
            postgresql_where=text(OF_GOVERNANCE),
        ),
    )
    block_number: int = key()
    log_index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    transaction_index: int
    name: str
    order_number: int | None = bigint(default=None)
    account: int | None = bigint(default=None)
    amount: int | None = wide(default=None)
    detail: str | None = Field(default=None, sa_type=Text)


class MirrorUndo(SQLModel, table=True):
    """What a derived row was before a block above finality changed it; ``before`` null: it was not there."""

    __tablename__ = "mirror_undo"
    block_number: int = key()
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    table_name: str
    row_key: str = Field(sa_type=Text, description="JSON list, the primary key")
    before: str | None = Field(default=None, sa_type=Text, description="JSON list, all columns")
