"""How far the mirror is behind the node, and how the outbox's lanes do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from liandong.chain.errors import ChainError
from liandong.db.outbox import OutboxLane, OutboxRequest
from liandong.http.context import Context
from liandong.http.errors import NotReady
from liandong.outbox import states
from liandong.transactions.repository import cursor

READY_LAG = 5
"""Blocks that a mirror may be behind and still be called caught up."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the mirror is. ``head`` None: the node does not answer."""

    block: int | None
    block_hash: str | None
    head: int | None
    reorgs: int

    @property
    def lag(self) -> int | None:
        """Blocks behind; 0 where the node itself is behind the mirror."""
        if self.head is None or self.block is None:
            return None
        return max(self.head - self.block, 0)


def place(context: Context) -> Place:
    """Reads the cursor and asks the node for its head."""
    try:
        head = context.node().number("eth_blockNumber")
    except ChainError:
        head = None
    with context.database.read() as session:
        at = cursor(session)
    if at is None:
        return Place(None, None, head, 0)
    return Place(at.block_number, at.block_hash, head, at.reorgs)


def require_ready(context: Context) -> Place:
    """Raises :class:`NotReady` and says why."""
    found = place(context)
    if found.head is None:
        raise NotReady("the chain's node does not answer")
    if context.trouble():
        raise NotReady(context.trouble())
    if found.block is None:
        raise NotReady("the mirror has not begun")
    if found.block - found.head > READY_LAG:
        raise NotReady(f"the node lags: it is {found.block - found.head} blocks behind what the mirror has")
    if (found.lag or 0) > READY_LAG:
        raise NotReady(f"the mirror is {found.lag} blocks behind")
    return found


def requests_by_state(session: Session) -> dict[str, int]:
    """How many requests are under way; what is final is not counted, since there are many."""
    query = (
        select(OutboxRequest.state, func.count())
        .where(col(OutboxRequest.state).in_(states.UNDER_WAY))
        .group_by(col(OutboxRequest.state))
    )
    return dict(session.exec(query).all())


def lanes(session: Session) -> list[OutboxLane]:
    """The outbox's lanes."""
    return list(session.exec(select(OutboxLane).order_by(col(OutboxLane.role))).all())
