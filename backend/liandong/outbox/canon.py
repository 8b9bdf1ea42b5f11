"""Which blocks are on the canonical chain, by what the mirror has."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from liandong.db.chain import MirrorBlock, MirrorCursor


@dataclass(frozen=True, slots=True)
class Canon:
    """The mirror's block, and the blocks that it can vouch for. ``finality`` is in blocks."""

    head: int
    finality: int
    hashes: dict[int, str]

    def stands(self, number: int, block_hash: str) -> bool:
        """Whether the block is canonical as far as the mirror has come."""
        known = self.hashes.get(number)
        if known is None:
            # below finality the mirror only keeps blocks that have events
            return number <= self.head - self.finality
        return known == block_hash

    def final(self, number: int) -> bool:
        """Whether a canonical block of this number is never undone."""
        return number <= self.head - self.finality


def canon(session: Session, finality: int, numbers: set[int]) -> Canon:
    """The canonical chain, with the hashes of these blocks."""
    head = session.scalar(select(MirrorCursor.block_number))
    known = session.execute(
        select(MirrorBlock.number, MirrorBlock.hash).where(MirrorBlock.number.in_(numbers))
    )
    return Canon(-1 if head is None else head, finality, {number: hash_ for number, hash_ in known})
