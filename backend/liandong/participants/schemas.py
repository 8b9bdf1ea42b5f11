"""Participants as the API shows them and takes them."""

from __future__ import annotations

from typing import Annotated, Literal

from eth_utils import is_address, to_checksum_address
from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from liandong.chain.state_words import FIRST_PARTICIPANT, TIERS
from liandong.db.people import Participant

MAX_NUMBER = 2**32 - 1

ParticipantNumber = Annotated[
    int,
    Path(ge=FIRST_PARTICIPANT, le=MAX_NUMBER, description="A participant's number on chain.", examples=[16]),
]
Number = Annotated[int, Field(strict=True, ge=FIRST_PARTICIPANT, le=MAX_NUMBER, examples=[17])]
RegionNumber = Annotated[int, Field(strict=True, ge=0, lt=2**20, description="0: none.", examples=[310000])]
Amount = Annotated[
    int, Field(strict=True, ge=0, lt=2**63, description="Minor units (1 = 0.01 yuan).", examples=[1000])
]
Kind = Literal["agent", "supplier", "store"]
Bytes32 = Annotated[
    str,
    StringConstraints(pattern=r"^0x[0-9a-fA-F]{64}$"),
    Field(description="A salted commitment to the file of the case; personal data never goes on chain."),
]
Signature = Annotated[
    str,
    StringConstraints(pattern=r"^0x([0-9a-fA-F]{2}){1,2048}$"),
    Field(description="65 bytes of a plain wallet, or what a contract wallet takes (ERC-1271)."),
]
Deadline = Annotated[
    int, Field(strict=True, ge=0, lt=2**64, description="Unix seconds.", examples=[1900000000])
]


def _wallet(value: str) -> str:
    if not is_address(value) or int(value, 16) == 0:
        raise ValueError("must be a wallet's address: 0x and 40 hex digits, not all 0")
    return to_checksum_address(value)


Wallet = Annotated[
    str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$"), AfterValidator(_wallet),
    Field(examples=["0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]),
]  # fmt: skip


class Body(BaseModel):
    """A request's body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ParticipantView(BaseModel):
    """A participant as it is now; ``level`` 1 to 3 for agents (rules § 1), null where there is nobody."""

    number: int
    kind: Kind
    wallet: str
    introducer: int | None
    leader: int | None
    level: int | None
    boss: bool
    region: int
    tier: str
    active: bool
    active_directs: int
    team_active: int
    frozen: bool
    certified: bool
    joined_on: int = Field(description="Day since deployment.")

    @classmethod
    def of(cls, row: Participant) -> ParticipantView:
        """From its row."""
        agent = row.kind == "agent"
        level = (1 if row.leader == 0 else 2 if row.leader == row.introducer else 3) if agent else None
        return cls(
            number=row.number, kind=row.kind, wallet=to_checksum_address(row.wallet),
            introducer=row.introducer or None, leader=row.leader or None, level=level,
            boss=agent and row.leader == 0, region=row.region, tier=TIERS[row.tier], active=row.active,
            active_directs=row.active_directs, team_active=row.team_active, frozen=row.frozen,
            certified=row.certified, joined_on=row.joined_on,
        )  # fmt: skip


class AncestorView(BaseModel):
    """Somebody above: as much as those below may know."""

    number: int
    tier: str
    boss: bool
    introduced_by: int | None


class LineageView(BaseModel):
    """The way up: introducers, at most three, nearest first; and who leads the participant's team sales."""

    participant: int
    leader: int | None
    introducers: list[AncestorView]


class MemberView(BaseModel):
    """Somebody below: as much as those above may know."""

    number: int
    introducer: int
    tier: str
    active: bool
    boss: bool
    joined_on: int


class TeamLevel(BaseModel):
    """How many there are at one distance below."""

    level: int
    members: int
    active: int
    tiers: dict[str, int]


class TeamView(BaseModel):
    """The way down, three introductions at most: counts of all levels, and a page of one level's members."""

    participant: int
    levels: list[TeamLevel]
    level: int
    items: list[MemberView]
    next: str | None = None


class Registration(Body):
    """A supplier or store to be registered."""

    wallet: Wallet


class FounderJoin(Body):
    """An agent who joins without an introducer, on the operator's word."""

    wallet: Wallet
    region: RegionNumber = 0


class JoinTerms(Body):
    """What an agent who joins consents to."""

    wallet: Wallet
    introducer: Number
    region: RegionNumber = 0
    deadline: Deadline


class Join(JoinTerms):
    """A join with the newcomer's signature."""

    signature: Signature


class Certification(Body):
    """Whether the agent may sell cross-border."""

    certified: bool = Field(strict=True)


class Reason(Body):
    """Why, as a commitment; all 0 where there is no file."""

    reason: Bytes32 = "0x" + "00" * 32


class Slash(Reason):
    """An amount of deposit that goes to the protection account."""

    amount: Amount


class Protection(Body):
    """Whom a region is protected for."""

    holder: Number


class RegionView(BaseModel):
    """A protected region."""

    region: int
    holder: int
