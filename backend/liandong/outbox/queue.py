"""Which requests come next, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from liandong.db.base import in_words
from liandong.db.outbox import OutboxRequest
from liandong.errors import LiandongError
from liandong.outbox import states
from liandong.outbox.errors import LeaseLost
from liandong.outbox.kinds import KINDS
from liandong.outbox.lanes import now_ms


@dataclass(slots=True)
class Member:
    """A request that goes into a call; ``result`` tells of its parts that were refused."""

    request: int
    result: dict[str, Any] | None = None
    order_number: int | None = None


class Waiting(NamedTuple):
    """A request as it is read to go into a call: rows, since there are many."""

    id: int
    kind: str
    body: dict[str, Any]
    after_request: int | None
    tries: int
    result: dict[str, Any] | None


class Recorder(NamedTuple):
    """How far the request is that records an order."""

    id: int
    state: str
    order_number: int | None
    error_name: str | None


_WAITING = tuple(getattr(OutboxRequest, name) for name in Waiting._fields)
_RECORDER = tuple(getattr(OutboxRequest, name) for name in Recorder._fields)
_TABLE = OutboxRequest.__table__  # type: ignore[attr-defined]
_COUNT = select(func.count()).where(OutboxRequest.call_id == bindparam("call"))
_MOVE = (
    update(_TABLE)
    .where(_TABLE.c.call_id == bindparam("call"))
    .values(state=bindparam("to"), changed_at=bindparam("now"))
)
_TAKE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("member"), _TABLE.c.state == states.QUEUED)
    .values(
        state=states.BUILDING, call_id=bindparam("call"), changed_at=bindparam("now"), error_name=None,
        error_detail=None, position=bindparam("place"), order_number=bindparam("number"),
        result=bindparam("told"),
    )
)  # fmt: skip
_MEMBERS = (
    select(*_WAITING).where(OutboxRequest.call_id == bindparam("call")).order_by(OutboxRequest.position)
)


def next_requests(session: Session, role: str, *, without: Sequence[str] = ()) -> Sequence[Waiting]:
    """The oldest request of a role that waits for nothing, and those of its kind that can go with it."""
    given = {"role": role, "now": now_ms()}
    first = session.execute(_ready(tuple(without), None), given | {"most": 1}).first()
    if first is None:
        return []
    most = KINDS[first.kind].most
    if most == 1:
        return [Waiting(*first)]
    return [Waiting(*row) for row in session.execute(_ready((), first.kind), given | {"most": most})]


def members(session: Session, call: int) -> Sequence[Waiting]:
    """The requests of a call, in their order."""
    return [Waiting(*row) for row in session.execute(_MEMBERS, {"call": call})]


def recorders(session: Session, requests: Sequence[Waiting]) -> dict[int, Recorder]:
    """The requests that record the orders that these are about, by their numbers."""
    wanted = {request.after_request for request in requests} - {None}
    if not wanted:
        return {}
    rows = session.execute(select(*_RECORDER).where(OutboxRequest.id.in_(wanted)))
    return {row[0]: Recorder(*row) for row in rows}


@cache
def _ready(without: tuple[str, ...], kind: str | None) -> Select[Any]:
    """Kept once made: lanes ask many times a second, and making it takes longer than the answer."""
    earlier, recorder = aliased(OutboxRequest), aliased(OutboxRequest)
    ready = (
        select(*_WAITING)
        .where(
            OutboxRequest.role == bindparam("role"),
            OutboxRequest.state == states.QUEUED,
            OutboxRequest.not_before <= bindparam("now"),
            or_(
                OutboxRequest.after_request.is_(None),
                ~exists().where(
                    recorder.id == OutboxRequest.after_request, recorder.state.in_(in_words(states.UNDER_WAY))
                ),
            ),
            or_(
                OutboxRequest.waits_on.is_(None),
                ~exists().where(
                    earlier.subject == OutboxRequest.waits_on,
                    earlier.id < OutboxRequest.id,
                    earlier.state.in_(in_words(states.UNDER_WAY)),
                ),
            ),
        )
        .order_by(OutboxRequest.id)
        .limit(bindparam("most"))
    )
    if without:
        ready = ready.where(OutboxRequest.kind.not_in(without))
    return ready if kind is None else ready.where(OutboxRequest.kind == kind)


def reject(session: Session, request: int, error: LiandongError) -> None:
    """Ends a request with the error's name; a request that another worker has taken is left alone."""
    session.execute(
        update(OutboxRequest)
        .where(OutboxRequest.id == request, OutboxRequest.state == states.QUEUED)
        .values(state=states.REJECTED, changed_at=now_ms(), result=None, **_told(error))
    )


def put_off(session: Session, request: int, error: LiandongError, milliseconds: int) -> None:
    """Leaves a request in the queue for later, and says why it waits."""
    session.execute(
        update(OutboxRequest)
        .where(OutboxRequest.id == request, OutboxRequest.state == states.QUEUED)
        .values(not_before=now_ms() + milliseconds, tries=OutboxRequest.tries + 1, **_told(error))
    )


def put_into_call(session: Session, call: int, members: Sequence[Member]) -> None:
    """Puts requests into a call. Raises :class:`LeaseLost` where another worker was quicker with one."""
    now = now_ms()
    session.connection().execute(
        _TAKE,
        [
            {
                "member": one.request, "call": call, "now": now, "place": place, "number": one.order_number,
                "told": one.result,
            }
            for place, one in enumerate(members)
        ],
    )  # fmt: skip
    if session.scalar(_COUNT, {"call": call}) != len(members):
        raise LeaseLost("a request was put into another call")


def move(session: Session, call: int, state: str) -> None:
    """All requests of a call change their state together."""
    session.connection().execute(_MOVE, {"call": call, "to": state, "now": now_ms()})


def queue_again(session: Session, call: int, error: str, most_tries: int) -> None:
    """The requests of a call that for good had no effect go back into the queue, or end if that repeats."""
    mine = OutboxRequest.call_id == call
    again = {"call_id": None, "position": None, "order_number": None, "result": None}
    session.execute(
        update(OutboxRequest)
        .where(mine, OutboxRequest.reverts >= most_tries)
        .values(
            state=states.REJECTED, changed_at=now_ms(), error_name="TransactionReverted", error_detail=error,
            **again,
        )
    )  # fmt: skip
    session.execute(
        update(OutboxRequest)
        .where(mine)
        .values(
            state=states.QUEUED, changed_at=now_ms(), not_before=0,
            reverts=OutboxRequest.reverts + 1, error_detail=error, **again,
        )
    )  # fmt: skip


def _told(error: LiandongError) -> dict[str, str]:
    return {"error_name": type(error).__name__, "error_detail": getattr(error, "detail", "") or str(error)}
