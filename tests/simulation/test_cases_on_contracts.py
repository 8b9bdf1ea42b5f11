"""Every worked case through the real contracts, exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from liandong.cases.compare import first_difference
from liandong.cases.document import read_case
from liandong.cases.play import play
from liandong.simulation.stage import EmbeddedStage

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.json"))


@pytest.mark.both_nodes
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_contracts_come_to_what_the_case_expects(stage: EmbeddedStage, path: Path) -> None:
    case = read_case(path)
    assert case.expect is not None
    assert first_difference(case.expect, play(case, stage.driver(case.starting_plan))) is None


def test_all_worked_cases_are_there() -> None:
    assert len(CASES) >= 19
