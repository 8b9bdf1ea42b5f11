"""Sums of the events that are final: what books by day and compliance counters begin with."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    cursor = op.create_table(
        "sum_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sum_cursor")),
    )
    op.bulk_insert(cursor, [{"id": 1, "block_number": -1}])
    op.create_table(
        "book_day",
        sa.Column("day", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_book_day")),
    )
    op.create_table(
        "event_sum",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_event_sum")),
    )


def downgrade() -> None:
    for table in ("event_sum", "book_day", "sum_cursor"):
        op.drop_table(table)
