"""Services as processes of their own, and what each took: processor seconds, memory at its peak."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

COMMAND = (str(Path(sys.executable).with_name("liandong")),)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process has taken until now."""

    cpu_seconds: float
    peak_mb: int


def taken(pid: int) -> Taken:
    """Of a process that lives; with all its threads, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return Taken((int(fields[11]) + int(fields[12])) / TICKS, int(peak.split()[1]) // 1024)


def child_pids(pid: int) -> list[int]:
    """Children of a process, and theirs."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *child_pids(child)]
    return found


@dataclass
class Family:
    """A process with its children, which come and go: what all of them have taken, memory at its peak.

    Memory that several of them share is counted once (PSS), as often as it is looked at.
    """

    parent: int
    peak_mb: int = 0

    def cpu_seconds(self) -> float:
        """Of those that live and of those that ended."""
        found = 0.0
        for pid in (self.parent, *child_pids(self.parent)):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except FileNotFoundError:
                continue
            found += sum(map(int, fields[11:15])) / TICKS
        return found

    def look(self) -> None:
        """Looks how much memory they take now."""
        total = 0
        for pid in (self.parent, *child_pids(self.parent)):
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except (FileNotFoundError, ProcessLookupError):
                continue
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        self.peak_mb = max(self.peak_mb, total // 1024)

    @contextmanager
    def watched(self, every: float = 5) -> Iterator[None]:
        """Looks again and again until the block ends."""

        end = threading.Event()

        def watch() -> None:
            while not end.wait(every):
                self.look()

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            end.set()
            watching.join()
            self.look()


@contextmanager
def process(*arguments: str, environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a `liandong` command until the block ends; what it says goes into a file."""
    with log.open("wb") as said:
        running = subprocess.Popen(
            [*COMMAND, *arguments], env=os.environ | environment, stdout=said, stderr=said,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            yield running
        finally:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(40)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def wait_until(holds: Callable[[], bool], else_: str, seconds: float = 60) -> None:
    """Returns when something holds. Raises ``TimeoutError`` with these words where it never does."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(else_)
        time.sleep(0.05)


def wait_until_alive(url: str, running: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Returns when the API answers. Raises ``RuntimeError`` with its last words where it ends."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if running.poll() is not None:
            raise RuntimeError(f"the service ended: {log.read_text()[-2000:]}")
        try:
            if httpx.get(f"{url}/health", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"the service does not answer: {log.read_text()[-2000:]}")
