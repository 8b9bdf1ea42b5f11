"""What became of a transaction that was mined: by the mirror's rows, or by its receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from liandong.chain.abi import abi_of
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorTransaction

Receipt = Mapping[str, Any]

NEWCOMERS = ("AgentJoined", "SupplierRegistered", "StoreRegistered")
"""Events whose first indexed value is the number that a newcomer got."""

_TOPICS = {"0x" + abi_of("ISettlementEvents").topic(event).hex() for event in NEWCOMERS}


@dataclass(frozen=True, slots=True)
class Mined:
    """Where a transaction was mined, and whether it had its effect. ``gas_used`` None: nobody asked."""

    hash: str
    block: int
    block_hash: str
    good: bool
    gas_used: int | None = None
    newcomer: int | None = None


def mined_by(receipt: Receipt) -> Mined:
    """As a receipt tells."""
    newcomer = next(
        (
            int(log["topics"][1], 16)
            for log in receipt["logs"]
            if log["topics"] and log["topics"][0] in _TOPICS
        ),
        None,
    )
    return Mined(
        receipt["transactionHash"], int(receipt["blockNumber"], 16), receipt["blockHash"],
        int(receipt["status"], 16) == 1, int(receipt["gasUsed"], 16), newcomer,
    )  # fmt: skip


def in_mirror(session: Session, hashes: Sequence[str]) -> Iterator[Mined]:
    """As the mirror's rows tell, for those of which it has events: what reverts has none."""
    if not hashes:
        return
    newcomer = (
        select(ChainEvent.account)
        .where(
            ChainEvent.block_number == MirrorTransaction.block_number,
            ChainEvent.transaction_index == MirrorTransaction.transaction_index,
            ChainEvent.name.in_(NEWCOMERS),
        )
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(MirrorTransaction.hash, MirrorTransaction.block_number, MirrorBlock.hash, newcomer)
        .join(MirrorBlock, MirrorBlock.number == MirrorTransaction.block_number)
        .where(MirrorTransaction.hash.in_(hashes))
    )
    for hash_, block, block_hash, number in session.execute(query):
        yield Mined(hash_, block, block_hash, True, newcomer=number)
