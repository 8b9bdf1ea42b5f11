"""A campaign's orders are found without going through all orders."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_sales_order_campaign", "sales_order", ["campaign", "number"],
        sqlite_where=sa.text("campaign != 0"), postgresql_where=sa.text("campaign != 0"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_sales_order_campaign", "sales_order")
