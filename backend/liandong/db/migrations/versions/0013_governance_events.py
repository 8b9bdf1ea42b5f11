"""The few events that change roles and pauses are found without going through all."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHICH = "name IN ('RolesChanged', 'PauseChanged')"


def upgrade() -> None:
    op.create_index(
        "ix_chain_event_governance", "chain_event", ["block_number", "log_index"],
        sqlite_where=sa.text(WHICH), postgresql_where=sa.text(WHICH),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_chain_event_governance", "chain_event")
