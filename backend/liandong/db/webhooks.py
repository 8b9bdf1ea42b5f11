"""What malls are told: where to, and which messages on their way."""

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from liandong.db.base import bigint
from liandong.db.outbox import serial

NOT_TAKEN = "NOT taken"


class WebhookTarget(SQLModel, table=True):
    """Where a caller wants its messages, and the secret that signs them, sealed. Times are Unix seconds."""

    __tablename__ = "webhook_target"
    id: int = serial()
    caller: str = Field(unique=True)
    url: str
    key_id: str
    nonce: str = Field(description="hex")
    sealed: str = Field(description="hex")
    created_at: int = bigint()


class WebhookCursor(SQLModel, table=True):
    """One row: up to which event messages were made."""

    __tablename__ = "webhook_cursor"
    id: int = Field(default=1, primary_key=True)
    block_number: int = bigint()
    log_index: int = -1


class WebhookMessage(SQLModel, table=True):
    """A message. Those of one target about one ``subject`` are sent one after the other.

    ``source`` is what it tells of, once for each target. ``done_at`` is when it was taken or given up.
    """

    __tablename__ = "webhook_message"
    __table_args__ = (
        UniqueConstraint("target_id", "source"),
        Index("ix_webhook_message_queue", "done_at", "not_before"),
        Index("ix_webhook_message_subject", "target_id", "subject", "id"),
        Index(
            "ix_webhook_message_not_taken",
            "target_id",
            "id",
            sqlite_where=text(NOT_TAKEN),
            postgresql_where=text(NOT_TAKEN),
        ),
    )
    id: int = serial()
    target_id: int = bigint()
    source: str
    subject: str
    kind: str
    body: str = Field(sa_type=Text)
    created_at: int = bigint()
    not_before: int = bigint(default=0)
    tries: int = 0
    last_failure: str | None = None
    done_at: int | None = bigint(default=None)
    taken: bool = False


class WebhookChange(SQLModel, table=True):
    """What a caller did about its webhook, and when (Unix seconds)."""

    __tablename__ = "webhook_change"
    id: int = serial()
    caller: str = Field(index=True)
    action: str
    url: str = ""
    detail: str = ""
    at: int = bigint()
