"""Plans: names, overrides, and what makes them invalid (rules § 2)."""

from dataclasses import asdict

import pytest

from liandong.errors import InvalidPlan, PlanFormatError
from liandong.rules.plan import SEED, Plan, plan_from


def differences(plan: Plan) -> dict[str, object]:
    return {name: value for name, value in asdict(plan).items() if value != asdict(SEED)[name]}


def test_named_plans_are_the_rules() -> None:
    assert plan_from("seed") == SEED
    assert differences(plan_from("case")) == {"tier_bps": (2500,) * 5, "team_bps": 1000}
    assert differences(plan_from("strict")) == dict.fromkeys(
        ("team_bps", "fund_bps", "dividend_bps", "region_bps"), 0
    )


def test_a_written_out_plan_changes_its_base() -> None:
    plan = plan_from({"base": "case", "return_days": 9, "tier_bps": [0, 1, 2, 3, 4]})
    assert differences(plan) == {"tier_bps": (0, 1, 2, 3, 4), "team_bps": 1000, "return_days": 9}


@pytest.mark.parametrize("rate", [name for name in asdict(SEED) if name.endswith("_bps")])
def test_no_rate_is_above_the_whole(rate: str) -> None:
    at, above = (10_000, 10_001) if rate != "tier_bps" else ([0, 0, 0, 0, 10_000], [0, 0, 0, 0, 10_001])
    SEED.changed({rate: at})
    with pytest.raises(InvalidPlan, match=f"{rate} is 10001"):
        SEED.changed({rate: above})


@pytest.mark.parametrize(
    ("parameter", "value", "says"),
    [
        ("tier_bps", [2000, 1999, 2200, 2500, 3000], "tier_bps fall"),
        ("return_days", 6, "return_days is 6"),
        ("promotion_directs", 0, "promotion_directs is 0"),
    ],
)
def test_what_no_plan_may_say(parameter: str, value: object, says: str) -> None:
    with pytest.raises(InvalidPlan, match=says):
        SEED.changed({parameter: value})


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("gold", "unknown plan 'gold'; known are seed, case, strict"),
        ({"return_days": 9}, '"base"'),
        ({"base": "none"}, "unknown plan 'none'"),
        ({"base": "seed", "team": 1}, "unknown plan parameter 'team'"),
        ({"base": "seed", "team_bps": "800"}, "team_bps must be a whole number"),
        ({"base": "seed", "team_bps": True}, "team_bps must be a whole number"),
        ({"base": "seed", "team_bps": -1}, "team_bps must be a whole number"),
        ({"base": "seed", "tier_bps": [1, 2, 3]}, "tier_bps must be 5 rates"),
        ({"base": "seed", "tier_bps": [1, 2, 3, 4, 5.5]}, "tier_bps must be a whole number"),
        ({"base": "seed", "tier_bps": 2000}, "tier_bps must be 5 rates"),
    ],
)
def test_what_is_no_plan_at_all(written: object, says: str) -> None:
    with pytest.raises(PlanFormatError, match=says):
        plan_from(written)
