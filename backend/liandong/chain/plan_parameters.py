"""Plans as the contracts take them and show them (contracts/types/Plan.sol; rules § 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liandong.rules.plan import Plan

FIELDS = (
    "tier_bps", "bronze_directs", "silver_team", "gold_team", "diamond_team", "team_bps", "cap_bps",
    "fund_bps", "dividend_bps", "region_bps", "host_bps", "guide_bps", "service_bps", "holdback_bps",
    "insurance_bps", "return_days", "promotion_directs", "dividend_share_cap_bps", "activity_price",
    "refund_days", "deposit_lock_days",
)  # fmt: skip
"""The parameters in the order of the contract's struct ``PlanParameters``."""

TYPE = "(uint256[5]" + ",uint256" * (len(FIELDS) - 1) + ")"
"""The struct's ABI type."""


def plan_tuple(plan: Plan | Mapping[str, Any]) -> tuple[Any, ...]:
    """The plan as the struct's tuple; from parameters by name, it need not be valid: the contract checks."""
    if isinstance(plan, Plan):
        return tuple(getattr(plan, name) for name in FIELDS)
    return tuple(plan[name] for name in FIELDS)


def plan_of(values: Sequence[Any]) -> Plan:
    """The plan that the struct's tuple holds."""
    return Plan(**dict(zip(FIELDS, values, strict=True)))
