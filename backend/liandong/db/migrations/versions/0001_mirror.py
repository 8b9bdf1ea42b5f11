"""The mirror: cursor, blocks, events, and what is derived from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=False),
        sa.Column("deposit", sa.BigInteger(), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_account")),
    )
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("treasury", sa.BigInteger(), nullable=False),
        sa.Column("escrow", sa.BigInteger(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("last_participant", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Integer(), nullable=False),
        sa.Column("months_closed", sa.Integer(), nullable=False),
        sa.Column("month_closed_on", sa.Integer(), nullable=False),
        sa.Column("years_closed", sa.Integer(), nullable=False),
        sa.Column("year_closed_on", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
    )
    op.create_table(
        "campaign",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.Integer(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_campaign")),
    )
    op.create_table(
        "chain_event",
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("log_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transaction_index", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("order_number", sa.BigInteger(), nullable=True),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("block_number", "log_index", name=op.f("pk_chain_event")),
    )
    op.create_index(
        "ix_chain_event_account", "chain_event", ["account", "block_number", "log_index"], unique=False
    )
    op.create_index(
        "ix_chain_event_order", "chain_event", ["order_number", "block_number", "log_index"], unique=False
    )
    op.create_table(
        "mirror_block",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("parent_hash", sa.String(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_mirror_block")),
    )
    op.create_table(
        "mirror_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("genesis", sa.String(), nullable=False),
        sa.Column("settlement", sa.String(), nullable=False),
        sa.Column("utc_offset", sa.Integer(), nullable=False),
        sa.Column("day_zero", sa.BigInteger(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.String(), nullable=False),
        sa.Column("final_number", sa.BigInteger(), nullable=False),
        sa.Column("reorgs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mirror_cursor")),
    )
    op.create_table(
        "mirror_transaction",
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("block_number", "transaction_index", name=op.f("pk_mirror_transaction")),
    )
    op.create_index(op.f("ix_mirror_transaction_hash"), "mirror_transaction", ["hash"], unique=False)
    op.create_table(
        "mirror_undo",
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("block_number", "position", name=op.f("pk_mirror_undo")),
    )
    op.create_table(
        "order_batch",
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("recorded_root", sa.String(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_order_batch")),
    )
    op.create_table(
        "participant",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("wallet", sa.String(), nullable=False),
        sa.Column("introducer", sa.BigInteger(), nullable=False),
        sa.Column("leader", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("active_directs", sa.Integer(), nullable=False),
        sa.Column("team_active", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("certified", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Integer(), nullable=False),
        sa.Column("joined_block", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_participant")),
    )
    op.create_index(op.f("ix_participant_introducer"), "participant", ["introducer"], unique=False)
    op.create_index(op.f("ix_participant_leader"), "participant", ["leader"], unique=False)
    op.create_table(
        "plan_version",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_plan_version")),
    )
    op.create_table(
        "pool_epoch",
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gathered", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("unclaimed", sa.BigInteger(), nullable=False),
        sa.Column("carried", sa.BigInteger(), nullable=False),
        sa.Column("cap_bps", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("pool", "epoch", name=op.f("pk_pool_epoch")),
    )
    op.create_table(
        "pool_weight",
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agent", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("pool", "epoch", "agent", name=op.f("pk_pool_weight")),
    )
    op.create_table(
        "region",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_region")),
    )
    op.create_table(
        "role_holder",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("roles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_role_holder")),
    )
    op.create_table(
        "sales_order",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_first", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("fees", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.BigInteger(), nullable=False),
        sa.Column("insurance", sa.BigInteger(), nullable=False),
        sa.Column("seller", sa.BigInteger(), nullable=False),
        sa.Column("supplier", sa.BigInteger(), nullable=False),
        sa.Column("partner", sa.BigInteger(), nullable=False),
        sa.Column("campaign", sa.BigInteger(), nullable=False),
        sa.Column("leader", sa.BigInteger(), nullable=False),
        sa.Column("rate_bps", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("delivered_on", sa.Integer(), nullable=True),
        sa.Column("settled_on", sa.Integer(), nullable=True),
        sa.Column("settled_block", sa.BigInteger(), nullable=True),
        sa.Column("balance_paid", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("first_held_on", sa.Integer(), nullable=True),
        sa.Column("compensated", sa.BigInteger(), nullable=False),
        sa.Column("insurance_claimed", sa.Boolean(), nullable=False),
        sa.Column("recorded_block", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sales_order")),
    )
    op.create_index(
        "ix_sales_order_open",
        "sales_order",
        ["delivered_on", "number"],
        unique=False,
        sqlite_where=sa.text("state = 'recorded'"),
        postgresql_where=sa.text("state = 'recorded'"),
    )
    op.create_index(op.f("ix_sales_order_seller"), "sales_order", ["seller"], unique=False)
    op.create_table(
        "wallet",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("participant", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_wallet")),
    )
    op.create_index(op.f("ix_wallet_participant"), "wallet", ["participant"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_wallet_participant"), table_name="wallet")
    op.drop_table("wallet")
    op.drop_index(op.f("ix_sales_order_seller"), table_name="sales_order")
    op.drop_index(
        "ix_sales_order_open",
        table_name="sales_order",
        sqlite_where=sa.text("state = 'recorded'"),
        postgresql_where=sa.text("state = 'recorded'"),
    )
    op.drop_table("sales_order")
    op.drop_table("role_holder")
    op.drop_table("region")
    op.drop_table("pool_weight")
    op.drop_table("pool_epoch")
    op.drop_table("plan_version")
    op.drop_index(op.f("ix_participant_leader"), table_name="participant")
    op.drop_index(op.f("ix_participant_introducer"), table_name="participant")
    op.drop_table("participant")
    op.drop_table("order_batch")
    op.drop_table("mirror_undo")
    op.drop_index(op.f("ix_mirror_transaction_hash"), table_name="mirror_transaction")
    op.drop_table("mirror_transaction")
    op.drop_table("mirror_cursor")
    op.drop_table("mirror_block")
    op.drop_index("ix_chain_event_order", table_name="chain_event")
    op.drop_index("ix_chain_event_account", table_name="chain_event")
    op.drop_table("chain_event")
    op.drop_table("campaign")
    op.drop_table("book")
    op.drop_table("account")
