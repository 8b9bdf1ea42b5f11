"""What a backtest's process is told, as it stands in a file for as long as the backtest waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from liandong.backtest.agents import TeamMember
from liandong.backtest.costs import Costs, ratio
from liandong.backtest.history import History
from liandong.backtest.play import Choices
from liandong.backtest.run import Request
from liandong.backtest.story import Delivery
from liandong.rules.plan import Plan


@dataclass(frozen=True, slots=True)
class Task:
    """A history without people's data, its team, and the plans to play it under, by name.

    ``cost``, ``fees`` and ``delivery`` are as `liandong backtest` takes them; ``agents``: the name of the
    file that the team is from, None where it is made up.
    """

    plans: Mapping[str, Plan]
    history: History
    team: list[TeamMember]
    agents: str | None
    cost: str
    fees: str
    delivery: str
    seed: int
    choices: Choices

    @property
    def orders(self) -> int:
        """Sales to play, under all plans together."""
        return len(self.history.sales) * len(self.plans)

    @property
    def asked(self) -> dict[str, str]:
        """What was given beside the history, by name, for people."""
        team = {"agents": self.agents} if self.agents else {"team_size": str(len(self.team))}
        given = {"cost": self.cost, "fees": self.fees, "delivery": self.delivery, "seed": str(self.seed)}
        ticked = {"regions": self.choices.protect_regions, "withdraw": self.choices.withdraw_monthly}
        return given | team | {name: "✓" for name, on in ticked.items() if on}

    def request(self, plan_name: str) -> Request:
        """The backtest under one of the plans."""
        return Request(
            orders=self.history.path, plan_name=plan_name, plan=self.plans[plan_name],
            costs=Costs(ratio("cost", self.cost), ratio("fees", self.fees)),
            delivery=Delivery.parse(self.delivery), agents=Path(self.agents) if self.agents else None,
            team_size=len(self.team), seed=self.seed, choices=self.choices,
        )  # fmt: skip


_FORMAT = TypeAdapter(Task)


def write(path: Path, task: Task) -> None:
    """Puts a task into a file."""
    path.write_bytes(_FORMAT.dump_json(task))


def read(path: Path) -> Task:
    """Reads what :func:`write` wrote."""
    return _FORMAT.validate_json(path.read_bytes())
