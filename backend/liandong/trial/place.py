"""The folder that a trial keeps between runs: chain, database, keys, logs, its services' settings."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from liandong.access.keys import create_key
from liandong.access.principals import Scope
from liandong.chain.state_folder import CHAIN_FILE, DEPLOYMENT_FILE, locked
from liandong.db.session import Database

CALLERS = (Scope.MALL, Scope.RISK, Scope.TREASURER, Scope.PLANNER, Scope.AUDITOR)
"""Who has an API key in a trial."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a trial keeps what."""

    folder: Path

    @property
    def chain(self) -> Path:
        """The embedded chain, as it was at the last save."""
        return self.folder / CHAIN_FILE

    @property
    def deployment(self) -> Path:
        """What is deployed on it."""
        return self.folder / DEPLOYMENT_FILE

    @property
    def database(self) -> Path:
        """SQLite."""
        return self.folder / "liandong.sqlite"

    @property
    def database_then(self) -> Path:
        """The database as it was when the chain was saved."""
        return self.folder / "liandong.saved.sqlite"

    @property
    def log(self) -> Path:
        """What the services log, one JSON object a line."""
        return self.folder / "services.log"

    @property
    def node_process(self) -> Path:
        """The embedded node's process id while it runs."""
        return self.folder / "node.pid"

    @property
    def environment(self) -> Path:
        """The services' settings, and the API keys, for a shell: ``set -a; . FILE``."""
        return self.folder / "environment"

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Keeps the folder for this process. Raises ``NodeNotStarted`` where another one has it."""
        with locked(self.folder):
            yield

    def keys(self, database: Database) -> dict[Scope, str]:
        """The words of the trial's API keys; made where there are none."""
        written = self._read()
        words = {scope: written.get(f"{scope.upper()}_KEY", "") for scope in CALLERS}
        for scope in CALLERS:
            if not words[scope]:
                _, words[scope] = create_key(database, f"trial {scope}", [scope], 10**6)
        return words

    def personal_keys(self) -> str:
        """The key for personal data; made where there is none."""
        return self._read().get("LIANDONG_PERSONAL_KEYS") or f"trial:{secrets.token_hex(32)}"

    def write(self, values: dict[str, str]) -> None:
        """Writes the file of settings and keys, for its owner alone."""
        lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
        handle = os.open(self.environment, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(lines)

    def set_aside(self) -> Path:
        """Moves chain, database and keys away, so that the next ones begin anew; returns where to."""
        number = 1
        while (aside := self.folder / f"before-{number}").exists():
            number += 1
        aside.mkdir()
        for path in sorted(self.folder.iterdir()):
            if path.is_file() and path.name not in (".lock", self.log.name, self.node_process.name):
                path.replace(aside / path.name)
        return aside

    def _read(self) -> dict[str, str]:
        try:
            text = self.environment.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        pairs = (shlex.split(line)[0].partition("=") for line in text.splitlines() if line)
        return {name: value for name, _, value in pairs}
