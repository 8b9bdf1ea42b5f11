"""Plans: the parameters of the rules, the named plans, and what makes a plan invalid (rules § 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from liandong.errors import InvalidPlan, PlanFormatError
from liandong.rules.money import BPS

TIERS = 5
"""Starter, bronze, silver, gold, diamond (rules § 1)."""

MIN_RETURN_DAYS = 7
"""The statutory return window; a plan may be kinder, never harsher."""


def _whole_number(name: str, value: object) -> None:
    if type(value) is not int or value < 0:
        raise PlanFormatError(f"plan parameter {name} must be a whole number, 0 or above, not {value!r}")


def _rates_by_tier(value: object) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)) or len(value) != TIERS:
        raise PlanFormatError(
            f"plan parameter tier_bps must be {TIERS} rates, starter to diamond, not {value!r}"
        )
    for rate in value:
        _whole_number("tier_bps", rate)
    return tuple(value)


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of all parameters. The defaults are plan ``seed``.

    ``_bps`` are basis points, ``_days`` whole days, ``activity_price`` minor units, the rest counts of
    people. Raises ``InvalidPlan`` for what rules § 2 forbids and ``PlanFormatError`` for what is no plan at
    all.
    """

    tier_bps: tuple[int, ...] = (2000, 2000, 2200, 2500, 3000)
    bronze_directs: int = 5
    silver_team: int = 30
    gold_team: int = 100
    diamond_team: int = 500
    team_bps: int = 800
    cap_bps: int = 4500
    fund_bps: int = 2500
    dividend_bps: int = 500
    region_bps: int = 300
    host_bps: int = 6000
    guide_bps: int = 7000
    service_bps: int = 1000
    holdback_bps: int = 1000
    insurance_bps: int = 8000
    return_days: int = 7
    promotion_directs: int = 2
    dividend_share_cap_bps: int = 5000
    activity_price: int = 5000
    refund_days: int = 180
    deposit_lock_days: int = 30

    def __post_init__(self) -> None:
        object.__setattr__(self, "tier_bps", _rates_by_tier(self.tier_bps))
        for name in PARAMETERS - {"tier_bps"}:
            _whole_number(name, getattr(self, name))
        for name in sorted(PARAMETERS):
            value = getattr(self, name)
            if name == "tier_bps":
                highest = max(value)
            elif name.endswith("_bps"):
                highest = value
            else:
                continue
            if highest > BPS:
                raise InvalidPlan(f"{name} is {highest}, above {BPS}")
        if list(self.tier_bps) != sorted(self.tier_bps):
            raise InvalidPlan(f"tier_bps fall: {list(self.tier_bps)}")
        if self.return_days < MIN_RETURN_DAYS:
            raise InvalidPlan(f"return_days is {self.return_days}, below {MIN_RETURN_DAYS}")
        if self.promotion_directs < 1:
            raise InvalidPlan(f"promotion_directs is {self.promotion_directs}, below 1")

    def changed(self, parameters: Mapping[str, Any]) -> Plan:
        """This plan with some parameters changed. Errors as for a new plan."""
        unknown = sorted(set(parameters) - PARAMETERS)
        if unknown:
            raise PlanFormatError(
                f"unknown plan parameter {unknown[0]!r}; known are {', '.join(sorted(PARAMETERS))}"
            )
        return replace(self, **parameters)


PARAMETERS = frozenset(field.name for field in fields(Plan))
"""The names of all parameters."""

SEED = Plan()
CASE = replace(SEED, tier_bps=(2500,) * TIERS, team_bps=1000)
STRICT = replace(SEED, team_bps=0, region_bps=0, fund_bps=0, dividend_bps=0)

NAMED_PLANS: Mapping[str, Plan] = {"seed": SEED, "case": CASE, "strict": STRICT}
"""The plans that rules § 2 names. ``strict`` pays nobody for what others sell."""


def plan_from(written: str | Mapping[str, Any]) -> Plan:
    """The plan that a name, or ``{"base": name, parameter: value, …}``, stands for (rules § 7).

    Raises ``PlanFormatError`` for an unknown name or parameter, ``InvalidPlan`` for what rules § 2 forbids.
    """
    if isinstance(written, str):
        base, parameters = written, {}
    else:
        if "base" not in written:
            raise PlanFormatError('a written-out plan names its "base": one of ' + ", ".join(NAMED_PLANS))
        parameters = dict(written)
        base = parameters.pop("base")
    if base not in NAMED_PLANS:
        raise PlanFormatError(f"unknown plan {base!r}; known are {', '.join(NAMED_PLANS)}")
    return NAMED_PLANS[base].changed(parameters)
