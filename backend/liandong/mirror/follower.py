"""Follows the chain: range after range from the cursor to the head, each in one database transaction."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from liandong.chain.abi import abi_of
from liandong.chain.deployment import Deployment
from liandong.chain.errors import WrongChain
from liandong.chain.rpc import RpcClient
from liandong.db.chain import MirrorCursor
from liandong.db.session import Database
from liandong.mirror.errors import (
    AnotherChainMirrored,
    ContractMissing,
    EventsContradict,
    MirrorHalted,
    NodeInconsistent,
    ReorgTooDeep,
)
from liandong.mirror.fetch_ahead import FetchAhead
from liandong.mirror.fetching import Fetcher
from liandong.mirror.rows import OnWrite
from liandong.mirror.taking_in import Writer

FINALITY = 12
"""Blocks below the head from which nothing is undone, where settings say nothing else."""

TRIES = 5
"""How often events that contradict each other are asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did. ``first`` to ``last`` were taken in; ``undone`` blocks were taken back before."""

    first: int
    last: int
    head: int
    events: int = 0
    undone: int = 0

    @property
    def moved(self) -> bool:
        """Whether anything was taken in or undone."""
        return self.last >= self.first or self.undone > 0

    @property
    def behind(self) -> int:
        """Blocks between the cursor and the head; below 0 where the node lags behind the mirror."""
        return self.head - self.last


@contextmanager
def _no_cyclic_collection() -> Iterator[None]:
    """A range makes a hundred thousand objects and no cycles; looking for some takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Follower:
    """Mirrors one deployment into one database. Several may run: the cursor lets one of them write."""

    def __init__(
        self,
        database: Database,
        rpc: RpcClient,
        deployment: Deployment,
        *,
        finality: int = FINALITY,
        on_write: OnWrite = lambda _: None,
    ) -> None:
        """``on_write`` is called before each write with its name; what it raises undoes the step."""
        self._database = database
        self._rpc = rpc
        self._deployment = deployment
        self.finality = finality
        self.fetcher = Fetcher(rpc, deployment.settlement)
        self._ahead = FetchAhead(self.fetcher)
        self._writer = Writer(database, on_write)
        self._checked = False

    def step(self) -> Step:
        """Takes in the next range, if there is one.

        Raises :class:`~liandong.mirror.errors.MirrorHalted` for what has to be looked at, a
        :class:`~liandong.chain.errors.ChainError` for what may pass, and
        :class:`~liandong.mirror.errors.AnotherWriter`.
        """
        self._ahead.wait()
        if not self._checked:
            self._check_chain()
        cursor = self._cursor()
        head, at_cursor = self.fetcher.head_and_header(cursor.block_number)
        if at_cursor is None or head < cursor.block_number:
            return self._behind(cursor, head)
        if at_cursor.hash != cursor.block_hash:
            return self._undo(cursor, head)
        if head == cursor.block_number:
            return Step(head + 1, head, head)
        final = head - self.finality
        with _no_cyclic_collection():
            follows = cursor.block_number + 1, cursor.block_hash
            found = self._ahead.take(*follows, final)
            if found is None:
                found = self.fetcher.fetch(follows[0], head, follows[1], final)
            if found.last.number < head:
                self._ahead.begin(found.last.number + 1, head, found.last.hash, final)
            events = self._writer.take_in(cursor, found, final)
        return Step(found.first, found.last.number, head, events)

    def catch_up(self, on_step: Callable[[Step], None] = lambda _: None) -> Step:
        """Steps until the head is reached, or the node lags; returns the last step."""
        with self._ahead:
            while True:
                step = self.step()
                on_step(step)
                if not step.moved or (step.behind <= 0 and step.undone == 0):
                    return step

    def run(
        self, stop: threading.Event, poll_seconds: float, on_step: Callable[[Step], None] = lambda _: None,
        on_trouble: Callable[[Exception], None] = lambda _: None,
    ) -> None:  # fmt: skip
        """Follows until told to stop; waits for nodes and databases that do not answer, or answer nonsense,
        and lets other writers write. Ends with what has to be looked at (:meth:`step`).

        Events that contradict each other are asked for again a few times, since a node may have left some
        out, before they halt the mirror.
        """
        with self._ahead:
            self._run(stop, poll_seconds, on_step, on_trouble)

    def _run(
        self, stop: threading.Event, poll_seconds: float, on_step: Callable[[Step], None],
        on_trouble: Callable[[Exception], None],
    ) -> None:  # fmt: skip
        contradictions = 0
        while not stop.is_set():
            try:
                step = self.step()
                contradictions = 0
                on_step(step)
                wait = 0.0 if step.moved and step.behind > 0 else poll_seconds
            except EventsContradict as error:
                contradictions += 1
                if contradictions == TRIES:
                    raise
                on_trouble(error)
                wait = max(poll_seconds, 1.0)
            except (WrongChain, MirrorHalted):
                raise
            except Exception as error:
                # a node may answer anything at all; what is stored is whole
                on_trouble(error)
                self._checked = False
                wait = max(poll_seconds, 1.0) if not isinstance(error, NodeInconsistent) else poll_seconds
            if wait:
                stop.wait(wait)

    # --- checks

    def _check_chain(self) -> None:
        """Raises where the node's chain is not the deployment's, or lacks the contract."""
        self._deployment.require_chain(self._rpc)
        code = self._rpc.call("eth_getCode", self._deployment.settlement, "latest")
        if code is None:
            raise NodeInconsistent("the node does not say whether it has the contract")
        if code == "0x" and self.fetcher.head() >= (self._deployment.block or 0):
            raise ContractMissing(
                f"{self._rpc.name} has no contract at {self._deployment.settlement}: its chain was reset, or "
                "the deployment file is of another one; the mirror has deleted nothing"
            )
        self._checked = True

    def _cursor(self) -> MirrorCursor:
        cursor = self._writer.cursor() or self._writer.begin(self._first_cursor())
        if (cursor.chain_id, cursor.genesis, cursor.settlement) != (
            self._deployment.chain_id, self._deployment.genesis, self._deployment.settlement.lower(),
        ):  # fmt: skip
            raise AnotherChainMirrored(
                f"the database mirrors contract {cursor.settlement} on chain {cursor.chain_id} with genesis "
                f"{cursor.genesis}: use its deployment file, or another database"
            )
        return cursor

    def _behind(self, cursor: MirrorCursor, head: int) -> Step:
        """A head below ours is a lagging node until a hash disagrees."""
        self._checked = False
        self._check_chain()
        known = self._writer.known_hashes(head, head)
        if known and self.fetcher.headers([head])[0].hash != known[head]:
            return self._undo(cursor, head)
        return Step(cursor.block_number + 1, cursor.block_number, head)

    def _first_cursor(self) -> MirrorCursor:
        """Before the block of the settlement contract, whose logs begin there."""
        before = max((self._deployment.block or 1) - 1, 0)
        header = self.fetcher.headers([before])[0]
        day_zero = abi_of("Settlement").functions["dayZero"].call_data(())
        answer = self._rpc.call(
            "eth_call", {"to": self._deployment.settlement, "data": "0x" + day_zero.hex()}, "latest"
        )
        return MirrorCursor(
            chain_id=self._deployment.chain_id,
            genesis=self._deployment.genesis,
            settlement=self._deployment.settlement.lower(),
            utc_offset=self._deployment.utc_offset,
            day_zero=int(answer, 16),
            block_number=before,
            block_hash=header.hash,
            final_number=before,
        )

    def _undo(self, cursor: MirrorCursor, head: int) -> Step:
        """Goes back to the last block that mirror and node agree on."""
        self._checked = False
        self._check_chain()
        known = self._writer.known_hashes(cursor.final_number, cursor.block_number)
        numbers = [number for number in known if number <= head]
        theirs = {one.number: one.hash for one in self.fetcher.headers(numbers)}
        agreed = max((number for number in numbers if theirs[number] == known[number]), default=None)
        if agreed is None:
            raise ReorgTooDeep(
                f"the node's chain differs from the mirror's from block {cursor.block_number} down to block "
                f"{cursor.final_number}, below which nothing is undone. The mirror has deleted nothing. "
                "Find out which chain is right; if it is the node's, run `liandong mirror rebuild`"
            )
        self._writer.undo(cursor, agreed, known[agreed])
        return Step(agreed + 1, agreed, head, undone=cursor.block_number - agreed)
