"""The folder that an embedded chain is kept in between runs: for one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liandong.chain.errors import NodeNotStarted

CHAIN_FILE, DEPLOYMENT_FILE, LOCK_FILE = "chain.json", "deployment.json", ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One node at a time on a folder: two would overwrite each other's chain. Raises ``NodeNotStarted``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK_FILE).open("w")
    except OSError as error:
        raise NodeNotStarted(f"{folder}: cannot keep a chain there: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NodeNotStarted(f"another node runs on {folder}: stop it, or choose another") from error
        yield
