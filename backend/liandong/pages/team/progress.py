"""What is missing to the next tier and to becoming a boss (rules § 1)."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.chain.state_words import TIERS
from liandong.db.people import Participant
from liandong.rules.plan import Plan


@dataclass(frozen=True, slots=True)
class Goal:
    """A condition: ``count`` is what there is, ``needed`` what it takes; ``name`` of a tier, or ``boss``."""

    name: str
    counts: str
    count: int
    needed: int
    rate_bps: int
    reached: bool

    @property
    def missing(self) -> int:
        """How many more it takes."""
        return max(self.needed - self.count, 0)

    @property
    def done(self) -> int:
        """Per cent of the way, 100 at most."""
        return 100 if self.reached else min(self.count * 100 // self.needed, 100) if self.needed else 100


def tiers(agent: Participant, plan: Plan) -> list[Goal]:
    """The tiers above starter, lowest first, by the plan in force."""
    conditions = (
        ("directs", agent.active_directs, plan.bronze_directs),
        ("team", agent.team_active, plan.silver_team),
        ("team", agent.team_active, plan.gold_team),
        ("team", agent.team_active, plan.diamond_team),
    )
    return [
        Goal(TIERS[at], counts, count, needed, plan.tier_bps[at], agent.tier >= at)
        for at, (counts, count, needed) in enumerate(conditions, 1)
    ]


def next_tier(goals: list[Goal]) -> Goal | None:
    """The one to reach next; None at the top."""
    return next((goal for goal in goals if not goal.reached), None)


def boss(agent: Participant, plan: Plan) -> Goal:
    """Leaving with the team staying, the "2+1"."""
    is_boss = agent.leader == 0
    return Goal("boss", "directs", agent.active_directs, plan.promotion_directs, 0, is_boss)
