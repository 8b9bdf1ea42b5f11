"""The command as a user runs it, and a development node as others run theirs."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import LIANDONG, Run

from liandong.chain.errors import NodeUnreachable
from liandong.chain.node import find_anvil
from liandong.chain.rpc import RpcClient


@pytest.fixture
def liandong(tmp_path: Path) -> Run:
    """Runs `liandong …` in an empty folder."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LIANDONG, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True, timeout=120,
            env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", **environment}, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def stranger() -> Iterator[str]:
    """The URL of a plain anvil, with fees and gas limits as usual chains have them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([find_anvil(), "--silent", "--port", str(port)], start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(500):
            try:
                RpcClient(url).call("eth_chainId")
                break
            except NodeUnreachable:
                time.sleep(0.02)
        yield url
    finally:
        process.terminate()
        process.wait()
