"""Columns for amounts and weights of more than 63 bits. SQLite stores those in the columns that there are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = (
    ("chain_event", "amount"),
    *(("book", name) for name in ("treasury", "escrow", "tokens_in", "tokens_out")),
    *(("account", name) for name in ("available", "withdrawn", "deposit", "debt")),
    *(("pool_epoch", name) for name in ("gathered", "weight", "unclaimed", "carried")),
    *(("pool_weight", name) for name in ("weight", "claimed")),
)


def upgrade() -> None:
    _alter(sa.Numeric(39, 0))


def downgrade() -> None:
    _alter(sa.BigInteger())


def _alter(kind: sa.types.TypeEngine[int]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column in COLUMNS:
            op.alter_column(table, column, type_=kind)
