"""Participants, their teams, wallets, regions and roles, as the events leave them (rules § 1)."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from liandong.db.base import bigint, key


class Participant(SQLModel, table=True):
    """An agent, supplier or store by its number on chain. ``introducer`` and ``leader`` 0: none."""

    __tablename__ = "participant"
    number: int = key()
    kind: str = Field(description="agent, supplier or store")
    wallet: str = Field(description="lower case, 0x…")
    introducer: int = bigint(default=0)
    leader: int = bigint(index=True, default=0)
    region: int = 0
    tier: int = Field(default=0, description="0 starter, 1 bronze, 2 silver, 3 gold, 4 diamond")
    active: bool = False
    active_directs: int = 0
    team_active: int = 0
    frozen: bool = False
    certified: bool = False
    joined_on: int = Field(default=0, description="day since deployment")
    joined_block: int = bigint(default=0)


class TeamPlace(SQLModel, table=True):
    """Who is one, two and three introductions above an agent (0: nobody), so that a page of a team is a
    range of an index, however large the team is."""

    __tablename__ = "team_place"
    __table_args__ = (
        Index("ix_team_place_first", "first", "number"),
        Index("ix_team_place_second", "second", "number"),
        Index("ix_team_place_third", "third", "number"),
    )
    number: int = key()
    first: int = bigint(default=0)
    second: int = bigint(default=0)
    third: int = bigint(default=0)


class TeamCount(SQLModel, table=True):
    """How many of a tier stand so many introductions (1 to 3) below an agent, and how many are active."""

    __tablename__ = "team_count"
    above: int = key()
    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tier: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    members: int = bigint(default=0)
    active: int = bigint(default=0)


class Wallet(SQLModel, table=True):
    """Every wallet that a participant ever had; it stays taken."""

    __tablename__ = "wallet"
    address: str = Field(primary_key=True, description="lower case, 0x…")
    participant: int = bigint(index=True)


class Region(SQLModel, table=True):
    """A region and who protects it; ``holder`` 0: nobody any more."""

    __tablename__ = "region"
    number: int = key()
    holder: int = bigint()


class RoleHolder(SQLModel, table=True):
    """An address and its role bits: 1 operator, 2 risk, 4 treasurer, 8 guardian; 0: none any more."""

    __tablename__ = "role_holder"
    address: str = Field(primary_key=True, description="lower case, 0x…")
    roles: int
