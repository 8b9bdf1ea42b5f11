"""The embedded chain: an anvil of our own, and the one place that sets a node's clock.

Every ``anvil_``, ``hardhat_`` and ``evm_`` call of the package is in this module; all else is standard
``eth_`` calls and runs on any node.
"""

from __future__ import annotations

import gzip
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

from liandong.chain.errors import AnvilMissing, ClockNotSettable, NodeNotStarted, NodeRefused, NodeUnreachable
from liandong.chain.rpc import RpcClient

CHAIN_ID = 31337
"""Chain id of the embedded chain, as development chains have it."""

BLOCK_GAS = 2**32
"""Gas limit of the embedded chain's blocks: so high that its fees, which start at 0, stay there."""

START_SECONDS = 60.0
STOP_SECONDS = 30.0


_GENESIS = re.compile(rb'"number":"0x0","gasLimit":"\w+","gasUsed":"0x0","timestamp":"(\w+)"')
"""The time of the first block in what anvil dumps."""


class EmbeddedNode:
    """An anvil process as a context manager; gas is free on it, so that wallets need no coins.

    ``port`` 0 takes a free one. ``state`` is a file that the chain is kept in between runs, written by
    :meth:`save` and when the node is stopped. ``timestamp`` (Unix seconds) sets the first block's time. With
    ``past``, no more than so many past blocks are kept: long plays need not remember each state they had.
    Raises :class:`AnvilMissing` and :class:`NodeNotStarted`.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state: Path | None = None,
        timestamp: int | None = None,
        chain_id: int = CHAIN_ID,
        past: int | None = None,
    ) -> None:
        self.host = host
        self.port = port or _free_port(host)
        self.state = state
        self.url = f"http://{host}:{self.port}"
        self._timestamp = timestamp
        self._chain_id = chain_id
        self._past = past
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [
            str(find_anvil()), "--host", self.host, "--port", str(self.port),
            "--chain-id", str(self._chain_id), "--hardfork", "prague", "--order", "fifo",
            "--gas-limit", str(BLOCK_GAS), "--block-base-fee-per-gas", "0", "--gas-price", "0",
            "--disable-min-priority-fee", "--accounts", "1", "--silent", "--no-request-size-limit",
        ]  # fmt: skip
        if self._past is None:
            command += ["--max-persisted-states", "0"]
        else:
            command += ["--prune-history", str(self._past), "--transaction-block-keeper", str(self._past)]
        begun = self._timestamp
        continued = self.state is not None and self.state.exists()
        if continued:
            command += ["--load-state", str(self.state)]
            begun = _genesis_time(self.state)
        if begun is not None:
            command += ["--timestamp", str(begun)]
        _require_free(self.host, self.port)
        self._said = tempfile.TemporaryFile()
        # A group of its own: Ctrl-C at the terminal reaches us alone, and we stop the node when we are done.
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said, start_new_session=True
        )
        try:
            self._wait()
            if continued:
                self._go_on()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.running:
                self.save()
        finally:
            self._stop()

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's number, while it lives."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Ends the process at once, from any thread; whoever talks to it gets ``NodeUnreachable``."""
        process = self._process
        if process is not None:
            process.kill()

    def client(self) -> RpcClient:
        """A new connection to the node."""
        return RpcClient(self.url)

    def save(self) -> None:
        """Writes the chain to its file, if it has one: whole, or not at all."""
        if self.state is None:
            return
        client = self.client()
        try:
            dump = gzip.decompress(bytes.fromhex(client.call("anvil_dumpState")[2:]))
        finally:
            client.close()
        self.state.parent.mkdir(parents=True, exist_ok=True)
        part = self.state.with_name(self.state.name + ".part")
        part.write_bytes(dump)
        part.replace(self.state)

    def _go_on(self) -> None:
        """Goes on at the machine's time; a clock that was moved ahead stays ahead."""
        client = self.client()
        try:
            clock = NodeClock(client)
            clock.set_next(max(clock.now() + 1, int(time.time())))
        finally:
            client.close()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.running:
                raise NodeNotStarted(f"anvil ended at once on port {self.port}: {self._last_words()}")
            client = RpcClient(self.url, timeout=2)
            try:
                client.call("eth_chainId")
                return
            except NodeUnreachable:
                time.sleep(0.02)
            finally:
                client.close()
        raise NodeNotStarted(f"anvil did not answer within {START_SECONDS:.0f} s: {self._last_words()}")

    def _stop(self) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._said.close()
        self._process = None

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = deque((line.decode("utf-8", "replace").strip() for line in self._said), maxlen=3)
        return " / ".join(line for line in lines if line) or "it said nothing"


class NodeClock:
    """Sets the clock of a development node (anvil, hardhat). Times are Unix seconds."""

    def __init__(self, client: RpcClient) -> None:
        self._client = client

    def now(self) -> int:
        """Time of the latest block, which is what reading calls see."""
        return int(self._client.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def set(self, timestamp: int) -> None:
        """Mines a block at this time, later than the latest block. Raises :class:`ClockNotSettable`."""
        self._development("evm_setNextBlockTimestamp", timestamp)
        self._development("evm_mine")

    def set_next(self, timestamp: int) -> None:
        """The next block will have this time. Raises :class:`ClockNotSettable`."""
        self._development("evm_setNextBlockTimestamp", timestamp)

    def mine(self, blocks: int) -> None:
        """Mines so many blocks at once, without transactions."""
        self._development("hardhat_mine", hex(blocks))

    def mine_by_itself(self, on: bool) -> None:
        """Whether each transaction gets a block at once; if not, blocks come with :meth:`set` alone."""
        self._development("evm_setAutomine", on)

    def mine_every(self, seconds: int, *, later: int) -> None:
        """Mines a block every so many seconds, each ``later`` seconds after the one before by its time."""
        self._development("anvil_setBlockTimestampInterval", later)
        self._development("evm_setAutomine", False)
        self._development("evm_setIntervalMining", seconds)

    def snapshot(self) -> str:
        """Remembers the whole chain; :meth:`revert` takes the answer."""
        return self._development("evm_snapshot")

    def revert(self, snapshot: str) -> None:
        """Goes back to a snapshot, which is used up by that."""
        self._development("evm_revert", snapshot)

    def give_coins(self, address: str, wei: int) -> None:
        """Sets an address's coins, for gas on development nodes where gas is not free."""
        self._development("hardhat_setBalance", address, hex(wei))

    def _development(self, method: str, *params: object) -> str:
        try:
            return self._client.call(method, *params)
        except NodeRefused as error:
            raise ClockNotSettable(
                f"{self._client.name} does not let its clock be set ({error}); cases move through days, so "
                "they run on the embedded node or on a development node such as anvil"
            ) from error


def find_anvil(start: Path = Path(__file__)) -> Path:
    """Anvil from the checkout's node_modules, else from the PATH. Raises :class:`AnvilMissing`."""
    for folder in start.resolve().parents:
        candidate = folder / "node_modules" / ".bin" / "anvil"
        if candidate.exists():
            return candidate
    found = shutil.which("anvil")
    if found is None:
        raise AnvilMissing(
            "the embedded chain needs anvil; there is none in node_modules or on the PATH: run `make setup`"
        )
    return Path(found)


def _genesis_time(state: Path) -> int | None:
    """When a kept chain began. Anvil makes a first block of its own before it loads one, and of two that
    differ it may take either; with the same time they are the same block."""
    try:
        found = _GENESIS.search(state.read_bytes())
    except OSError as error:
        raise NodeNotStarted(f"{state}: cannot be read: {error.strerror}") from error
    return int(found[1], 16) if found else None


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NodeNotStarted(f"port {port} on {host} cannot be used: {error.strerror}") from error


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]
