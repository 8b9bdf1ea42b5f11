"""Which blocks are on the canonical chain, by what the mirror has."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from liandong.db.chain import MirrorBlock, MirrorCursor


@dataclass(frozen=True, slots=True)
class Canon:
    """The mirror's last block, the last that is never undone, and hashes of canonical blocks."""

    head: int
    final: int
    hashes: dict[int, str]

    def stands(self, number: int, block_hash: str) -> bool | None:
        """Whether the block is canonical as far as the mirror has come.

        None: the mirror cannot tell, since of final blocks it only keeps those that have events.
        """
        if number > self.head:
            return False
        known = self.hashes.get(number)
        return known == block_hash if known is not None else None if number <= self.final else False


def canon(session: Session, numbers: set[int]) -> Canon:
    """The canonical chain, with the hashes of these blocks."""
    cursor = session.execute(select(MirrorCursor.block_number, MirrorCursor.final_number)).one_or_none()
    head, final = cursor or (-1, -1)
    known = session.execute(
        select(MirrorBlock.number, MirrorBlock.hash).where(MirrorBlock.number.in_(numbers))
    )
    return Canon(head, final, {number: hash_ for number, hash_ in known})
