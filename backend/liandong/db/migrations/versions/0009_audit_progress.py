"""How far an audit is."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("at_block", "last_block"):
        op.add_column("audit_run", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in ("last_block", "at_block"):
        op.drop_column("audit_run", name)
