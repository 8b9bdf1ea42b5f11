"""Requests on their way to the chain: lanes, calls (one a nonce), signed attempts, the requests."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from liandong.db.base import bigint

SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives; SQLite numbers only plain integers by itself."""

JSON_OR_NULL = JSON(none_as_null=True)


def serial() -> Any:
    """A primary key that the database gives."""
    return Field(default=None, sa_column=Column(SERIAL, primary_key=True, autoincrement=True))


class OutboxLane(SQLModel, table=True):
    """One signer's line of transactions. Whoever holds the lease writes to it.

    ``fence`` grows with every change of holder; ``trouble`` is what keeps the lane from sending, for people.
    """

    __tablename__ = "outbox_lane"
    address: str = Field(primary_key=True, description="lower case, 0x…")
    role: str
    next_nonce: int | None = bigint(default=None, description="null: to be asked of the chain")
    holder: str | None = None
    fence: int = bigint(default=0)
    leased_until: int = bigint(default=0, description="Unix milliseconds")
    trouble: str | None = Field(default=None, sa_type=Text)


class OutboxCall(SQLModel, table=True):
    """One nonce of a lane and what it is used for.

    States: building (signed and stored), sent, mined, final; reverted, then undone when that is final.
    """

    __tablename__ = "outbox_call"
    __table_args__ = (
        UniqueConstraint("lane", "nonce"),
        Index("ix_outbox_call_lane_state", "lane", "state", "nonce"),
        Index("ix_outbox_call_state", "state", "kind"),
    )
    id: int = serial()
    lane: str = Field(foreign_key="outbox_lane.address")
    nonce: int = bigint()
    kind: str
    state: str
    gas: int = bigint()
    first_order: int | None = bigint(default=None, description="of a call that records orders")
    order_count: int = 0
    block_number: int | None = bigint(default=None)
    block_hash: str | None = None
    transaction_hash: str | None = Field(default=None, description="hash of the attempt that was mined")
    gas_used: int | None = bigint(default=None)
    error: str | None = Field(default=None, sa_type=Text, description="what it reverted with")
    created_at: int = bigint(description="Unix milliseconds")
    sent_at: int | None = bigint(default=None, description="when it was last sent, Unix milliseconds")
    batches: list[int] | None = Field(
        default=None, sa_type=JSON_OR_NULL, description="first orders of the batches that it proves orders of"
    )


class OutboxAttempt(SQLModel, table=True):
    """A signed transaction: stored before it is sent, so that a restart sends the same one again."""

    __tablename__ = "outbox_attempt"
    id: int = serial()
    call_id: int = Field(sa_type=SERIAL, foreign_key="outbox_call.id", index=True)
    hash: str = Field(unique=True)
    raw: bytes = Field(sa_type=LargeBinary)
    max_fee: int = bigint(description="wei a unit of gas")
    tip: int = bigint(description="wei a unit of gas")
    created_at: int = bigint(description="Unix milliseconds")


class OutboxRequest(SQLModel, table=True):
    """What a caller asked for once under its key. See :mod:`liandong.outbox.states` for ``state``.

    ``subject`` is what it changes, ``waits_on`` the subject whose earlier requests it waits for,
    ``after_request`` the request that records its order.
    """

    __tablename__ = "outbox_request"
    __table_args__ = (
        UniqueConstraint("caller", "key"),
        Index("ix_outbox_request_state", "state", "role", "id"),
        Index("ix_outbox_request_subject", "subject", "id"),
    )
    id: int = serial()
    caller: str
    key: str
    digest: str = Field(description="SHA-256 of kind and body")
    kind: str
    body: dict[str, Any] = Field(sa_type=JSON_OR_NULL)
    role: str
    subject: str | None = None
    waits_on: str | None = None
    after_request: int | None = bigint(default=None)
    state: str
    not_before: int = bigint(default=0, description="Unix milliseconds")
    tries: int = Field(default=0, description="how often it was put off")
    reverts: int = Field(default=0, description="how often a call with it was mined without effect")
    call_id: int | None = Field(default=None, sa_type=SERIAL, foreign_key="outbox_call.id", index=True)
    position: int | None = Field(default=None, description="its place among the call's requests")
    order_number: int | None = bigint(default=None, index=True)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    error_name: str | None = None
    error_detail: str | None = Field(default=None, sa_type=Text)
    created_at: int = bigint(description="Unix milliseconds")
    changed_at: int = bigint(description="Unix milliseconds")
