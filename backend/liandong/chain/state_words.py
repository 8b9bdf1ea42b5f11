"""The packed words of participants and accounts, read out (contracts/types/Participant.sol, Account.sol)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

MASK32 = 2**32 - 1
MASK64 = 2**64 - 1


class Account(IntEnum):
    """Numbers of the brand's own accounts (rules § 1); the treasury's only names it in withdrawals."""

    PLATFORM = 1
    FEES = 2
    DUTY = 3
    INSURANCE = 4
    PROTECTION = 5
    TREASURY = 6


FIRST_PARTICIPANT = 16
"""The first participant's number; they follow in the order of joining and registering."""

TIERS = ("starter", "bronze", "silver", "gold", "diamond")
KINDS = ("", "agent", "supplier", "store")


@dataclass(frozen=True, slots=True)
class ParticipantRecord:
    """A participant: ``introducer`` and ``leader`` are numbers, 0 for none (rules § 1)."""

    wallet: str
    kind: str
    introducer: int
    leader: int
    region: int
    tier: str
    frozen: bool
    certified: bool
    active: bool
    active_directs: int
    team_active: int

    @classmethod
    def from_words(cls, word: int, active_directs: int, team_active: int) -> ParticipantRecord:
        """From what the view ``participantWord`` returns."""
        return cls(
            wallet=f"0x{word & (1 << 160) - 1:040x}",
            introducer=(word >> 160) & MASK32,
            leader=(word >> 192) & MASK32,
            region=(word >> 224) & (1 << 20) - 1,
            tier=TIERS[(word >> 244) & 7],
            kind=KINDS[(word >> 247) & 3],
            frozen=bool(word >> 249 & 1),
            certified=bool(word >> 250 & 1),
            active=bool(word >> 251 & 1),
            active_directs=active_directs,
            team_active=team_active,
        )

    @property
    def is_boss(self) -> bool:
        """An agent without a leader (老板)."""
        return self.kind == "agent" and self.leader == 0

    @property
    def level(self) -> int:
        """1 for a boss, 2 for a member that its leader introduced, else 3; 0 for who is no agent."""
        if self.kind != "agent":
            return 0
        if self.leader == 0:
            return 1
        return 2 if self.leader == self.introducer else 3


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account, in minor units.

    ``weight`` is its support weight of ``month``, ``weight_before`` that of the month before.
    """

    available: int
    withdrawn: int
    deposit: int
    debt: int
    locked_until: int
    month: int
    weight: int
    weight_before: int

    @classmethod
    def from_words(cls, word: int, deposit: int, debt: int, locked_until: int) -> AccountRecord:
        """From what the view ``accountWord`` returns."""
        return cls(
            available=word & MASK64,
            withdrawn=(word >> 64) & MASK64,
            deposit=deposit,
            debt=debt,
            locked_until=locked_until,
            month=(word >> 236) & 0xFFF,
            weight=(word >> 128) & (1 << 54) - 1,
            weight_before=(word >> 182) & (1 << 54) - 1,
        )
