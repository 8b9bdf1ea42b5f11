"""From the queue to a signed and stored transaction: numbers are given and proofs are made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from liandong.db.base import in_words
from liandong.db.chain import MirrorCursor
from liandong.db.outbox import OutboxAttempt, OutboxCall, OutboxLane
from liandong.db.session import Database
from liandong.errors import LiandongError, OutOfSequence, UnknownOrder
from liandong.outbox import attempts, batches, fees, lanes, queue, states
from liandong.outbox.batches import Busy
from liandong.outbox.contract import Call, Contract
from liandong.outbox.errors import LeaseLost, NotYet
from liandong.outbox.kinds import KINDS, read_body
from liandong.outbox.kinds.body import Body, Scene
from liandong.outbox.kinds.orders import AboutOrder
from liandong.outbox.lanes import Lease, now_ms
from liandong.outbox.policy import OnWrite, Policy
from liandong.outbox.queue import Member, Recorder, Waiting
from liandong.outbox.screening import PASSING, Screened, screen
from liandong.outbox.signing import TransactionSigner
from liandong.outbox.terms import MirrorTerms

# made once: lanes ask many times a second, and making a query takes longer than its answer
_IN_FLIGHT = OutboxCall.state.in_(in_words(states.IN_FLIGHT))
_UNDER_WAY = select(func.count()).where(OutboxCall.lane == bindparam("lane"), _IN_FLIGHT)
_RECORDING = select(OutboxCall.lane).where(OutboxCall.kind == "order", _IN_FLIGHT)
_REVERTED = (
    select(OutboxCall.id).where(OutboxCall.kind == "order", OutboxCall.state == states.REVERTED).limit(1)
)
_LAST = select(func.max(OutboxCall.first_order + OutboxCall.order_count)).where(
    OutboxCall.kind == "order", OutboxCall.state.in_(in_words((*states.IN_FLIGHT, states.MINED)))
)

ANEW = 3
"""How often a batch is looked at again when another one was mined in between."""

Part = tuple[Any, Waiting]
"""A part and the request that it is of."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A call that the chain was asked about."""

    parts: list[Any]
    first: int
    call: Call


@dataclass(slots=True)
class Built:
    """A call that the chain would take, and what became of the requests that it was to be made of."""

    kind: str
    first: int | None = None
    call: Call | None = None
    tried: Tried | None = None
    gas: int = 0
    batches: set[int] = field(default_factory=set)
    busy: Busy = field(default_factory=Busy)
    members: list[Member] = field(default_factory=list)
    rejected: dict[int, LiandongError] = field(default_factory=dict)
    put_off: dict[int, tuple[int, LiandongError]] = field(default_factory=dict)


class Builder:
    """Builds the next call of a lane."""

    def __init__(self, database: Database, contract: Contract, policy: Policy, on_write: OnWrite) -> None:
        self._database = database
        self._contract = contract
        self._policy = policy
        self._on_write = on_write
        self._book: MirrorTerms | None = None

    def build(self, lease: Lease, signer: TransactionSigner, role: str) -> tuple[int, bytes] | None:
        """Stores the next call, signed; returns its number and the raw transaction to send.

        None where nothing is to be done. Raises ``LeaseLost``, ``FeesAboveCap`` and node errors; nothing
        is stored then.
        """
        while True:
            with self._database.read() as session:
                built = self._next(session, lease, signer.address, role)
            if built is None:
                return None
            if built.call is not None:
                return self._store(lease, signer, built)
            self._on_write("before refusing")
            with self._database.write() as session:
                lanes.hold(session, lease)
                self._store_refusals(session, built)
            self._on_write("refused")

    def _next(self, session: Session, lease: Lease, sender: str, role: str) -> Built | None:
        if session.scalar(_UNDER_WAY, {"lane": lease.lane}) >= self._policy.depth:
            return None
        without = ("order",) if role == "operator" and _recording_is_stuck(session, lease.lane) else ()
        requests = queue.next_requests(session, role, without=without)
        if not requests:
            return None
        kind = requests[0].kind
        # before any batch is read, so that what is not under way any more is in what is read
        built = Built(kind, busy=batches.busy(session, lease.lane, kind))
        book = self._book = MirrorTerms.after(self._book, session)
        parts = self._parts(session, requests, book, built)
        for _ in range(ANEW):
            first = self._contract.next_order() if kind == "order" else 0
            settlement = self._contract.deployment.settlement
            scene = Scene(book, first, settlement, self._contract.today)
            screened = self._screen(sender, KINDS[kind], parts, scene, built)
            if not any(isinstance(error, OutOfSequence) for error in screened.refused.values()):
                break
        self._sort(parts, screened, built)
        if built.rejected and not self._on_the_mirrors_chain(session):
            # in a reorg, or behind another node, the chain may refuse what it took before and takes again
            later = self._policy.retry_ms(0)
            built.put_off |= {request: (later, error) for request, error in built.rejected.items()}
            built.rejected.clear()
        taken = [parts[place][0] for place in screened.accepted]
        if taken:
            if kind == "order":
                built.first = first = max(first, _after_those_under_way(session))
                for place, member in enumerate(built.members):
                    member.order_number = first + place
            tried = built.tried
            if tried is not None and tried.parts == taken and tried.first == first:
                built.call = tried.call
            else:
                built.call = self._contract.encode(KINDS[kind].call(taken, replace(scene, first=first)))
            built.gas = screened.gas
            if KINDS[kind].proves:
                built.batches = {batches.batch_of(scene.book, part) for part in taken} - {None}
        return built

    def _parts(
        self, session: Session, requests: Sequence[Waiting], book: MirrorTerms, built: Built
    ) -> list[Part]:
        """The requests taken apart, ascending by order where they name orders."""
        recorders = queue.recorders(session, requests)
        parts: list[Part] = []
        for request in requests:
            try:
                body = read_body(request.kind, request.body)
                order = _order_of(body, request, recorders)
                found = [(part, request) for part in body.parts(order)]
                if parts and len(parts) + len(found) > body.most:
                    break
                parts += found
            except NotYet as error:
                built.put_off[request.id] = (self._policy.retry_ms(request.tries), error)
            except LiandongError as error:
                built.rejected[request.id] = error
        if built.kind in ("deliver", "void", "settle"):
            parts.sort(key=lambda one: one[0])
        if KINDS[built.kind].changes and len(parts) == KINDS[built.kind].most:
            return _up_to_a_batchs_end(parts, book)
        return parts

    def _screen(
        self, sender: str, kind: type[Body], parts: Sequence[Part], scene: Scene, built: Built
    ) -> Screened:
        """What the chain would take now of what need not wait for a batch."""

        def call(chosen: Sequence[Any]) -> Call:
            found = self._contract.encode(kind.call(chosen, scene))
            built.tried = Tried(list(chosen), scene.first, found)
            return found

        waiting = _waiting(parts, scene, built.busy)
        free = [place for place in range(len(parts)) if place not in waiting]
        found = screen(
            [parts[place][0] for place in free],
            lambda chosen: self._contract.estimate(sender, call(chosen)),
            lambda chosen: self._contract.refusals(sender, [call([part]) for part in chosen]),
        )
        refused = {free[place]: error for place, error in found.refused.items()}
        changing = NotYet("a call about its batch is under way: ask again when that has taken effect")
        return Screened(
            [free[place] for place in found.accepted],
            found.gas,
            refused | dict.fromkeys(waiting, changing),
        )

    def _sort(self, parts: Sequence[Part], screened: Screened, built: Built) -> None:
        """What is accepted becomes the call's; a request of which nothing is left is rejected."""
        accepted = {parts[place][1].id for place in screened.accepted}
        refused: dict[int, dict[Any, LiandongError]] = {}
        for place, error in screened.refused.items():
            part, request = parts[place]
            refused.setdefault(request.id, {})[part if built.kind == "settle" else None] = error
        if built.kind == "settle":
            left = set(range(len(parts))) - set(screened.accepted) - set(screened.refused)
            for place in left:
                part, request = parts[place]
                if request.id in accepted:
                    error = NotYet("all at once take too much gas: ask again for this one")
                    refused.setdefault(request.id, {})[part] = error
        for request in dict.fromkeys(request.id for _, request in parts):
            errors = refused.get(request, {})
            if request in accepted:
                result = {"refused": {str(part): _written(error) for part, error in errors.items()}}
                built.members.append(Member(request, result if errors else None))
            elif errors:
                passing = (one for one in errors.values() if isinstance(one, PASSING))
                error = next(passing, next(iter(errors.values())))
                if isinstance(error, PASSING):
                    tries = next(one.tries for _, one in parts if one.id == request)
                    built.put_off[request] = (self._policy.retry_ms(tries), error)
                else:
                    built.rejected[request] = error

    def _on_the_mirrors_chain(self, session: Session) -> bool:
        cursor = session.scalars(select(MirrorCursor)).one_or_none()
        if cursor is None:
            return False
        block = self._contract.client.call("eth_getBlockByNumber", hex(cursor.block_number), False)
        return block is not None and block["hash"] == cursor.block_hash

    def _store(self, lease: Lease, signer: TransactionSigner, built: Built) -> tuple[int, bytes]:
        """Nonce, raw transaction, its requests and the refused ones: one transaction of the database."""
        assert built.call is not None
        client, deployment = self._contract.client, self._contract.deployment
        now_fees = fees.current(client, self._policy.caps)
        with self._database.read() as session:
            lane = session.get_one(OutboxLane, lease.lane)
            mined = int(client.call("eth_getTransactionCount", signer.address, "latest"), 16)
            # transactions that somebody else sends with this key are passed over
            nonce = max(lane.next_nonce or 0, mined)
        signed = attempts.sign(signer, deployment.chain_id, nonce, built.call, built.gas, now_fees)
        self._on_write("before store")
        with self._database.write() as session:
            if built.batches:
                batches.require_free(session, lease.lane, built.kind, built.batches, built.busy)
            lanes.hold(session, lease, next_nonce=nonce + 1, trouble=None)
            if built.first is not None and _after_those_under_way(session) > built.first:
                raise LeaseLost("another lane has given these order numbers")
            call = OutboxCall(
                lane=lease.lane, nonce=nonce, kind=built.kind, state=states.BUILDING, gas=built.gas,
                first_order=built.first, order_count=len(built.members) if built.first is not None else 0,
                created_at=now_ms(), batches=sorted(built.batches) or None,
            )  # fmt: skip
            session.add(call)
            session.flush()
            session.add(
                OutboxAttempt(
                    call_id=call.id,
                    hash=signed.hash,
                    raw=signed.raw,
                    max_fee=now_fees.most,
                    tip=now_fees.tip,
                    created_at=now_ms(),
                )
            )
            queue.put_into_call(session, call.id, built.members)
            self._store_refusals(session, built)
            number = call.id
        self._on_write("stored")
        return number, signed.raw

    def _store_refusals(self, session: Session, built: Built) -> None:
        for request, error in built.rejected.items():
            queue.reject(session, request, error)
        for request, (milliseconds, error) in built.put_off.items():
            queue.put_off(session, request, error, milliseconds)


def rebuilt(session: Session, contract: Contract, call: OutboxCall) -> Call:
    """A stored call as it would be built now: the same requests and numbers, with proofs of today."""
    requests = queue.members(session, call.id)
    recorders = queue.recorders(session, requests)
    kind = KINDS[call.kind]
    parts: list[Any] = []
    for request in requests:
        body = read_body(request.kind, request.body)
        refused = (request.result or {}).get("refused", {})
        found = body.parts(_order_of(body, request, recorders))
        parts += [part for part in found if str(part) not in refused] if refused else found
    if call.kind in ("deliver", "void", "settle"):
        parts.sort()
    scene = Scene(MirrorTerms(session), call.first_order or 0, contract.deployment.settlement, contract.today)
    return contract.encode(kind.call(parts, scene))


def _order_of(body: Body, request: Waiting, recorders: Mapping[int, Recorder]) -> int | None:
    """The number of the order that a body is about. Raises ``NotYet`` and ``UnknownOrder``."""
    if not isinstance(body, AboutOrder):
        return None
    order = body.order
    if request.after_request is not None:
        recorder = recorders[request.after_request]
        if recorder.state == states.REJECTED:
            raise UnknownOrder(f"request {recorder.id} was rejected with {recorder.error_name}")
        if recorder.state in states.UNDER_WAY or recorder.order_number is None:
            raise NotYet(f"waits for request {recorder.id}, which records its order")
        order = recorder.order_number
    return order


def _up_to_a_batchs_end(parts: list[Part], book: MirrorTerms) -> list[Part]:
    """Without those of the last batch, which may go on in the next call: that one would wait for this one."""
    of = [batches.batch_of(book, part) for part, _ in parts]
    cut = of.index(of[-1])
    return parts[:cut] or parts


def _waiting(parts: Sequence[Part], scene: Scene, busy: Busy) -> set[int]:
    """Places of parts that must wait for a batch; with them, for some time, all parts of their requests."""
    if not busy.changing and not busy.proved:
        return set()
    places = {
        place
        for place, (part, request) in enumerate(parts)
        if busy.holds_up(batches.batch_of(scene.book, part), request.tries)
    }
    whole = {parts[place][1].id for place in places if parts[place][1].tries < batches.PATIENCE}
    return places | {place for place, (_, request) in enumerate(parts) if request.id in whole}


def _recording_is_stuck(session: Session, lane: str) -> bool:
    """Whether new numbers would only fail: behind a batch that reverted, or beside another lane's."""
    lanes_recording = set(session.scalars(_RECORDING))
    if lanes_recording - {lane}:
        return True
    return bool(lanes_recording) and session.scalar(_REVERTED) is not None


def _after_those_under_way(session: Session) -> int:
    """The order number after those of batches that may still be mined."""
    return session.scalar(_LAST) or 0


def _written(error: LiandongError) -> dict[str, str]:
    return {"error": type(error).__name__, "detail": getattr(error, "detail", "") or str(error)}
