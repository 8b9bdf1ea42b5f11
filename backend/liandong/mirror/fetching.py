"""A range of blocks from the node: its logs, and the headers that prove they belong together.

History and live are the same: the range between the mirror's cursor and the head, cut to a span that adapts
to how long the node takes and to how much it refuses to give at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from eth_hash.auto import keccak

from liandong.chain.errors import NodeRefused
from liandong.chain.rpc import RpcClient
from liandong.mirror.errors import NodeInconsistent
from liandong.mirror.events import Log

MAX_SPAN = 20_000
QUICK, SLOW = 0.5, 2.0
"""Seconds for a range: below, the next one is twice as long; above, half as long."""

MANY = 12_000
"""Logs of a range above which the next one is not made longer: they are in memory all at once."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the mirror needs of a block's header."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int
    bloom: int

    @classmethod
    def of(cls, block: dict[str, Any]) -> Header:
        """From a block as JSON-RPC gives it."""
        return cls(
            int(block["number"], 16), block["hash"], block["parentHash"], int(block["timestamp"], 16),
            int(block["logsBloom"], 16),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """Consecutive blocks: their logs in order, and headers of those with logs or not below finality."""

    first: int
    last: Header
    headers: list[Header]
    logs: list[Log]


class Fetcher:
    """Gets ranges from one node; remembers the span that it can take."""

    def __init__(self, rpc: RpcClient, address: str) -> None:
        self._rpc = rpc
        self._address = address
        self._mask = _bloom(address)
        self.span = 64
        self._most = float(MAX_SPAN)  # what the node gives at once, as far as it is known

    def head(self) -> int:
        """The number of the node's latest block."""
        return int(self._rpc.call("eth_blockNumber"), 16)

    def head_and_header(self, number: int) -> tuple[int, Header | None]:
        """The latest block's number, and the header of another block, None where the node has none."""
        head, block = self._rpc.batch_strict(
            [("eth_blockNumber", ()), ("eth_getBlockByNumber", (hex(number), False))]
        )
        return int(head, 16), Header.of(block) if block else None

    def headers(self, numbers: list[int]) -> list[Header]:
        """Headers of these blocks. Raises :class:`NodeInconsistent` where the node lacks one."""
        blocks = self._rpc.batch_strict([("eth_getBlockByNumber", (hex(one), False)) for one in numbers])
        if not all(blocks):
            raise NodeInconsistent("the node lacks a block below the head that it told")
        return [Header.of(block) for block in blocks]

    def fetch(self, first: int, head: int, parent_hash: str, final: int) -> Range:
        """The next range after the block with this hash, up to the head at most.

        ``final`` is the last final block; from it on, the header of each block is fetched. Raises
        :class:`NodeInconsistent` where the answers do not fit together; the next step sees why.
        """
        while True:
            last = min(head, first + self.span - 1)
            begun = time.monotonic()
            try:
                logs, first_block, last_block = self._rpc.batch_strict(
                    [
                        ("eth_getLogs", (self._query(first, last),)),
                        ("eth_getBlockByNumber", (hex(first), False)),
                        ("eth_getBlockByNumber", (hex(last), False)),
                    ]
                )
                break
            except NodeRefused:
                if last == first:
                    raise
                self.span = max((last - first + 1) // 2, 1)
                self._most = float(self.span)
        if not first_block or not last_block or logs is None:
            raise NodeInconsistent(f"the node lacks blocks {first} to {last}, below the head that it told")
        ends = {one.number: one for one in (Header.of(first_block), Header.of(last_block))}
        if ends[first].parent_hash != parent_hash:
            raise NodeInconsistent(f"block {first} does not follow the block before it")
        self._adapt(last - first + 1, time.monotonic() - begun, len(logs))
        return self._check(first, ends, logs, max(final, first))

    def _check(self, first: int, ends: dict[int, Header], logs: list[Log], unfinal: int) -> Range:
        logs = [log for log in logs if not log.get("removed")]
        last = max(ends)
        with_logs = dict.fromkeys(int(log["blockNumber"], 16) for log in logs)
        wanted = dict.fromkeys((*with_logs, *range(unfinal, last + 1)))
        missing = [number for number in wanted if number not in ends]
        headers = ends | {one.number: one for one in self.headers(missing)}
        hashes = {number: one.hash for number, one in headers.items()}
        for log in logs:
            if hashes[int(log["blockNumber"], 16)] != log["blockHash"]:
                raise NodeInconsistent(f"logs of block {int(log['blockNumber'], 16)} are of another fork")
        for number in range(max(unfinal, first + 1), last + 1):
            if number - 1 in headers and headers[number].parent_hash != headers[number - 1].hash:
                raise NodeInconsistent(f"block {number} does not follow the block before it")
        silent = [one for one in headers.values() if one.number not in with_logs and self._may_have(one)]
        if silent:
            logs = self._ask_again(logs, silent)
            with_logs |= dict.fromkeys(int(log["blockNumber"], 16) for log in logs)
        kept = sorted(number for number in headers if number in with_logs or number >= unfinal)
        return Range(first, headers[last], [headers[number] for number in kept], logs)

    def _may_have(self, header: Header) -> bool:
        return header.bloom & self._mask == self._mask

    def _ask_again(self, logs: list[Log], silent: list[Header]) -> list[Log]:
        """By hash, which a node that lacks the block cannot answer with nothing."""
        found = self._rpc.batch_strict(
            [("eth_getLogs", ({"address": self._address, "blockHash": one.hash},)) for one in silent]
        )
        more = [log for part in found for log in part]
        if not more:
            return logs
        return sorted(logs + more, key=lambda log: (int(log["blockNumber"], 16), int(log["logIndex"], 16)))

    def _query(self, first: int, last: int) -> dict[str, str]:
        return {"address": self._address, "fromBlock": hex(first), "toBlock": hex(last)}

    def _adapt(self, blocks: int, seconds: float, logs: int) -> None:
        if seconds > SLOW:
            self.span = max(blocks // 2, 1)
        elif logs > MANY:
            self.span = max(blocks * MANY // logs, 1)
        elif seconds < QUICK and blocks == self.span and logs * 2 <= MANY:
            self._most = min(self._most * 1.05, MAX_SPAN)
            self.span = min(self.span * 2, int(self._most))


def _bloom(address: str) -> int:
    """The bits of a block's bloom that a log of this address sets (yellow paper, 4.3.1)."""
    digest = keccak(bytes.fromhex(address[2:]))
    bits = (int.from_bytes(digest[at : at + 2]) & 2047 for at in (0, 2, 4))
    mask = 0
    for bit in bits:
        mask |= 1 << bit
    return mask
