"""Which batches a call of the outbox is about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_call", sa.Column("batches", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox_call", "batches")
