"""Blocks that can be undone: other ones take their place, as in a reorganisation, on any development node."""

from __future__ import annotations

from collections import deque

from liandong.chain.node import NodeClock
from liandong.chain.rpc import RpcClient


class Forks:
    """Mines blocks on a node that does not mine by itself, and remembers the chain before each of them."""

    def __init__(self, rpc: RpcClient, most: int = 16) -> None:
        self._rpc = rpc
        self._clock = NodeClock(rpc)
        self._before: deque[tuple[int, str]] = deque(maxlen=most)

    @property
    def head(self) -> int:
        return int(self._rpc.call("eth_blockNumber"), 16)

    def mine(self) -> None:
        """Mines a block with what waits in the pool."""
        self._before.append((self.head, self._clock.snapshot()))
        self._rpc.call("evm_mine")

    def reorganise(self, depth: int) -> int:
        """As many other, empty blocks in place of the last ones; returns how many it could undo.

        What was in the old blocks is gone, as from a node that never had it.
        """
        depth = min(depth, len(self._before))
        if depth == 0:
            return 0
        head, later = self.head, self._clock.now()
        while True:
            height, mark = self._before.pop()
            if height <= head - depth:
                break
        self._clock.revert(mark)
        for hash_ in self._rpc.call("eth_getBlockByNumber", "pending", False)["transactions"]:
            self._rpc.call("hardhat_dropTransaction", hash_)
        assert self.head == height, f"the node went back to block {self.head}, not {height}"
        for number in range(depth):
            self._before.append((height + number, self._clock.snapshot()))
            self._clock.set(later + 1 + number)
        return depth

    def forget(self) -> None:
        """Blocks mined so far will not be undone."""
        self._before.clear()
