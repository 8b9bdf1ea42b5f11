"""The process of one backtest: ``python -m liandong.backtest_jobs.process FOLDER``.

It takes its task out of the folder, tells there how far it is, and leaves its statements there. It ends when
its standard input does, so that no node of it outlives the server.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from liandong.backtest.report_csv import write_csv
from liandong.backtest.report_html import write_html
from liandong.backtest.run import put_together, run
from liandong.backtest_jobs import task
from liandong.backtest_jobs.job import FAILED, OUT, PROGRESS, TASK, Progress, put
from liandong.errors import LiandongError

NICENESS = 10
"""The server's own work comes first."""

TELL_SECONDS = 0.3


def main(folder: Path) -> int:
    """Plays the task under each of its plans; returns the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    threading.Thread(target=_end_with_input, daemon=True).start()
    os.nice(NICENESS)
    given = task.read(folder / TASK)
    (folder / TASK).unlink()
    try:
        for at, name in enumerate(given.plans):
            _play(folder, given, name, at * len(given.history.sales))
    except LiandongError as error:
        put(folder / FAILED, json.dumps({"error": type(error).__name__, "detail": str(error)}))
        return 1
    return 0


def _play(folder: Path, given: task.Task, name: str, before: int) -> None:
    prepared = put_together(given.request(name), given.history, given.team)
    told_at = 0.0

    def on_day(day: int, orders: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELL_SECONDS:
            told_at = time.monotonic()
            date = prepared.story.calendar.date(day).isoformat()
            progress = Progress(plan=name, day=date, done=before + orders, total=given.orders)
            put(folder / PROGRESS, progress.model_dump_json())

    statement = run(prepared, on_day)
    out = folder / OUT / name
    write_csv(out, statement, prepared.team)
    write_html(out / "report.html", statement)


def _end_with_input() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
