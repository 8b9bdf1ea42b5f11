"""Who changed what about webhooks; messages that were not taken are found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhook_change",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_change")),
    )
    op.create_index(op.f("ix_webhook_change_caller"), "webhook_change", ["caller"])
    op.create_index(
        "ix_webhook_message_not_taken", "webhook_message", ["target_id", "id"],
        sqlite_where=sa.text("NOT taken"), postgresql_where=sa.text("NOT taken"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_webhook_message_not_taken", "webhook_message")
    op.drop_table("webhook_change")
