"""An agent's deposit: which orders held back for it, what else went in and out, until when it is locked.

Rules § 4: of a cross-border order's service fee, holdback_bps go to the seller's deposit, debt first. Whoever
is not frozen and has no debt can take it back from deposit_lock_days after the last holdback on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from liandong.chain.words import CROSS_BORDER
from liandong.db.chain import ChainEvent
from liandong.db.money import Account
from liandong.db.orders import SalesOrder
from liandong.db.people import Participant
from liandong.orders.repository import EVENTS, EventRow, event_row
from liandong.payouts import earnings

NAMES = ("ServicePaid", "DepositPaid", "DepositReleased", "DepositSlashed")
"""Events that tell of a deposit. A refund that takes of it tells only the sum that it took in all."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """What became of all that ever went in, in minor units; ``locked_until`` is a day since deployment."""

    amount: int
    debt: int
    locked_until: int
    frozen: bool
    held_back: int
    paid_in: int
    released: int
    slashed: int

    @property
    def set_off(self) -> int:
        """What paid debt or refunds of the agent's orders: nothing else takes of a deposit."""
        return self.held_back + self.paid_in - self.released - self.slashed - self.amount

    def free_on(self, today: int) -> bool:
        """Whether the contract would pay it back on a day."""
        return self.amount > 0 and self.debt == 0 and not self.frozen and today >= self.locked_until


@dataclass(frozen=True, slots=True)
class Movement:
    """One change: ``kind`` is held back, deposit, deposit released or deposit slashed."""

    kind: str
    amount: int
    order: int | None
    block: int
    log_index: int
    at: int | None
    transaction: str | None


def deposit(session: Session, agent: Participant) -> Deposit:
    """An agent's deposit as it is now."""
    row: Account = earnings.account(session, agent.number)
    sums: Counter[str] = Counter()
    query = select(ChainEvent.name, ChainEvent.amount, ChainEvent.detail)
    for name, amount, detail in session.exec(query.where(*_of(agent.number))):
        sums[name] += _held_back(detail) if name == "ServicePaid" else amount or 0
    return Deposit(
        amount=row.deposit, debt=row.debt, locked_until=row.locked_until, frozen=agent.frozen,
        held_back=sums["ServicePaid"], paid_in=sums["DepositPaid"], released=sums["DepositReleased"],
        slashed=sums["DepositSlashed"],
    )  # fmt: skip


def movements(session: Session, agent: int, before: tuple[int, ...] | None, rows: int) -> list[Movement]:
    """What went in and out, newest first, from a place (block, log index) on."""
    block, index = col(ChainEvent.block_number), col(ChainEvent.log_index)
    query = EVENTS.where(*_of(agent), _holds_back_if_service())
    if before is not None:
        query = query.where((block < before[0]) | ((block == before[0]) & (index < before[1])))
    found = session.execute(query.order_by(block.desc(), index.desc()).limit(rows))
    return [_movement(event_row(row)) for row in found]


def insured(session: Session, agent: int, rows: int) -> Sequence[SalesOrder]:
    """An agent's cross-border orders that carry insurance, newest first."""
    query = select(SalesOrder).where(
        SalesOrder.seller == agent, SalesOrder.channel == CROSS_BORDER, SalesOrder.insurance > 0,
        col(SalesOrder.state).in_(("recorded", "settled")),
    )  # fmt: skip
    return session.exec(query.order_by(col(SalesOrder.number).desc()).limit(rows)).all()


def _of(agent: int):  # type: ignore[no-untyped-def]
    return ChainEvent.account == agent, col(ChainEvent.name).in_(NAMES)


def _holds_back_if_service():  # type: ignore[no-untyped-def]
    """Plans may hold back nothing; such fees are no movements."""
    nothing = col(ChainEvent.detail).like('%"heldBack":0%')
    return (col(ChainEvent.name) != "ServicePaid") | ~nothing


def _movement(row: EventRow) -> Movement:
    event, transaction, at = row
    kinds = {"DepositPaid": "deposit", "DepositReleased": "deposit released"}
    kind = "held back" if event.name == "ServicePaid" else kinds.get(event.name, "deposit slashed")
    amount = _held_back(event.detail) if event.name == "ServicePaid" else event.amount or 0
    leaves = event.name in ("DepositReleased", "DepositSlashed")
    return Movement(
        kind, -amount if leaves else amount, event.order_number, event.block_number, event.log_index, at,
        transaction,
    )  # fmt: skip


def _held_back(detail: str | None) -> int:
    return int(json.loads(detail or "{}").get("heldBack", 0))
