"""`liandong simulate`, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import Run

CASES = Path(__file__).parents[1] / "cases"
SMALL = CASES / "09-store-guide.json"


def _changed(path: Path, target: Path, **changes: Any) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return target


def test_results_are_written_under_the_cases_names(liandong: Run, tmp_path: Path) -> None:
    done = liandong("simulate", SMALL, CASES / "10-cross-border.json", "--out", tmp_path / "out", "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ 09-store-guide.json: as expected (8 steps, 1 refused" in done.stdout
    assert "2 cases: 2 as expected" in done.stdout
    for path in (SMALL, CASES / "10-cross-border.json"):
        assert (
            json.loads((tmp_path / "out" / path.name).read_text()) == json.loads(path.read_text())["expect"]
        )


def test_a_node_of_somebody_elses_comes_to_the_same(liandong: Run, stranger: str) -> None:
    paths = [CASES / f"{name}.json" for name in ("02-team-and-leaving", "10-cross-border", "18-stuck-money")]
    done = liandong("simulate", *paths, "--rpc", stranger, "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 as expected" in done.stdout


def test_the_first_difference_is_printed_and_the_others_still_run(liandong: Run, tmp_path: Path) -> None:
    expect = json.loads(SMALL.read_text())["expect"]
    shop = next(name for name in expect["accounts"] if "store" in name or "shop" in name)
    expect["accounts"][shop]["available"] += 1
    wrong = _changed(SMALL, tmp_path / "wrong.json", expect=expect)
    done = liandong("simulate", wrong, SMALL, "--check")
    assert done.returncode == 1
    right = expect["accounts"][shop]["available"]
    assert f"✗ wrong.json: accounts.{shop}.available: expected {right}, got {right - 1}" in done.stdout
    assert "2 cases: 1 as expected, 1 differ" in done.stdout


def test_a_malformed_file_names_step_and_field_and_stops_no_other(liandong: Run, tmp_path: Path) -> None:
    steps = json.loads(SMALL.read_text())["steps"]
    bad_step = next(i for i, step in enumerate(steps) if step["op"] == "order")
    steps[bad_step]["price"] = "dear"
    malformed = _changed(SMALL, tmp_path / "malformed.json", steps=steps)
    (tmp_path / "torn.json").write_text('{"steps": [')
    done = liandong("simulate", malformed, "torn.json", "missing.json", SMALL, "--check", "--out", "out")
    assert done.returncode == 2
    assert "✗ malformed.json" in done.stdout
    assert f"steps[{bad_step}].price (order)" in done.stdout
    assert "✗ torn.json: is not JSON" in done.stdout
    assert "✗ missing.json: cannot be read: No such file" in done.stdout
    assert "✓ 09-store-guide.json" in done.stdout
    assert [path.name for path in (tmp_path / "out").iterdir()] == [SMALL.name]


def test_what_is_refused_before_the_first_step_is_the_files_fault(liandong: Run, tmp_path: Path) -> None:
    twice = [{"id": "sup", "kind": "supplier"}, {"id": "sup", "kind": "store"}]
    bad = tmp_path / "twice.json"
    bad.write_text(json.dumps({"participants": twice, "steps": []}))
    done = liandong("simulate", bad)
    assert done.returncode == 2
    assert "✗ twice.json: participants[1]: This id is taken" in done.stdout


def test_to_check_there_must_be_something_expected(liandong: Run, tmp_path: Path) -> None:
    (tmp_path / "open.json").write_text('{"steps": []}')
    assert liandong("simulate", "open.json").returncode == 0
    done = liandong("simulate", "open.json", "--check")
    assert (done.returncode, "open.json: has no `expect`" in done.stdout) == (2, True)


def test_programs_get_one_document(liandong: Run, tmp_path: Path) -> None:
    expect = json.loads(SMALL.read_text())["expect"]
    expect["steps"][0] = {"ok": False, "error": "OrderHeld"}
    wrong = _changed(SMALL, tmp_path / "wrong.json", expect=expect)
    done = liandong("simulate", SMALL, wrong, "missing.json", "--json", "--check")
    told = json.loads(done.stdout)
    assert done.returncode == 2
    assert [one["status"] for one in told["cases"]] == ["as expected", "different", "bad"]
    assert told["cases"][1]["difference"] == {"path": "steps[0].ok", "expected": False, "got": True}
    assert told["cases"][0]["result"]["treasury"] == expect["treasury"]
    assert (told["ran"], told["different"], told["bad"], told["failed"]) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((SMALL, "--out", CASES), "would overwrite a case file"),
        ((SMALL, "copy/09-store-guide.json", "--out", "out"), "both results would be 09-store-guide.json"),
        ((SMALL, "--out", "file"), "cannot be made a folder"),
    ],
)
def test_results_never_overwrite_anything(
    liandong: Run, tmp_path: Path, arguments: tuple[object, ...], said: str
) -> None:
    _changed(SMALL, tmp_path / "copy" / SMALL.name)
    (tmp_path / "file").touch()
    before = SMALL.read_bytes()
    done = liandong("simulate", *arguments)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert SMALL.read_bytes() == before


def test_without_a_node_there_the_url_is_named(liandong: Run) -> None:
    done = liandong("simulate", SMALL, "--rpc", "http://127.0.0.1:1")
    assert done.returncode == 3
    assert "no node answers at http://127.0.0.1:1" in done.stderr
