"""Plans as the API shows them (rules § 2)."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from liandong.db.orders import PlanVersion


class PlanDocument(BaseModel):
    """A plan as plan files have it: the plan to start from, and the parameters that differ (rules § 7)."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"base": "seed", "team_bps": 500}]}
    )

    base: str


class PlanView(BaseModel):
    """A plan version that was published; orders keep the one that they were recorded under."""

    version: int
    in_force: bool
    day: int = Field(description="Day since deployment on which it came into force.")
    parameters: dict[str, Any]

    @classmethod
    def of(cls, row: PlanVersion, in_force: int) -> PlanView:
        """From its row."""
        return cls(
            version=row.version, in_force=row.version == in_force, day=row.day,
            parameters=json.loads(row.parameters),
        )  # fmt: skip
