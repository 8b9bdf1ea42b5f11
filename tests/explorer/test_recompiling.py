"""The sources compile to the build's code, each contract by itself; and a change in them is seen."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from liandong.chain.compile import compiler_path
from liandong.verification import exact
from liandong.verification.errors import CompilerNotFound, RecompilationFailed
from liandong.verification.publication import publication


def test_a_contract_compiles_anew_to_what_was_built() -> None:
    assert exact.recompiled("Plans", compiler_path()) == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\n/// @", "\n// another comment\n/// @", "compiled anew it has other metadata"),
        ("library Plans", "library Plan", "Plans: "),
        ("", "(", "Plans: "),
    ],
)
def test_changed_sources_do_not(monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str) -> None:
    given = publication("Plans")
    text = given.sources[given.source_name]
    assert old in text
    changed = replace(given, sources=given.sources | {given.source_name: text.replace(old, new, 1)})
    monkeypatch.setattr(exact, "publication", lambda name: changed)
    try:
        said = exact.recompiled("Plans", compiler_path())
    except RecompilationFailed as error:
        said = str(error)
    assert said.startswith(told)


def test_what_is_no_compiler_is_told(tmp_path: Path) -> None:
    other = tmp_path / "solc"
    other.write_text(f"#!{sys.executable}\nraise SystemExit('no compiler')\n")
    other.chmod(0o755)
    with pytest.raises(CompilerNotFound, match="is no compiler"):
        exact.recompiled("Plans", other)
