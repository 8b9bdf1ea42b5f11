"""Plays case files one after the other; a file that is no good does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from liandong.cases.compare import Difference, first_difference
from liandong.cases.document import Case, read_case
from liandong.cases.play import OnStep, play
from liandong.cases.result import Result, write_result
from liandong.chain.errors import ChainError, NodeUnreachable
from liandong.errors import CaseFileError, LiandongError, RuleError
from liandong.simulation.stage import Stage


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that was read: its case, or what is wrong with it."""

    path: Path
    case: Case | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What became of one file.

    ``problem`` says why it could not be played, ``failure`` what broke while it was. ``difference`` is the
    first one from what the case expects, where that was asked for.
    """

    path: Path
    steps: int = 0
    seconds: float = 0.0
    result: Result | None = None
    difference: Difference | None = None
    problem: str | None = None
    failure: str | None = None

    @property
    def refused(self) -> int:
        """How many of its steps the rules refused."""
        return sum(not step["ok"] for step in self.result["steps"]) if self.result else 0


def read_files(paths: Sequence[Path], *, check: bool) -> list[CaseFile]:
    """Reads case files; with ``check`` they must say what they expect."""
    files: list[CaseFile] = []
    for path in paths:
        try:
            case = read_case(path)
        except CaseFileError as error:
            files.append(CaseFile(path, None, str(error)))
            continue
        missing = check and case.expect is None
        problem = f"{path.name}: has no `expect` to check against" if missing else None
        files.append(CaseFile(path, case, problem))
    return files


def require_separate(paths: Sequence[Path], out: Path) -> None:
    """Result documents must not overwrite one another, nor a case. Raises ``CaseFileError``."""
    cases = {path.resolve() for path in paths}
    written: dict[Path, Path] = {}
    for path in paths:
        target = (out / path.name).resolve()
        if target in cases:
            raise CaseFileError(f"{path}: its result would overwrite a case file; choose another folder")
        if target in written and written[target].resolve() != path.resolve():
            raise CaseFileError(f"{path} and {written[target]}: both results would be {path.name}")
        written[target] = path


def run_files(
    files: Sequence[CaseFile], stage: Stage, *, check: bool, out: Path | None, on_step: OnStep | None = None
) -> Iterator[Run]:
    """Plays the files in their order and writes their results; raises only when the node is gone."""
    for file in files:
        if file.case is None or file.problem is not None:
            yield Run(file.path, problem=file.problem)
        else:
            yield _run(file.path, file.case, stage, check, out, on_step)


def _run(path: Path, case: Case, stage: Stage, check: bool, out: Path | None, on_step: OnStep | None) -> Run:
    begun = time.monotonic()
    done = 0

    def count(index: int, *of_step: object) -> None:
        nonlocal done
        done = index + 1
        if on_step is not None:
            on_step(index, *of_step)

    try:
        result = play(case, stage.driver(case.starting_plan), count)
    except CaseFileError as error:
        return Run(path, problem=f"{path.name}: {error}")
    except RuleError as error:
        return Run(path, problem=f"{path.name}: plan: {error.name}: {error}")
    except NodeUnreachable:
        raise
    except ChainError as error:
        return Run(path, steps=done, failure=f"{path.name}: steps[{done}]: {_described(error)}")
    if out is not None:
        write_result(out / path.name, result)
    difference = first_difference(case.expect, result) if check else None
    return Run(path, len(case.steps), time.monotonic() - begun, result, difference)


def _described(error: LiandongError) -> str:
    return f"{type(error).__name__}: {error}"
