"""`liandong simulate`: case files through the contracts."""

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from liandong.cases.play import OnStep
from liandong.chain.errors import ChainError
from liandong.errors import CaseFileError
from liandong.simulation.runs import CaseFile, Run, read_files, require_separate, run_files
from liandong.simulation.stage import EmbeddedStage, NodeStage

DIFFERENT, BAD_INPUT, BROKEN = 1, 2, 3
"""Exit codes beside 0; where several hold, the highest."""


def simulate(
    cases: Annotated[list[Path], typer.Argument(metavar="CASE.json…", help="Case files.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write each result as DIR/<name of the case file>.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare each result with the file's `expect`.")
    ] = False,
    rpc: Annotated[
        str | None,
        typer.Option(metavar="URL", help="A development node whose clock can be set; else an embedded one."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")] = False,
) -> None:
    """Run case files through the contracts on a node, and tell what they come to.

    Exit code 0: all ran (and were as expected). 1: a result differs from what is expected. 2: a file or an
    option is no good. 3: the node failed.
    """
    screen = Console(soft_wrap=True, highlight=False)
    try:
        if out is not None:
            require_separate(cases, out)
            out.mkdir(parents=True, exist_ok=True)
    except CaseFileError as error:
        _fail(str(error), BAD_INPUT)
    except OSError as error:
        _fail(f"{out}: cannot be made a folder: {error.strerror}", BAD_INPUT)
    files = read_files(cases, check=check)
    runs: list[Run] = []
    begun = time.monotonic()
    try:
        with _stage(rpc) as stage, _progress(screen, files, quiet=as_json) as on_step:
            for run in run_files(files, stage, check=check, out=out, on_step=on_step):
                runs.append(run)
                if not as_json:
                    _tell(screen, run, check)
    except ChainError as error:
        _fail(str(error), BROKEN)
    if as_json:
        typer.echo(json.dumps(_document(runs, check, out), ensure_ascii=False, indent=1))
    else:
        _sum_up(screen, runs, check, time.monotonic() - begun)
    raise typer.Exit(_code(runs))


def _stage(rpc: str | None) -> AbstractContextManager[EmbeddedStage | NodeStage]:
    return EmbeddedStage() if rpc is None else NodeStage(rpc)


@contextmanager
def _progress(screen: Console, files: list[CaseFile], *, quiet: bool) -> Iterator[OnStep]:
    """A bar over all steps of all files, where somebody is looking."""
    total = sum(len(file.case.steps) for file in files if file.case is not None and file.problem is None)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as bar:
        task = bar.add_task("steps", total=total)
        yield lambda *_: bar.advance(task)


def _tell(screen: Console, run: Run, check: bool) -> None:
    if run.problem is not None or run.failure is not None:
        screen.print(f"[red]✗[/red] {escape(run.problem or run.failure or '')}")
    elif run.difference is not None:
        screen.print(f"[red]✗[/red] {escape(run.path.name)}: {escape(str(run.difference))}")
    else:
        verdict = "as expected" if check else "ran"
        told = f"{run.steps} steps, {run.refused} refused, {run.seconds:.1f} s"
        screen.print(f"[green]✓[/green] {escape(run.path.name)}: {verdict} ({told})")


def _sum_up(screen: Console, runs: list[Run], check: bool, seconds: float) -> None:
    different, bad, broken = _counts(runs)
    good = len(runs) - different - bad - broken
    told = [f"{good} {'as expected' if check else 'ran'}"]
    told += [
        f"{count} {what}"
        for count, what in ((different, "differ"), (bad, "bad"), (broken, "failed"))
        if count
    ]
    screen.print(f"{len(runs)} case{'s' if len(runs) != 1 else ''}: {', '.join(told)}; {seconds:.1f} s")


def _document(runs: list[Run], check: bool, out: Path | None) -> dict[str, Any]:
    different, bad, broken = _counts(runs)
    return {
        "cases": [_entry(run, check, out) for run in runs],
        "ran": len(runs) - bad - broken,
        "different": different,
        "bad": bad,
        "failed": broken,
    }


def _entry(run: Run, check: bool, out: Path | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": str(run.path)}
    if run.problem is not None:
        return entry | {"status": "bad", "problem": run.problem}
    if run.failure is not None:
        return entry | {"status": "failed", "problem": run.failure}
    entry |= {"status": "ran", "steps": run.steps, "refused": run.refused, "seconds": round(run.seconds, 3)}
    if check:
        entry["status"] = "as expected" if run.difference is None else "different"
    if run.difference is not None:
        entry["difference"] = {
            "path": run.difference.path,
            "expected": _plain(run.difference.expected),
            "got": _plain(run.difference.got),
        }
    if out is not None:
        return entry | {"out": str(out / run.path.name)}
    return entry | {"result": run.result}


def _plain(value: object) -> object:
    return value if isinstance(value, (int, str, bool, list, dict)) or value is None else str(value)


def _counts(runs: list[Run]) -> tuple[int, int, int]:
    """How many differ, are bad input, failed."""
    different = sum(run.difference is not None for run in runs)
    bad = sum(run.problem is not None for run in runs)
    return different, bad, sum(run.failure is not None for run in runs)


def _code(runs: list[Run]) -> int:
    different, bad, broken = _counts(runs)
    if broken:
        return BROKEN
    return BAD_INPUT if bad else DIFFERENT if different else 0


def _fail(message: str, code: int) -> None:
    Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {escape(message)}")
    raise typer.Exit(code)
