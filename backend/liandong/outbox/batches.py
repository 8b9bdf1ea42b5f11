"""Which batches calls under way are about, so that none is built on a state that another is about to change.

Calls that prove their orders pass the state of their batches; a delivery or a refund changes it. A lane's
calls are mined in their order, but the lanes' calls in any.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from liandong.chain.selections import TermsSource
from liandong.db.outbox import OutboxCall, OutboxLane
from liandong.outbox import states
from liandong.outbox.errors import LeaseLost
from liandong.outbox.kinds import KINDS


def busy(session: Session, lane: str, kind: str) -> set[int]:
    """Batches, by their first order, that a call of this kind in this lane must wait for."""
    if not KINDS[kind].proves:
        return set()
    calls = select(OutboxCall.lane, OutboxCall.kind, OutboxCall.batches).where(
        OutboxCall.state.in_(states.IN_FLIGHT), OutboxCall.batches.is_not(None)
    )
    return {
        first
        for its_lane, its_kind, batches in session.execute(calls)
        if KINDS[its_kind].changes or (KINDS[kind].changes and its_lane != lane)
        for first in batches
    }


def require_free(session: Session, lane: str, kind: str, batches: Iterable[int]) -> None:
    """Until the transaction ends nobody else stores a call about these batches.

    To be called before anything else locks a lane. Raises :class:`LeaseLost` where another was quicker.
    """
    # one after the other, always in this order
    session.execute(select(OutboxLane.address).order_by(OutboxLane.address).with_for_update()).all()
    if not busy(session, lane, kind).isdisjoint(batches):
        raise LeaseLost("another lane has a call under way about these batches")


def batch_of(book: TermsSource, part: object) -> int | None:
    """The first order of the batch of a call's part: an order's number, or a body and an order's number."""
    order = part if isinstance(part, int) else part[1]  # type: ignore[index]
    batch = None if order is None else book.batch_of(order)
    return None if batch is None else batch.first
