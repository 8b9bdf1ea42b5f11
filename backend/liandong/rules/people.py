"""Participants: joining, leaders, levels, activity, tiers and leaving with the team staying (rules § 1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from liandong.errors import AgentFrozen, TeamTooDeep, UnknownParticipant
from liandong.rules.plan import Plan

LEVELS = 3
"""Introducers above a new active agent whose team it counts for."""


class Kind(StrEnum):
    """What a participant is."""

    AGENT = "agent"
    SUPPLIER = "supplier"
    STORE = "store"


class Tier(IntEnum):
    """An agent's tier; the number is its place in ``tier_bps``."""

    STARTER = 0
    BRONZE = 1
    SILVER = 2
    GOLD = 3
    DIAMOND = 4


@dataclass(slots=True)
class Agent:
    """An agent. ``introducer`` never changes; ``leader`` is fixed at joining and ends on becoming a boss."""

    id: str
    region: int
    introducer: str | None
    leader: str | None
    tier: Tier = Tier.STARTER
    active: bool = False
    active_directs: int = 0
    team_active: int = 0
    frozen: bool = False
    certified: bool = False

    @property
    def is_boss(self) -> bool:
        """A boss (老板) is a founder, or a member that left with its team staying."""
        return self.leader is None

    @property
    def level(self) -> int:
        """1 for a boss, 2 for a member that its leader introduced, 3 for one introduced by such a member."""
        if self.is_boss:
            return 1
        return 2 if self.leader == self.introducer else 3


def tier_reached(agent: Agent, plan: Plan) -> Tier:
    """The highest tier whose condition holds, each condition on its own (a diamond need not meet gold's)."""
    conditions = {
        Tier.DIAMOND: agent.team_active >= plan.diamond_team,
        Tier.GOLD: agent.team_active >= plan.gold_team,
        Tier.SILVER: agent.team_active >= plan.silver_team,
        Tier.BRONZE: agent.active_directs >= plan.bronze_directs,
    }
    return next((tier for tier, holds in conditions.items() if holds), Tier.STARTER)


class People:
    """Who takes part, and how the agents descend from each other."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}
        self._agents: dict[str, Agent] = {}

    def kind(self, id: str | None) -> Kind | None:
        """What the participant is, None for nobody."""
        return self._kinds.get(id) if id is not None else None

    def agents(self) -> list[Agent]:
        """All agents in the order in which they joined."""
        return list(self._agents.values())

    def agent(self, id: str | None) -> Agent:
        """The agent of this id; ``UnknownParticipant`` for nobody and for everybody who is no agent."""
        if id is None or id not in self._agents:
            raise UnknownParticipant("an agent is missing" if id is None else f"no agent {id}")
        return self._agents[id]

    def agent_not_frozen(self, id: str | None) -> Agent:
        """The agent of this id; ``UnknownParticipant``, ``AgentFrozen``."""
        agent = self.agent(id)
        if agent.frozen:
            raise AgentFrozen(agent.id)
        return agent

    def register(self, id: str, kind: Kind) -> None:
        """Adds a supplier or a store."""
        self._kinds[id] = kind

    def join(self, id: str, region: int, introducer: str | None) -> None:
        """Adds an agent; a founder has no introducer."""
        leader = None if introducer is None else self._leader_by(self.agent_not_frozen(introducer))
        self._kinds[id] = Kind.AGENT
        self._agents[id] = Agent(id, region, introducer, leader)

    def _leader_by(self, introducer: Agent) -> str:
        for candidate in (introducer, *self._introducers_above(introducer, 1)):
            if candidate.is_boss:
                return candidate.id
        raise TeamTooDeep(f"by {introducer.id}")

    def _introducers_above(self, agent: Agent, levels: int) -> Iterator[Agent]:
        for _ in range(levels):
            if agent.introducer is None:
                return
            agent = self._agents[agent.introducer]
            yield agent

    def activate(self, id: str, plan: Plan) -> None:
        """The agent has made a sale that counts; ``plan`` is the one in force. Again changes nothing."""
        agent = self._agents[id]
        if agent.active:
            return
        agent.active = True
        above = list(self._introducers_above(agent, LEVELS))
        if above:
            introducer = above[0]
            introducer.active_directs += 1
            if introducer.active_directs >= plan.promotion_directs:
                introducer.leader = (
                    None  # 走人留人: a boss from now on; its introducer and its team stay as they are
                )
        for one in above:
            one.team_active += 1
            one.tier = max(one.tier, tier_reached(one, plan))
