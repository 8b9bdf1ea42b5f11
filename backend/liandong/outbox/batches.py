"""Which batches calls under way are about, so that none is built on a state that another is about to change.

Calls that prove their orders pass the state of their batches; a delivery or a refund changes it. A lane's
calls are mined in their order, but the lanes' calls in any.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from liandong.chain.selections import TermsSource
from liandong.db.base import in_words
from liandong.db.outbox import OutboxCall, OutboxLane
from liandong.outbox import states
from liandong.outbox.errors import LeaseLost
from liandong.outbox.kinds import KINDS

PATIENCE = 6
"""How often a request is put off for what it would rather wait for, before it goes all the same."""


_PROVING = select(OutboxCall.lane, OutboxCall.kind, OutboxCall.batches).where(
    OutboxCall.state.in_(in_words(states.IN_FLIGHT)), OutboxCall.batches.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Busy:
    """Batches, by their first order, that calls under way are about.

    ``changing``: a call changes them, so that no proof of now will hold. ``proved``: another lane has passed
    proofs, which a call that changes them would make worthless; not waited for without end, since that lane
    may be stuck, and then replaces its call with proofs of that day.
    """

    changing: frozenset[int] = frozenset()
    proved: frozenset[int] = frozenset()

    def holds_up(self, batch: int | None, tries: int) -> bool:
        """Whether a request that was put off so often must wait for this batch."""
        return batch in self.changing or (batch in self.proved and tries < PATIENCE)


def busy(session: Session, lane: str, kind: str) -> Busy:
    """What matters to a call of this kind in this lane."""
    if not KINDS[kind].proves:
        return Busy()
    calls = session.execute(_PROVING).all()
    changing = (batches for _, other, batches in calls if KINDS[other].changes)
    proved = (batches for its_lane, _, batches in calls if KINDS[kind].changes and its_lane != lane)
    return Busy(frozenset(chain.from_iterable(changing)), frozenset(chain.from_iterable(proved)))


def require_free(session: Session, lane: str, kind: str, wanted: Set[int], known: Busy) -> None:
    """Until the transaction ends nobody else stores a call; none was stored that is not ``known``.

    To be called before anything else locks a lane. Raises :class:`LeaseLost` where another lane was quicker
    with one of the batches that are ``wanted``.
    """
    # one after the other, always in this order
    session.execute(select(OutboxLane.address).order_by(OutboxLane.address).with_for_update()).all()
    now = busy(session, lane, kind)
    if wanted & (now.changing | (now.proved - known.proved)):
        raise LeaseLost("another lane has a call under way about these batches")


def batch_of(book: TermsSource, part: object) -> int | None:
    """The first order of the batch of a call's part: an order's number, or a body and an order's number."""
    order = part if isinstance(part, int) else part[1]  # type: ignore[index]
    batch = None if order is None else book.batch_of(order)
    return None if batch is None else batch.first
