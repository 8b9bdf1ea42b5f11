"""`liandong backtest` through the front door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liandong.cli import app

runner = CliRunner()


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(
        "id,art,am,wer,betrag\n"
        "1,sale,2026-01-01T10:00,ann,120.00\n"
        "2,sale,2026-01-02T10:00,bob,80.50\n"
        "3,sale,never,bob,80.50\n"
        "C1,cancellation,2026-01-03T10:00,bob,10.50\n",
        encoding="utf-8",
    )
    return path


COLUMNS = [
    part
    for pair in ("invoice=id", "kind=art", "time=am", "customer=wer", "amount=betrag")
    for part in ("--column", pair)
]


def test_it_prints_a_statement_and_writes_a_folder(orders: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    done = runner.invoke(app, ["backtest", str(orders), *COLUMNS, "--team-size", "4", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "What would plan seed have paid?" in done.output
    assert "agrees to the last minor unit" in done.output
    assert "'never' is not a time in ISO 8601" in done.output
    assert {path.name for path in out.iterdir()} >= {
        "report.html",
        "statement.json",
        "payees.csv",
        "agents.csv",
    }


def test_programs_get_one_document(orders: Path) -> None:
    done = runner.invoke(
        app, ["backtest", str(orders), *COLUMNS, "--team-size", "4", "--plan", "strict", "--json"]
    )
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["agrees"] is True
    assert document["totals"]["sales"] == 20050
    assert document["totals"]["refunded_before"] == 1050
    assert document["not_played"]["bad rows"][0]["line"] == 4
    assert document["setting"]["amounts"] == "decimal (line 2 has 120.00)"


def test_a_plan_file_and_an_agents_file(orders: Path, tmp_path: Path) -> None:
    plan, agents = tmp_path / "plan.json", tmp_path / "agents.csv"
    plan.write_text('{"base": "strict", "tier_bps": [1000, 1000, 1000, 1000, 1000]}')
    agents.write_text("id,introducer\nlin,\n")
    arguments = ["backtest", str(orders), *COLUMNS, "--plan", str(plan), "--agents", str(agents), "--json"]
    document = json.loads(runner.invoke(app, arguments).stdout)
    assert document["totals"]["selling"] == (20050 - 1050) // 10
    assert [row["agent"] for row in document["payees"]] == ["lin"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--strict"], "line 4: 'never' is not a time"),
        (["--column", "amount=preis"], "no column 'preis' for the amount; it has: id, art, am, wer, betrag"),
        (["--column", "price=betrag"], "no field 'price'"),
        (["--plan", "nix"], "no plan of this name; names are: seed, case, strict"),
        (["--cost", "120%"], "--cost must be a part of the price"),
        (["--delivery", "9-1"], "days to delivery must be a number"),
        (["--agents", "nowhere.csv"], "nowhere.csv: No such file"),
        (["--encoding", "utf-9"], "unknown encoding"),
    ],
)
def test_bad_input_says_what_is_wrong(orders: Path, arguments: list[str], told: str) -> None:
    done = runner.invoke(app, ["backtest", str(orders), *COLUMNS, *arguments])
    assert done.exit_code == 2, done.output
    assert told in " ".join(done.output.split())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = runner.invoke(app, ["backtest", str(tmp_path / "none.csv")])
    assert done.exit_code == 2
    assert "No such file" in done.output
