"""What the mirror knows of blocks and transactions: for whoever waits for a transaction to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from liandong.db.chain import MirrorBlock, MirrorCursor, MirrorTransaction


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A transaction on the canonical chain; ``final``: it will not be undone."""

    block_number: int
    block_hash: str
    final: bool


def confirmed(session: Session, transaction_hash: str) -> Confirmed | None:
    """A transaction with events of the settlement contract; None while the mirror has not seen it."""
    found = session.exec(
        select(MirrorBlock)
        .join(MirrorTransaction, col(MirrorTransaction.block_number) == MirrorBlock.number)
        .where(MirrorTransaction.hash == transaction_hash)
    ).first()
    cursor = session.get(MirrorCursor, 1)
    if found is None or cursor is None:
        return None
    return Confirmed(found.number, found.hash, found.number <= cursor.final_number)


def holds_block(session: Session, number: int, hash_: str) -> bool | None:
    """Whether a block is on the mirrored chain, for transactions without events and those that reverted.

    None where the mirror is not that far, or the block is final and had no events of the contract.
    """
    cursor = session.get(MirrorCursor, 1)
    if cursor is None or number > cursor.block_number:
        return None
    block = session.get(MirrorBlock, number)
    return None if block is None else block.hash == hash_
