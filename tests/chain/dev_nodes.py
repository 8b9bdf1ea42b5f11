"""Nodes that tests run on: the embedded one, and Hardhat's, another implementation."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from liandong.chain.errors import NodeUnreachable
from liandong.chain.node import EmbeddedNode, find_anvil
from liandong.chain.rpc import RpcClient

ANVIL, HARDHAT = "anvil", "hardhat"

CONFIG = Path(__file__).with_name("hardhat.config.cjs")
START_SECONDS = 60


class DevNode(Protocol):
    """A development node: its clock can be set, and it goes back to snapshots."""

    url: str
    port: int

    def client(self) -> RpcClient:
        """A new connection to the node."""
        ...


class KillableNode(DevNode, Protocol):
    """A development node that can be killed like any process."""

    def save(self) -> None:
        """Writes the chain down as it is now, if the node can."""

    def kill_and_restart(self) -> bool:
        """Kill -9; it comes back with what was saved. False: this one cannot, and goes on as it was."""
        ...


class KillableAnvil:
    """The embedded node, which comes back with the chain that was saved last."""

    def __init__(self, state: Path, timestamp: int | None = None) -> None:
        self._state = state
        self._node = EmbeddedNode(state=state, timestamp=timestamp).__enter__()
        self.url, self.port = self._node.url, self._node.port

    def client(self) -> RpcClient:
        return self._node.client()

    def save(self) -> None:
        self._node.save()

    def kill_and_restart(self) -> bool:
        self.kill()
        self._node = EmbeddedNode(state=self._state, port=self.port).__enter__()
        return True

    def kill(self) -> None:
        """Kill -9."""
        process = self._node._process
        assert process is not None
        process.kill()
        process.wait()


class HardhatNode:
    """A running Hardhat node."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def client(self) -> RpcClient:
        return RpcClient(self.url)

    def save(self) -> None:
        """Hardhat keeps its chain in memory alone."""

    def kill_and_restart(self) -> bool:
        return False


@contextmanager
def open_killable(kind: str, state: Path) -> Iterator[KillableNode]:
    """A new chain on a node of this kind, whose state is kept in a file where it can be."""
    if kind == HARDHAT:
        with open_node(kind) as hardhat:
            yield hardhat  # type: ignore[misc]
        return
    anvil = KillableAnvil(state)
    try:
        yield anvil
    finally:
        anvil.kill()


@contextmanager
def open_node(kind: str, timestamp: int | None = None) -> Iterator[DevNode]:
    """A new chain on a node of this kind; ``timestamp`` (Unix seconds) is its first block's."""
    if kind == ANVIL:
        with EmbeddedNode(timestamp=timestamp) as embedded:
            yield embedded
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [find_anvil().with_name("hardhat"), "--config", CONFIG, "node", "--hostname", "127.0.0.1"]
    environment = os.environ | {"HARDHAT_DISABLE_TELEMETRY_PROMPT": "true"}
    if timestamp is not None:
        environment["CHAIN_BEGAN"] = str(timestamp)
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        env=environment, cwd=CONFIG.parent,
    )  # fmt: skip
    try:
        node = HardhatNode(process, port)
        _wait(node)
        yield node
    finally:
        process.kill()
        process.wait()


def _wait(node: HardhatNode) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        assert node.process.poll() is None, "Hardhat's node ended at once"
        assert time.monotonic() < until, "Hardhat's node does not answer"
        client = node.client()
        try:
            client.call("eth_chainId")
            return
        except NodeUnreachable:
            time.sleep(0.05)
        finally:
            client.close()
