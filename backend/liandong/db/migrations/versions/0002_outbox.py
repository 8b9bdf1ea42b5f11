"""The outbox: lanes, calls, attempts, requests."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outbox_lane",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("next_nonce", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_outbox_lane")),
    )
    op.create_table(
        "outbox_call",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("gas", sa.BigInteger(), nullable=False),
        sa.Column("first_order", sa.BigInteger(), nullable=True),
        sa.Column("order_count", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(), nullable=True),
        sa.Column("transaction_hash", sa.String(), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["lane"], ["outbox_lane.address"], name=op.f("fk_outbox_call_lane")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_call")),
        sa.UniqueConstraint("lane", "nonce", name=op.f("uq_outbox_call_lane_nonce")),
    )
    op.create_index("ix_outbox_call_lane_state", "outbox_call", ["lane", "state", "nonce"], unique=False)
    op.create_index("ix_outbox_call_state", "outbox_call", ["state", "kind"], unique=False)
    op.create_table(
        "outbox_attempt",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("call_id", SERIAL, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("max_fee", sa.BigInteger(), nullable=False),
        sa.Column("tip", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["outbox_call.id"], name=op.f("fk_outbox_attempt_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_attempt")),
        sa.UniqueConstraint("hash", name=op.f("uq_outbox_attempt_hash")),
    )
    op.create_index(op.f("ix_outbox_attempt_call_id"), "outbox_attempt", ["call_id"], unique=False)
    op.create_table(
        "outbox_request",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("waits_on", sa.String(), nullable=True),
        sa.Column("after_request", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reverts", sa.Integer(), nullable=False),
        sa.Column("call_id", SERIAL, nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("order_number", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error_name", sa.String(), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["outbox_call.id"], name=op.f("fk_outbox_request_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_request")),
        sa.UniqueConstraint("caller", "key", name=op.f("uq_outbox_request_caller_key")),
    )
    op.create_index(op.f("ix_outbox_request_call_id"), "outbox_request", ["call_id"], unique=False)
    op.create_index(op.f("ix_outbox_request_order_number"), "outbox_request", ["order_number"], unique=False)
    op.create_index("ix_outbox_request_state", "outbox_request", ["state", "role", "id"], unique=False)
    op.create_index("ix_outbox_request_subject", "outbox_request", ["subject", "id"], unique=False)


def downgrade() -> None:
    for table in ("outbox_request", "outbox_attempt", "outbox_call", "outbox_lane"):
        op.drop_table(table)
