"""Teams: who is above an agent three introductions up, and how many are below; made of the participants."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PLACES = """
    INSERT INTO team_place (number, first, second, third)
    SELECT one.number, one.introducer, COALESCE(above.introducer, 0), COALESCE(beyond.introducer, 0)
    FROM participant AS one
    LEFT JOIN participant AS above ON above.number = one.introducer
    LEFT JOIN participant AS beyond ON beyond.number = above.introducer
    WHERE one.kind = 'agent'
"""

COUNTS = """
    INSERT INTO team_count (above, level, tier, members, active)
    SELECT team_place.{column}, {level}, participant.tier, COUNT(*),
           SUM(CASE WHEN participant.active THEN 1 ELSE 0 END)
    FROM team_place JOIN participant ON participant.number = team_place.number
    WHERE team_place.{column} <> 0
    GROUP BY team_place.{column}, participant.tier
"""


def upgrade() -> None:
    op.create_table(
        "team_place",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.Column("third", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_team_place")),
    )
    op.create_table(
        "team_count",
        sa.Column("above", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tier", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("above", "level", "tier", name=op.f("pk_team_count")),
    )
    op.execute(PLACES)
    for level, column in enumerate(("first", "second", "third"), 1):
        op.execute(COUNTS.format(column=column, level=level))
        op.create_index(f"ix_team_place_{column}", "team_place", [column, "number"])
    op.drop_index("ix_participant_introducer", table_name="participant")


def downgrade() -> None:
    op.create_index("ix_participant_introducer", "participant", ["introducer"])
    op.drop_table("team_count")
    op.drop_table("team_place")
