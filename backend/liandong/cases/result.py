"""Result documents: what a case came to, in the shape of its ``expect`` (rules § 7)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

from liandong.cases.driver import AccountState, AgentState, Driver, OrderState, PoolState


class StepOutcome(TypedDict):
    """What became of a step: ``error`` is the rules' name of what refused it."""

    ok: bool
    error: NotRequired[str]


class Result(TypedDict):
    """A result document: one outcome a step, and the state at the end."""

    steps: list[StepOutcome]
    agents: dict[str, AgentState]
    accounts: dict[str, AccountState]
    pools: dict[str, PoolState]
    orders: dict[str, OrderState]
    treasury: int
    escrow: int
    held: int


def read_out(outcomes: Sequence[StepOutcome], driver: Driver) -> Result:
    """The result document of steps that were played through a driver."""
    return {
        "steps": list(outcomes),
        "agents": driver.agents(),
        "accounts": driver.accounts(),
        "pools": driver.pools(),
        "orders": driver.orders(),
        "treasury": driver.treasury(),
        "escrow": driver.escrow(),
        "held": driver.held(),
    }


def write_result(path: Path, result: Result) -> None:
    """Writes a result document, one field a line."""
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
