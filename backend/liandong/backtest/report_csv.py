"""The statement as CSV files: one table a file, amounts in minor units."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from liandong.backtest.agents import TeamMember, write_team
from liandong.backtest.statement import Statement


def write_csv(folder: Path, statement: Statement, team: Sequence[TeamMember]) -> list[Path]:
    """Writes all tables into a folder; returns the files. ``statement.json`` holds everything."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "statement.json").write_text(
        json.dumps(statement.document(), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8"
    )
    write_team(folder / "agents.csv", team)
    tables: dict[str, Iterable[dict[str, Any]]] = {
        "totals": [asdict(statement.totals)],
        "scenarios": ({**asdict(row), "lines": " ".join(row.lines)} for row in statement.scenarios),
        "tiers": map(asdict, statement.tiers),
        "months": map(asdict, statement.months),
        "payees": map(asdict, statement.payees),
        "balances": ({"date": date, **asdict(one)} for date, one in statement.balances),
        "gas": ({"step": step, **asdict(use)} for step, use in statement.gas.items()),
        "not_played": (
            {"kind": kind, **asdict(row)} for kind, rows in statement.not_played.items() for row in rows
        ),
        "reconciliation": map(asdict, statement.reconciliation.positions),
        "checks": map(asdict, statement.reconciliation.checks),
    }
    written = [folder / "statement.json", folder / "agents.csv"]
    for name, rows in tables.items():
        written.append(folder / f"{name}.csv")
        _write(written[-1], list(rows))
    return written


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else ["none"])
        writer.writeheader()
        writer.writerows(rows)
