"""What a backtest was run on and with: all that the figures depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liandong.rules.plan import Plan


@dataclass(frozen=True, slots=True)
class Setting:
    """The setting as it is told; ``amounts`` says how amounts were read, ``choices`` are by name."""

    history: str
    amounts: str
    plan_name: str
    plan: Plan
    team: str
    agents: int
    first_day: str
    last_day: str
    choices: Mapping[str, Any]
