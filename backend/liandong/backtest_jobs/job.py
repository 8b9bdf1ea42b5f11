"""A backtest on record: a folder of its own, in which nothing but it is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

JOB, TASK, PROGRESS, FAILED, CANCEL, OUT, LOG = (
    "job.json", "task.json", "progress.json", "failed.json", "cancel", "out", "log.txt",
)  # fmt: skip

DRAFT, IN_FORCE = "draft", "in force"
"""The plans' names: also those of the folders with their statements."""


class Progress(BaseModel):
    """How far a backtest is: the plan and day that are played, and orders recorded of all."""

    plan: str
    day: str
    done: int
    total: int


class Job(BaseModel):
    """What is known of a backtest. Times are Unix seconds; ``error`` and ``detail`` of one that failed.

    ``parameters``: the draft's, so that its editor can be opened again. ``version``: of the plan that it is
    compared with, None where it is not. ``asked``: what else was given, by name.
    """

    id: str
    owner: str
    created_at: float
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    history: str
    rows: int
    bad_rows: int
    parameters: dict[str, Any]
    asked: dict[str, str]
    version: int | None = None
    began_at: float | None = None
    ended_at: float | None = None
    error: str | None = None
    detail: str = ""

    @property
    def plans(self) -> tuple[str, ...]:
        """The names of its plans."""
        return (DRAFT,) if self.version is None else (DRAFT, IN_FORCE)

    @property
    def under_way(self) -> bool:
        """Whether it waits or is played."""
        return self.state in ("waiting", "running")


def put(path: Path, text: str) -> None:
    """Writes a file whole or not at all, so that nobody reads half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def load(folder: Path) -> Job | None:
    """The backtest of a folder; None where there is none, or no more."""
    try:
        return Job.model_validate_json((folder / JOB).read_bytes())
    except (OSError, ValueError):
        return None


def progress_of(folder: Path) -> Progress | None:
    """How far it is, if it has said so."""
    try:
        return Progress.model_validate_json((folder / PROGRESS).read_bytes())
    except (OSError, ValueError):
        return None


def failure_of(folder: Path) -> tuple[str, str] | None:
    """The error that its process ended with, if it has said so."""
    try:
        found = json.loads((folder / FAILED).read_bytes())
    except (OSError, ValueError):
        return None
    return found["error"], found["detail"]
