"""The API and a worker as processes of their own, which can be killed at any of their commits.

Children are forked from a server that has everything imported, so that a restart takes no time.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import signal
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["uvicorn", "liandong.app", "liandong.outbox.opening", "psycopg"])


@dataclass(frozen=True, slots=True)
class Doom:
    """The process kills itself at its n-th commit: before the database has it, or right after."""

    at: int
    after: bool


STOP_SECONDS = 60


class InjectedFailure(Exception):
    """What the driver would have said."""


class DatabaseFaults:
    """Lets a share of a process's statements and commits fail, and counts its commits for its doom."""

    def __init__(self, rate: Any, commits: Any, doom: Doom | None, seed: int) -> None:
        self._rate = rate
        self._commits = commits
        self._doom = doom
        self._chance = random.Random(seed)

    def install(self) -> None:
        """For every engine of this process, from now on."""
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._commit)

    def _statement(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if self._chance.random() < self._rate.value / 8:
            raise OperationalError(statement, None, InjectedFailure("the connection is gone"))

    def _commit(self, connection: Connection) -> None:
        with self._commits.get_lock():
            self._commits.value += 1
            count = self._commits.value
        if self._doom is not None and self._doom.at == count:
            if self._doom.after:
                connection.connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)
        fault = self._chance.random()
        if fault < self._rate.value:
            if fault < self._rate.value / 2:
                connection.connection.commit()  # nobody is told that it came through
            raise OperationalError("COMMIT", None, InjectedFailure("the connection is gone"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _log_to(path: str) -> None:
    logging.basicConfig(
        filename=path, level=logging.INFO, format="%(asctime)s %(process)d %(name)s %(message)s"
    )
    for name in ("alembic", "liandong.http"):
        logging.getLogger(name).setLevel(logging.WARNING)


def serve(values: Mapping[str, Any], log: str, faults: DatabaseFaults) -> None:
    """A child: the API with mirror and worker beside it."""
    import uvicorn

    from liandong.app import create_app
    from liandong.settings import Settings

    _log_to(log)
    settings = Settings(**values)
    app = create_app(settings)
    faults.install()
    uvicorn.run(app, host="127.0.0.1", port=settings.port, log_level="warning", access_log=False)


def work(values: Mapping[str, Any], log: str, faults: DatabaseFaults) -> None:
    """A child: a worker alone."""
    from liandong.chain.deployment import read_deployment
    from liandong.db.session import Database
    from liandong.outbox.opening import open_worker
    from liandong.settings import Settings

    _log_to(log)
    settings = Settings(**values)
    faults.install()
    worker = open_worker(settings, Database(settings.database_url), read_deployment(settings.deployment))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker.run(stop)


class Process:
    """A service that is started again and again, each time perhaps with another doom."""

    def __init__(self, kind: str, values: Mapping[str, Any], folder: Path) -> None:
        self._main = serve if kind == "api" else work
        self._values = dict(values)
        self.log = folder / f"{kind}.log"
        self.rate = FORKING.Value("d", 0.0)
        self.commits = FORKING.Value("i", 0)
        self.starts = 0
        self.deaths = 0
        """How often its doom came."""
        self._child: ForkServerProcess | None = None

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.is_alive()

    def change(self, **values: Any) -> None:
        """Other settings, from the next start on."""
        self._values |= values

    def start(self, doom: Doom | None = None) -> None:
        assert not self.alive
        self.deaths += self._child is not None and self._child.exitcode == -signal.SIGKILL
        self.commits.value = 0
        self.starts += 1
        faults = DatabaseFaults(self.rate, self.commits, doom, self.starts)
        self._child = FORKING.Process(
            target=self._main, args=(self._values, str(self.log), faults), daemon=True
        )
        self._child.start()

    def kill(self) -> None:
        """Kill -9."""
        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child = None

    def kill_at_once(self) -> None:
        """Kill -9, from any thread, without waiting for the end."""
        if self._child is not None:
            self._child.kill()

    def stop(self) -> int | None:
        """Asks it to end, as an operator would; returns its exit code. None: it did not run."""
        if self._child is None:
            return None
        self._child.terminate()
        self._child.join(STOP_SECONDS)
        code = self._child.exitcode
        assert code is not None, f"it does not end: {self.log}"
        self._child = None
        return code
