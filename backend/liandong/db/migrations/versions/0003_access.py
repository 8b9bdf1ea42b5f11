"""Keys, sign-ins, sessions, and sealed personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
    )
    op.create_table(
        "sign_in_challenge",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_challenge")),
    )
    op.create_index(op.f("ix_sign_in_challenge_expires_at"), "sign_in_challenge", ["expires_at"])
    op.create_table(
        "wallet_session",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_wallet_session")),
    )
    op.create_index(op.f("ix_wallet_session_address"), "wallet_session", ["address"])
    op.create_index(op.f("ix_wallet_session_expires_at"), "wallet_session", ["expires_at"])
    op.create_table(
        "personal_record",
        sa.Column("participant", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("phone_match", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_personal_record")),
    )
    op.create_index(op.f("ix_personal_record_key_id"), "personal_record", ["key_id"])
    op.create_index(op.f("ix_personal_record_phone_match"), "personal_record", ["phone_match"])


def downgrade() -> None:
    for table in ("personal_record", "wallet_session", "sign_in_challenge", "api_key"):
        op.drop_table(table)
