"""`liandong plan check` through the front door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from liandong.cli import app

runner = CliRunner()


def checked(*arguments: str) -> dict[str, Any]:
    done = runner.invoke(app, ["plan", "check", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def pays(document: dict[str, Any], *scenarios: int) -> dict[str, Any]:
    return next(row["tiers"] for row in document["pays"] if row["scenarios"] == list(scenarios))


def test_what_seed_pays_on_an_order_of_100() -> None:
    document = checked("seed")
    # 100.00 less 40.00, 1.00, 20.00 and 8.00 leaves 31.00: a quarter to the fund, 5 % of the rest to the pool
    assert pays(document, 2)["starter"] == {
        "supply": 4000,
        "fees": 100,
        "direct": 2000,
        "team": 800,
        "fund": 775,
        "dividend": 116,
        "platform": 2209,
    }
    assert pays(document, 2)["diamond"]["direct"] == 3000
    assert pays(document, 4)["gold"] | {"direct": 2200, "region": 300} == pays(document, 4)["gold"]
    assert pays(document, 6)["silver"] | {"host": 1320, "direct": 880} == pays(document, 6)["silver"]
    assert pays(document, 8)["bronze"] | {"service": 1000, "duty": 900} == pays(document, 8)["bronze"]


def test_every_row_sums_to_the_price() -> None:
    for plan in ("seed", "case", "strict"):
        for row in checked(plan)["pays"]:
            assert {sum(lines.values()) for lines in row["tiers"].values()} == {10000}


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(
        json.dumps(
            {
                "base": "sead",
                "team_bps": 20000,
                "tier_bps": [2000, 1000, 2000, 2000, 2000],
                "return_days": 3,
                "promotion_directs": 0,
                "cap_bps": "much",
                "gift_bps": 1,
                "refund_days": 70000,
            }
        )
    )
    done = runner.invoke(app, ["plan", "check", str(plan)])
    assert done.exit_code == 1
    told = " ".join(done.output.split())
    for problem in (
        "one of seed, case, strict, not 'sead'",
        "team_bps is 20000, above 10000; rates are basis points",
        "tier_bps fall",
        "return_days is 3, below 7",
        "promotion_directs is 0, below 1",
        "cap_bps must be a whole number, 0 or above, not 'much'",
        "unknown plan parameter 'gift_bps'",
        "refund_days is 70000",
    ):
        assert problem in told
    document = json.loads(runner.invoke(app, ["plan", "check", str(plan), "--json"]).stdout)
    assert (document["valid"], len(document["problems"])) == (False, 8)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold one object"),
        ('{"base": "seed", "team_bps": 1, "team_bps": 2}', "team_bps is given twice"),
        ("{}", '"base" must name the plan to start from'),
    ],
)
def test_files_that_are_no_plans(tmp_path: Path, text: str, told: str) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(text)
    done = runner.invoke(app, ["plan", "check", str(plan)])
    assert done.exit_code == 1
    assert told in " ".join(done.output.split())


def test_a_plan_that_is_nowhere() -> None:
    done = runner.invoke(app, ["plan", "check", "nowhere"])
    assert done.exit_code == 1
    assert "no plan of this name; names are: seed, case, strict" in " ".join(done.output.split())


def warned(tmp_path: Path, **parameters: Any) -> str:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"base": "strict", **parameters}))
    return " | ".join(checked(str(plan))["warnings"])


def test_pay_on_other_peoples_sales_is_pointed_out(tmp_path: Path) -> None:
    assert "pays on what others sell: the seller's leader (team_bps 8 %)" in checked("seed")["warnings"][0]
    assert checked("strict")["warnings"] == []
    assert "the support fund (fund_bps 1 %)" in warned(tmp_path, fund_bps=100)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        (
            {"team_bps": 2000},
            "cap_bps 45 % is below the 30 % of diamond and team_bps 20 % together: leaders get 15 %",
        ),
        ({"cap_bps": 2400}, "cap_bps 24 % is below the 25 % of gold: sellers get the cap only"),
        ({"region_bps": 2000}, "who sells into a protected region gets nothing"),
        ({"tier_bps": [0] * 5}, "nobody is paid for selling"),
        ({"gold_team": 10}, "silver_team 30 is not below gold_team 10"),
        ({"refund_days": 7}, "nothing of it can be refunded"),
        ({"activity_price": 0}, "makes its seller active"),
        ({"tier_bps": [6000] * 5, "cap_bps": 9000}, "the brand keeps nothing"),
        ({"service_bps": 9000}, "above the price of the cross-border sample order"),
    ],
)
def test_what_is_valid_but_perhaps_not_meant(tmp_path: Path, parameters: dict[str, Any], told: str) -> None:
    assert told in warned(tmp_path, **parameters)


def test_the_table_for_people() -> None:
    done = runner.invoke(app, ["plan", "check", "case"], env={"COLUMNS": "120"})
    assert done.exit_code == 0
    assert "plan case can be used" in done.output
    assert "team → leader 团队" in done.output
    assert "25.00" in done.output
