"""`liandong demo` runs through, and says what it should."""

from __future__ import annotations

import re

from typer.testing import CliRunner

from liandong.cli import app
from liandong.demo.scenes import SCENES


def test_the_eight_scenarios_play_and_reconcile() -> None:
    done = CliRunner().invoke(app, ["demo"])
    assert done.exit_code == 0, done.output
    places = [done.output.index(f"{number}  {chinese} {english}") for number, chinese, english, *_ in SCENES]
    assert places == sorted(places)
    assert len(places) == 8
    assert "分毫不差 all equal" in done.output
    assert "≠" not in done.output
    assert "\x1b[" not in done.output


def test_every_line_and_claim_of_the_rules_is_shown() -> None:
    output = CliRunner().invoke(app, ["demo"]).output
    for line in (
        "direct",
        "team",
        "region",
        "host",
        "guide",
        "store",
        "service",
        "supply",
        "support claim",
        "dividend claim",
    ):
        assert re.search(rf"\d+\.\d\d +→ .* {line} +§ [35]", output), line
