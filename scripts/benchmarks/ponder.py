"""Ponder doing the same rows and balances from the same node: scripts/ponder, installed apart by npm."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from liandong.chain.contracts import load
from liandong.chain.deployment import Deployment

from .processes import Taken, child_pids, taken

FOLDER = Path(__file__).resolve().parents[1] / "ponder"
PORT = 42_169
PATIENCE = 1_800


@dataclass(frozen=True, slots=True)
class PonderRun:
    """Seconds from when it is up until all of the history is there, and what it was then."""

    seconds: float
    starting: float
    used: Taken
    totals: list[list[str]]


def install() -> None:
    """Installs Ponder as its lock says, once; `make setup` does not, since only this comparison needs it."""
    if not (FOLDER / "node_modules" / "ponder").exists():
        # not `npm ci`: it refuses a lock without those optional packages that a registry does not have
        subprocess.run(["npm", "install", "--silent"], cwd=FOLDER, check=True)


def run(deployment: Deployment, rpc: str, utc_offset: int, day_zero: int, folder: Path) -> PonderRun:
    """Indexes the chain into a new PGlite database, Ponder's default. Raises ``RuntimeError``."""
    events = [entry for entry in load("ISettlementEvents").abi if entry["type"] == "event"]
    given = folder / "ponder.json"
    given.write_text(
        json.dumps(
            {
                "chain_id": deployment.chain_id, "rpc": rpc, "abi": events, "address": deployment.settlement,
                "start": deployment.block, "utc_offset": utc_offset, "day_zero": day_zero,
            }
        )
    )  # fmt: skip
    shutil.rmtree(FOLDER / ".ponder", ignore_errors=True)
    environment = os.environ | {
        "LIANDONG_BENCHMARK": str(given), "PONDER_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    command = [str(FOLDER / "node_modules/.bin/ponder"), "start", "--schema", "history", "--port", str(PORT),
               "--log-format", "json"]  # fmt: skip
    log = folder / "ponder.log"
    with log.open("wb") as said:
        begun = time.perf_counter()
        running = subprocess.Popen(
            command, cwd=FOLDER, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            start_new_session=True,
        )  # fmt: skip
        try:
            up = _wait("/health", running, log)
            ready = _wait("/ready", running, log)
            used = [taken(pid) for pid in (running.pid, *child_pids(running.pid))]
            totals = httpx.get(f"http://127.0.0.1:{PORT}/totals", timeout=60).raise_for_status().json()
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(30)
            shutil.rmtree(FOLDER / ".ponder", ignore_errors=True)
    both = Taken(sum(one.cpu_seconds for one in used), sum(one.peak_mb for one in used))
    return PonderRun(ready - up, up - begun, both, totals)


def _wait(path: str, running: subprocess.Popen[bytes], log: Path) -> float:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        if running.poll() is not None:
            break
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}{path}", timeout=5).status_code == 200:
                return time.perf_counter()
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"Ponder does not get to {path}: {log.read_text()[-3000:]}")
