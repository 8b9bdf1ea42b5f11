"""The Merkle tree over a batch of orders, proved by position (contracts/pure/BatchTree.sol).

Leaf i is the batch's order ``first + i``. A level of odd width passes its last node up as it is. A proof
holds the nodes that are missing, level by level from the left, and nothing for a whole batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eth_hash.auto import keccak

from liandong.chain.deliveries import MAX_WIDTH


def leaf(order: int, amounts: int, parties: int) -> bytes:
    """The leaf of an order: the hash of its number and its two words of terms."""
    return keccak(order.to_bytes(32) + amounts.to_bytes(32) + parties.to_bytes(32))


def commitment(root: bytes, width: int, deliveries: Iterable[int]) -> bytes:
    """What the contract stores of a batch: its root bound to its width and to its words of deliveries."""
    return keccak(b"".join((root, width.to_bytes(32), *(word.to_bytes(32) for word in deliveries))))


class BatchTree:
    """A batch's tree with all its levels, so that proofs and changed leaves are cheap."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        if not 1 <= len(leaves) <= MAX_WIDTH:
            raise ValueError(f"a batch has 1 to {MAX_WIDTH} orders, not {len(leaves)}")
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            self._levels.append([_above(below, i) for i in range((len(below) + 1) // 2)])

    @property
    def width(self) -> int:
        """How many orders the batch has."""
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        return self._levels[-1][0]

    def replace(self, position: int, new: bytes) -> None:
        """Puts another leaf in a place."""
        self._levels[0][position] = new
        for below, level in zip(self._levels, self._levels[1:], strict=False):
            position //= 2
            level[position] = _above(below, position)

    def proof(self, members: Iterable[int]) -> list[bytes]:
        """The nodes that are missing to get from the leaves at these positions to the root."""
        known = sorted(set(members))
        if not known or known[0] < 0 or known[-1] >= self.width:
            raise ValueError(f"members must be positions 0 to {self.width - 1}, at least one")
        missing: list[bytes] = []
        for level in self._levels[:-1]:
            at = set(known)
            for position in known:
                sibling = position ^ 1
                if sibling not in at and sibling < len(level):
                    missing.append(level[sibling])
            known = sorted({position // 2 for position in known})
        return missing


def _above(below: Sequence[bytes], position: int) -> bytes:
    pair = below[2 * position : 2 * position + 2]
    return keccak(pair[0] + pair[1]) if len(pair) == 2 else pair[0]
