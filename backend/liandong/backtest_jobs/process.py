"""The process of one backtest: ``python -m liandong.backtest_jobs.process FOLDER``.

It takes its task out of the folder, tells there how far it is, and leaves its statements there. When its
standard input ends, or it is terminated, it kills its node, without which the play cannot go on: so no node
outlives it, at whatever moment that comes.
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
from liandong.backtest.run import node_for, put_together, run_on
from liandong.backtest_jobs import task
from liandong.backtest_jobs.job import FAILED, OUT, PROGRESS, TASK, Progress, put
from liandong.chain.node import EmbeddedNode
from liandong.errors import LiandongError

NICENESS = 10
"""The server's own work comes first."""

TELL_SECONDS = 0.3
LOOK_SECONDS = 0.05


class Ending:
    """Whether the process is to end; kills the node that is played on, until it has."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.node: EmbeddedNode | None = None

    def watch(self) -> None:
        """Looks out for it, from now on."""
        signal.signal(signal.SIGTERM, lambda *_: self.asked.set())
        for work in (self._read_input, self._kill):
            threading.Thread(target=work, daemon=True).start()

    def _read_input(self) -> None:
        os.read(sys.stdin.fileno(), 1)
        self.asked.set()

    def _kill(self) -> None:
        self.asked.wait()
        while True:
            if self.node is not None:
                self.node.kill()
            time.sleep(LOOK_SECONDS)


def main(folder: Path) -> int:
    """Plays the task under each of its plans; returns the exit code."""
    ending = Ending()
    ending.watch()
    os.nice(NICENESS)
    given = task.read(folder / TASK)
    (folder / TASK).unlink()
    try:
        for at, name in enumerate(given.plans):
            _play(folder, given, name, at * len(given.history.sales), ending)
    except LiandongError as error:
        put(folder / FAILED, json.dumps({"error": type(error).__name__, "detail": str(error)}))
        return 1
    return 0


def _play(folder: Path, given: task.Task, name: str, before: int, ending: Ending) -> None:
    prepared = put_together(given.request(name), given.history, given.team)
    told_at = 0.0

    def on_day(day: int, orders: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELL_SECONDS:
            told_at = time.monotonic()
            date = prepared.story.calendar.date(day).isoformat()
            progress = Progress(plan=name, day=date, done=before + orders, total=given.orders)
            put(folder / PROGRESS, progress.model_dump_json())

    if ending.asked.is_set():
        sys.exit(1)
    ending.node = node_for(prepared)
    with ending.node as node:
        statement = run_on(node, prepared, on_day)
    out = folder / OUT / name
    write_csv(out, statement, prepared.team)
    write_html(out / "report.html", statement)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
