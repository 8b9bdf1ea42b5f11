"""`liandong run` as `make run` starts it: no terminal, no input; stopped, killed and started again."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from command import LIANDONG, Run

API = re.compile(r"API +(http://\S+)/openapi\.json")


class Trial:
    """A running `liandong run`; what it prints is read from a file."""

    def __init__(self, folder: Path) -> None:
        self._out = folder / "out.txt"
        with self._out.open("w") as out:
            self.process = subprocess.Popen(
                [LIANDONG, "run", "--no-opening", "--day", "0.1", "--port", "0", "--node-port", "0",
                 "--folder", "kept"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env={"PATH": "/usr/bin:/bin"},
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self._out.read_text()

    def until(self, met: Callable[[str], object], seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while not met(self.said):
            assert self.process.poll() is None and time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    @property
    def api(self) -> str:
        """Waits for the whole line: what is printed may arrive in parts."""
        self.until(lambda said: API.search(said))
        found = API.search(self.said)
        assert found is not None
        return found[1]

    @property
    def orders(self) -> list[int]:
        return [int(one) for pair in re.findall(r"\(#(\d+)-#(\d+)\)", self.said) for one in pair]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Trial]]:
    begun: list[Trial] = []

    def one() -> Trial:
        begun.append(Trial(tmp_path))
        return begun[-1]

    yield one
    for trial in begun:
        if trial.process.poll() is None:
            trial.process.terminate()
            trial.process.wait(60)


def node_of(folder: Path) -> int:
    return int((folder / "kept/node.pid").read_text())


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_lives_stops_goes_on_and_survives_being_killed(
    start: Callable[[], Trial], tmp_path: Path, liandong: Run
) -> None:
    first = start()
    assert httpx.get(first.api + "/health").status_code == 200
    first.until(lambda said: " settled, " in said)
    assert httpx.get(first.api + "/ready").status_code == 200
    node = node_of(tmp_path)
    assert first.end(signal.SIGINT) == 0, first.said
    assert "Traceback" not in first.said and "✗" not in first.said and "the next run goes on" in first.said
    assert not lives(node)
    last = max(first.orders)

    second = start()
    second.until(lambda said: len(re.findall(r"\(#", said)) > 1)
    assert "the chain of the last run" in second.said and "cut off" not in second.said
    assert min(second.orders) > last - 10 and max(second.orders) > last
    taken = liandong("run", "--no-opening", "--folder", tmp_path / "kept", "--port", 0, "--node-port", 0)
    assert taken.returncode == 3 and "another node runs on" in taken.stderr
    assert second.end(signal.SIGKILL) == -signal.SIGKILL

    third = start()
    third.until(lambda said: len(re.findall(r"\(#", said)) > 1)
    assert "the last run was cut off: going on" in third.said
    assert third.end(signal.SIGTERM) == 0, third.said
    assert "✗" not in third.said and "✓" in third.said
    assert not (tmp_path / "kept/node.pid").exists()

    # another build of the contracts: the chain of the old one is set aside
    kept = tmp_path / "kept/deployment.json"
    document = json.loads(kept.read_text())
    settlement = document["contracts"]["Settlement"]
    settlement["creationTransaction"] = document["contracts"]["Authority"]["creationTransaction"]
    kept.write_text(json.dumps(document))
    fourth = start()
    fourth.until(lambda said: "a new chain" in said)
    assert "the contracts are not those of the last run: beginning anew" in fourth.said
    assert (tmp_path / "kept/before-1/chain.json").exists()


def test_ports_that_are_in_use_are_named(liandong: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        api = liandong("run", "--no-opening", "--folder", "x", "--node-port", 0, LIANDONG_PORT=str(port))
        assert api.returncode == 3 and f"port {port}" in api.stderr and "LIANDONG_PORT" in api.stderr
        node = liandong("run", "--no-opening", "--folder", "x", "--port", 0, LIANDONG_NODE_PORT=str(port))
        assert node.returncode == 3 and f"port {port}" in node.stderr and "LIANDONG_NODE_PORT" in node.stderr
