"""Every worked case through the Python model, to the last minor unit and error name."""

from pathlib import Path

import pytest

from liandong.cases.compare import first_difference
from liandong.cases.document import read_case
from liandong.cases.model_driver import ModelDriver
from liandong.cases.play import play
from liandong.rules.invariants import check_invariants

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.json"))


def test_the_cases_are_there() -> None:
    assert len(CASES) >= 19


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_worked_case(path: Path) -> None:
    case = read_case(path)
    driver = ModelDriver(case.starting_plan)
    result = play(case, driver, on_step=lambda *_: check_invariants(driver.ledger))
    assert first_difference(case.expect, result) is None
