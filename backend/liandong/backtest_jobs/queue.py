"""Backtests that wait, one that is played, those that are done: in one folder, for all processes on it."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from liandong.backtest_jobs import job as jobs
from liandong.backtest_jobs import task as tasks
from liandong.backtest_jobs.errors import (
    BacktestFailed,
    BacktestQueueFull,
    BacktestTooLong,
    UnknownBacktest,
)
from liandong.backtest_jobs.job import DRAFT, Job, Progress
from liandong.backtest_jobs.task import Task

LOG = logging.getLogger("liandong.backtests")

MOST_WAITING = 4
"""Backtests that may wait or be played, of all callers together."""

MOST_KEPT = 10
"""Backtests that one caller can have; the oldest goes when there is one more."""

KEPT_SECONDS = 24 * 3600
LOOK_SECONDS = 0.2
TROUBLE_SECONDS = 5
END_SECONDS = 35
"""How long a process may take to end, and its node with it, before it is killed."""

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH")
"""Of the environment; the server's keys and passwords are in there, too."""


@dataclass
class Backtests:
    """``seconds``: the most that one may take."""

    folder: Path
    seconds: float
    _adding: threading.Lock = field(default_factory=threading.Lock)

    # --- for callers

    def add(self, owner: str, task: Task, version: int | None) -> Job:
        """Puts a backtest behind those that wait. Raises :class:`BacktestQueueFull`."""
        added = Job(
            id=secrets.token_hex(8), owner=owner, created_at=time.time(), history=task.history.path.name,
            rows=task.history.rows, bad_rows=len(task.history.bad_rows),
            parameters=asdict(task.plans[DRAFT]), version=version, asked=task.asked,
        )  # fmt: skip
        with self._adding:
            if sum(one.under_way for one in self._all()) >= MOST_WAITING:
                raise BacktestQueueFull(f"{MOST_WAITING} at most")
            for old in self.of(owner)[MOST_KEPT - 1 :]:
                self.drop(owner, old.id)
            place = self.folder / added.id
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.mkdir(mode=0o700)
            tasks.write(place / jobs.TASK, task)
            self._put(added)
        return added

    def get(self, owner: str, id_: str) -> Job:
        """One of the caller's. Raises :class:`UnknownBacktest`."""
        found = jobs.load(self.folder / id_)
        if found is None or found.owner != owner:
            raise UnknownBacktest(id_)
        return found

    def of(self, owner: str) -> list[Job]:
        """All of the caller's, newest first."""
        return [one for one in self._all()[::-1] if one.owner == owner]

    def before(self, job: Job) -> int:
        """How many are under way that came before it."""
        return sum(one.under_way and one.created_at < job.created_at for one in self._all())

    def progress(self, job: Job) -> Progress | None:
        """How far it is."""
        return jobs.progress_of(self.folder / job.id)

    def out(self, job: Job, plan: str) -> Path:
        """The folder with what came of it under one of its plans."""
        return self.folder / job.id / jobs.OUT / plan

    def drop(self, owner: str, id_: str) -> None:
        """Deletes one of the caller's, with all its files; one that is played ends. Raises as :meth:`get`."""
        found = self.get(owner, id_)
        if found.state == "running":
            (self.folder / id_ / jobs.CANCEL).touch()  # whoever plays it deletes it
        else:
            self._delete(found)

    # --- for the server

    def run(self, stop: threading.Event) -> None:
        """Plays what waits, one at a time, until the event is set; what is not done by then is deleted."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self._look(stop)
            except OSError as error:  # a full or a foreign disk: the server has other work, too
                LOG.error("cannot play", extra={"fields": {"error": type(error).__name__}})
                stop.wait(TROUBLE_SECONDS)
        with suppress(OSError), self._alone() as alone:
            for one in self._all() if alone else ():
                if one.under_way:
                    self._delete(one)

    def _look(self, stop: threading.Event) -> None:
        """Plays the next one, if one waits and nobody else plays."""
        with self._alone() as alone:
            if alone:
                self._sweep()
                waiting = [one for one in self._all() if one.state == "waiting"]
                if waiting:
                    self._play(waiting[0], stop)

    def _sweep(self) -> None:
        """Deletes what is older than a day, and what somebody played who is gone."""
        for one in self._all():
            if one.created_at < time.time() - KEPT_SECONDS or one.state == "running":
                self._delete(one)

    def _play(self, job: Job, stop: threading.Event) -> None:
        place = self.folder / job.id
        try:
            job = self._put(job.model_copy(update={"state": "running", "began_at": time.time()}))
            failure = self._outcome(place, stop)
            told: dict[str, object] = {"state": "done"}
            if failure is not None:
                told = {"state": "failed", "error": failure[0], "detail": failure[1]}
                LOG.error("failed", extra={"fields": {"backtest": job.id, "error": failure[0]}})
            self._put(job.model_copy(update=told | {"ended_at": time.time()}))
            (place / jobs.TASK).unlink(missing_ok=True)
        except (_Dropped, FileNotFoundError):
            self._delete(job)

    def _outcome(self, place: Path, stop: threading.Event) -> tuple[str, str] | None:
        """Plays a backtest to its end; name and words of the error that it had. Raises ``_Dropped``."""
        until = time.monotonic() + self.seconds
        with (place / jobs.LOG).open("wb") as log, _process(place, log.fileno()) as process:
            while process.poll() is None:
                if stop.wait(LOOK_SECONDS) or (place / jobs.CANCEL).exists() or not place.exists():
                    raise _Dropped
                if time.monotonic() > until:
                    return BacktestTooLong.__name__, f"{self.seconds:.0f} seconds at most"
        if process.returncode == 0:
            return None
        return jobs.failure_of(place) or (BacktestFailed.__name__, f"it ended with {process.returncode}")

    # --- files

    def _all(self) -> list[Job]:
        """Oldest first."""
        found = [jobs.load(place) for place in self.folder.glob("*/")]
        return sorted((one for one in found if one is not None), key=lambda one: (one.created_at, one.id))

    def _put(self, job: Job) -> Job:
        jobs.put(self.folder / job.id / jobs.JOB, job.model_dump_json())
        return job

    def _delete(self, job: Job) -> None:
        shutil.rmtree(self.folder / job.id, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other process plays, for as long as the block lasts."""
        if not self.folder.is_dir():
            yield False  # nobody has asked for one yet
            return
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


class _Dropped(Exception):
    """The backtest that is played was deleted, or the server ends."""


@contextmanager
def _process(place: Path, log: int) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a backtest; it has ended when the block has."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "liandong.backtest_jobs.process", str(place.resolve())],
        stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
        env={name: value for name, value in os.environ.items() if name in PASSED_ON},
    )  # fmt: skip
    assert process.stdin is not None
    try:
        yield process
    finally:
        process.stdin.close()  # its sign to end
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
