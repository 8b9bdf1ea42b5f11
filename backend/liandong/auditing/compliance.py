"""What supervisors count: levels, people, and how much agents earn by their own sales (rules § 1)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, case, col, func, select

from liandong.auditing import kept_sums
from liandong.auditing.income import OWN_SALES
from liandong.db.people import Participant, TeamPlace
from liandong.rules.people import Tier


@dataclass(frozen=True, slots=True)
class Compliance:
    """``levels``: agents by level; ``beyond``: agents whose leader stands more than two introductions above.

    ``by_line``: what agents earned, by event. Amounts in minor units, before refunds took something back.
    """

    levels: dict[int, int]
    beyond: int
    people: dict[str, int]
    tiers: dict[str, int]
    active: int
    frozen: int
    by_line: dict[str, int]

    @property
    def own(self) -> int:
        """Earned by own sales."""
        return sum(amount for name, amount in self.by_line.items() if name in OWN_SALES)

    @property
    def earned(self) -> int:
        """All that agents earned."""
        return sum(self.by_line.values())

    @property
    def own_bps(self) -> int | None:
        """The part earned by own sales; None where nobody earned anything."""
        return self.own * 10_000 // self.earned if self.earned else None


def count(session: Session) -> Compliance:
    """Counts everybody."""
    people = dict(session.exec(select(Participant.kind, func.count()).group_by(Participant.kind)).all())
    agents = Participant.kind == "agent"
    tiers = session.exec(
        select(Participant.tier, func.count()).where(agents).group_by(col(Participant.tier))
    ).all()
    flags = [
        session.exec(select(func.count()).select_from(Participant).where(agents, flag)).one()
        for flag in (col(Participant.active).is_(True), col(Participant.frozen).is_(True))
    ]
    levels = _levels(session)
    beyond = levels.pop(0, 0)
    return Compliance(
        levels={level: levels.get(level, 0) for level in (1, 2, 3)}, beyond=beyond, people=people,
        tiers={Tier(tier).name.lower(): number for tier, number in sorted(tiers)},
        active=flags[0], frozen=flags[1], by_line=kept_sums.income(session),
    )  # fmt: skip


def _levels(session: Session) -> dict[int, int]:
    """Agents by level, found by where each one's leader stands: 0 where it stands too far above."""
    leader = col(Participant.leader)
    level = case(
        (leader == 0, 1), (leader == col(TeamPlace.first), 2), (leader == col(TeamPlace.second), 3), else_=0
    )
    query = (
        select(level, func.count())
        .select_from(Participant)
        .outerjoin(TeamPlace, col(TeamPlace.number) == Participant.number)
        .where(Participant.kind == "agent")
        .group_by(level)
    )
    return {int(one): int(number) for one, number in session.execute(query)}
