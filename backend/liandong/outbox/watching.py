"""What became of the calls that are under way: receipts, reorgs, what is forgotten and what is stuck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from liandong.chain.signer import Fees
from liandong.db.base import in_words
from liandong.db.chain import MirrorTransaction
from liandong.db.outbox import OutboxAttempt, OutboxCall, OutboxLane, OutboxRequest
from liandong.db.session import Database
from liandong.errors import LiandongError
from liandong.outbox import attempts, fees, lanes, queue, states
from liandong.outbox.building import rebuilt
from liandong.outbox.canon import Canon, canon
from liandong.outbox.contract import Contract
from liandong.outbox.lanes import Lease, now_ms
from liandong.outbox.mined import Mined, Receipt, in_mirror, mined_by
from liandong.outbox.policy import OnWrite, Policy
from liandong.outbox.signing import TransactionSigner

EMPTY_GAS = 21_000
"""What a transaction to oneself without data takes."""

_MINED = select(
    OutboxCall.id, OutboxCall.state, OutboxCall.block_number, OutboxCall.block_hash, OutboxCall.error
).where(
    OutboxCall.lane == bindparam("lane"), OutboxCall.state.in_(in_words((states.MINED, states.REVERTED)))
)  # fmt: skip
_CALLS = (
    select(OutboxCall)
    .where(OutboxCall.lane == bindparam("lane"), OutboxCall.state.in_(in_words(states.IN_FLIGHT)))
    .order_by(OutboxCall.nonce)
)

Block = tuple[int, str]
"""Number and hash."""


@dataclass(slots=True)
class UnderWay:
    """A call that has no receipt yet, and its attempts, the newest last."""

    call: OutboxCall
    attempts: list[OutboxAttempt]


class Watcher:
    """Follows the calls of a lane until they are final."""

    def __init__(self, database: Database, contract: Contract, policy: Policy, on_write: OnWrite) -> None:
        self._database = database
        self._contract = contract
        self._client = contract.client
        self._policy = policy
        self._on_write = on_write
        self._capped: int | None = None
        """The call that is stuck, but at a fee that the caps do not let be raised."""

    def watch(self, lease: Lease, signer: TransactionSigner) -> bool:
        """One look at all calls of the lane; whether anything changed. Raises ``LeaseLost``."""
        changed = self._settle_mined(lease)
        with self._database.read() as session:
            under_way = _under_way(session, lease.lane)
        if not under_way:
            return changed
        mined = int(self._client.call("eth_getTransactionCount", signer.address, "latest"), 16)
        if mined < under_way[0].call.nonce:
            self._fill_gap(signer, mined, under_way[0].call.nonce)
        found = self._mined(under_way, mined)
        confirmed = self._confirm(lease, under_way, found)
        waiting = [one for one in under_way if one.call.id not in found]
        for one in waiting:
            if one.call.nonce < mined:
                self._look_if_displaced(lease, signer, one)
        waiting = [one for one in waiting if one.call.nonce >= mined]
        if waiting and self._is_stuck(waiting[0]):
            self._replace(lease, signer, waiting[0])
        for one in waiting:
            self._send_again(lease, one)
        if waiting and self._capped == waiting[0].call.id:
            self._tell_capped(lease, waiting[0])
        return changed or confirmed

    # --- mined

    def _mined(self, under_way: Sequence[UnderWay], used: int) -> dict[int, Mined | None]:
        """By call, of whichever attempt was mined; None where only the mirror is not there yet.

        What the mirror has needs no receipt: it tells of effects only, and receipts are long. One of a
        transaction without any effect is asked for when the mirror has passed its block.
        """
        hashes = [attempt.hash for one in under_way for attempt in one.attempts]
        with self._database.read() as session:
            mirrored = {row.hash: row for row in in_mirror(session, hashes)}
            head = canon(session, set()).head
        found: dict[int, Mined | None] = {}
        others: list[UnderWay] = []
        for one in under_way:
            row = next((mirrored[each.hash] for each in one.attempts if each.hash in mirrored), None)
            if row is not None:
                found[one.call.id] = row
            elif one.call.nonce < used:
                others.append(one)
        asked = [(one, attempt.hash) for one in others for attempt in one.attempts]
        answers = self._client.batch([("eth_getTransactionByHash", (hash_,)) for _, hash_ in asked])
        for (one, _), answer in zip(asked, answers, strict=True):
            if isinstance(answer, Mapping) and answer.get("blockNumber") is not None:
                found[one.call.id] = None
                if int(answer["blockNumber"], 16) <= head and (receipt := self._receipt(one)) is not None:
                    found[one.call.id] = mined_by(receipt)
        return found

    def _receipt(self, one: UnderWay) -> Receipt | None:
        """Of whichever attempt was mined."""
        asked = [("eth_getTransactionReceipt", (attempt.hash,)) for attempt in one.attempts]
        answers = self._client.batch(asked)
        return next((answer for answer in answers if isinstance(answer, Mapping)), None)

    def _confirm(
        self, lease: Lease, under_way: Sequence[UnderWay], found: Mapping[int, Mined | None]
    ) -> bool:
        """What the mirror has on the canonical chain, too, is mined."""
        blocks = {mined.block for mined in found.values() if mined is not None}
        if not blocks:
            return False
        with self._database.read() as session:
            chain = canon(session, blocks)
        standing = self._standing(
            chain, [(mined.block, mined.block_hash) for mined in found.values() if mined is not None]
        )
        stand = [
            (one, mined) for one in under_way
            if (mined := found.get(one.call.id)) is not None and standing[mined.block, mined.block_hash]
        ]  # fmt: skip
        if not stand:
            return False
        self._on_write("before mined")
        with self._database.write() as session:
            lanes.hold(session, lease)
            for one, mined in stand:
                self._store_mined(session, one, mined)
        self._on_write("mined")
        return True

    def _store_mined(self, session: Session, one: UnderWay, mined: Mined) -> None:
        error = None
        if not mined.good:
            sent = next(each for each in one.attempts if each.hash == mined.hash)
            error = self._contract.reason(one.call.lane, attempts.call_of(sent.raw), mined.block)
        session.execute(
            update(OutboxCall)
            .where(OutboxCall.id == one.call.id)
            .values(
                state=states.MINED if mined.good else states.REVERTED,
                block_number=mined.block,
                block_hash=mined.block_hash,
                transaction_hash=mined.hash,
                gas_used=mined.gas_used,
                error=error,
            )
        )
        if mined.good:
            queue.move(session, one.call.id, states.MINED)
            if mined.newcomer is not None:
                session.execute(
                    update(OutboxRequest)
                    .where(OutboxRequest.call_id == one.call.id)
                    .values(result={"participant": mined.newcomer})
                )
        else:
            # an earlier state may have been mined before a reorg; without effect it is not mined
            queue.move(session, one.call.id, states.SENT)

    def _settle_mined(self, lease: Lease) -> bool:
        """Calls whose block was undone are sent again; those at finality depth are done with."""
        with self._database.read() as session:
            rows = session.execute(_MINED, {"lane": lease.lane}).all()
            if not rows:
                return False
            chain = canon(session, {row.block_number for row in rows})
        standing = self._standing(chain, [(row.block_number, row.block_hash) for row in rows])
        undone = [row for row in rows if standing[row.block_number, row.block_hash] is False]
        final = [
            row for row in rows
            if row.block_number <= chain.final and standing[row.block_number, row.block_hash]
        ]  # fmt: skip
        if not undone and not final:
            return False
        self._on_write("before final")
        with self._database.write() as session:
            lanes.hold(session, lease)
            for row in undone:
                _change(session, row.id, state=states.SENT, block_number=None, block_hash=None, sent_at=None)
                queue.move(session, row.id, states.SENT)
            for row in final:
                if row.state == states.MINED:
                    _change(session, row.id, state=states.FINAL)
                    queue.move(session, row.id, states.FINAL)
                else:
                    _change(session, row.id, state=states.UNDONE)
                    queue.queue_again(session, row.id, row.error or "", self._policy.tries)
        self._on_write("final")
        return True

    def _standing(self, chain: Canon, blocks: Sequence[Block]) -> dict[Block, bool | None]:
        """Whether each block is canonical; None where neither mirror nor node can tell now.

        What the mirror has not kept, the node is asked: a call may have been mined in a block that was
        replaced by one without events, and nobody looked before that one was final.
        """
        found = {block: chain.stands(*block) for block in blocks}
        unknown = [block for block, stands in found.items() if stands is None]
        asked = [("eth_getBlockByNumber", (hex(number), False)) for number, _ in unknown]
        for block, answer in zip(unknown, self._client.batch(asked), strict=True):
            if isinstance(answer, Mapping) and "hash" in answer:
                found[block] = answer["hash"] == block[1]
        return found

    # --- not mined

    def _fill_gap(self, signer: TransactionSigner, start: int, stop: int) -> None:
        """Uses up the nonces from ``start`` to before ``stop`` that nothing is under way for.

        They are left where a fork takes away what had used them for good: a call that reverted, or a
        transaction that is not of the outbox. All after them would wait. What goes there has no effect, so it
        need not be stored.
        """
        with self._database.read() as session:
            lane = OutboxCall.lane == signer.address.lower()
            wanted = lane & OutboxCall.nonce.between(start, stop - 1) & (OutboxCall.state != states.UNDONE)
            taken = set(session.scalars(select(OutboxCall.nonce).where(wanted)))
        free = [nonce for nonce in range(start, stop) if nonce not in taken]
        if not free:
            return
        now = fees.current(self._client, self._policy.caps)
        for nonce in free:
            nothing = (signer.address, b"")
            attempts.send(
                self._client,
                attempts.sign(signer, self._contract.deployment.chain_id, nonce, nothing, EMPTY_GAS, now).raw,
            )

    def _look_if_displaced(self, lease: Lease, signer: TransactionSigner, one: UnderWay) -> None:
        """The nonce was used, but by none of our attempts as far as the node tells: is that for good?"""
        with self._database.read() as session:
            hashes = [attempt.hash for attempt in one.attempts]
            if session.scalar(select(MirrorTransaction.hash).where(MirrorTransaction.hash.in_(hashes))):
                return
            final = canon(session, set()).final
        if final < 0:
            return
        used = int(self._client.call("eth_getTransactionCount", signer.address, hex(final)), 16)
        if used <= one.call.nonce or self._receipt(one):
            return
        self._on_write("before displaced")
        with self._database.write() as session:
            lanes.hold(session, lease)
            error = f"nonce {one.call.nonce} went to a transaction that is not of the outbox"
            _change(session, one.call.id, state=states.UNDONE, error=error)
            queue.queue_again(session, one.call.id, error, self._policy.tries)
        self._on_write("displaced")

    def _is_stuck(self, one: UnderWay) -> bool:
        since = now_ms() - one.attempts[-1].created_at
        return one.call.sent_at is not None and since > self._policy.stuck_seconds * 1000

    def _replace(self, lease: Lease, signer: TransactionSigner, one: UnderWay) -> None:
        """The same nonce at a higher fee, with proofs of today."""
        last = one.attempts[-1]
        now = fees.current(self._client, self._policy.caps)
        higher = fees.raised(Fees(last.max_fee, last.tip), now, self._policy.caps)
        self._capped = one.call.id if higher is None and last.max_fee else None
        if higher is None:
            return
        call, gas = attempts.call_of(last.raw), one.call.gas
        with self._database.read() as session:
            try:
                anew = rebuilt(session, self._contract, one.call)
                if anew[1] != call[1]:
                    gas = max(gas, self._contract.estimate(signer.address, anew))
                    call = anew
            except LiandongError:
                # the chain refuses it now; the nonce must be used all the same, and its revert says why
                pass
        signed = attempts.sign(signer, self._contract.deployment.chain_id, one.call.nonce, call, gas, higher)
        attempt = OutboxAttempt(
            call_id=one.call.id, hash=signed.hash, raw=signed.raw, max_fee=higher.most, tip=higher.tip,
            created_at=now_ms(),
        )  # fmt: skip
        self._on_write("before replace")
        with self._database.write() as session:
            lanes.hold(session, lease)
            session.add(attempt)
            _change(session, one.call.id, gas=gas, sent_at=None)
        self._on_write("replaced")
        one.attempts.append(attempt)
        one.call.sent_at = None

    def _tell_capped(self, lease: Lease, one: UnderWay) -> None:
        trouble = (
            f"nonce {one.call.nonce} is stuck, and nodes take a replacement only above the fee caps: raise "
            "LIANDONG_FEE_CAP_GWEI and LIANDONG_TIP_CAP_GWEI, or wait"
        )
        with self._database.write() as session:
            if session.get_one(OutboxLane, lease.lane).trouble != trouble:
                lanes.hold(session, lease, trouble=trouble)

    def _send_again(self, lease: Lease, one: UnderWay) -> None:
        """Sends what was stored: for the first time, or because nodes forget."""
        last_sent = one.call.sent_at
        if last_sent is not None and now_ms() - last_sent < self._policy.resend_seconds * 1000:
            return
        self.send(lease, one.call.id, one.attempts[-1].raw)

    def send(self, lease: Lease, call: int, raw: bytes) -> None:
        """Sends a stored transaction and writes down that it was sent."""
        refused = attempts.send(self._client, raw)
        self._on_write("sent")
        with self._database.write() as session:
            lanes.hold(session, lease, trouble=refused)
            _change(session, call, sent_at=now_ms())
            if refused is None:
                before = (OutboxCall.id == call) & (OutboxCall.state == states.BUILDING)
                session.execute(update(OutboxCall).where(before).values(state=states.SENT))
                queue.move(session, call, states.SENT)
        self._on_write("sent stored")


def _under_way(session: Session, lane: str) -> list[UnderWay]:
    calls = session.scalars(_CALLS, {"lane": lane}).all()
    if not calls:
        return []
    by_call: dict[int, list[OutboxAttempt]] = defaultdict(list)
    query = (
        select(OutboxAttempt)
        .where(OutboxAttempt.call_id.in_([call.id for call in calls]))
        .order_by(OutboxAttempt.id)
    )
    for attempt in session.scalars(query):
        by_call[attempt.call_id].append(attempt)
    found = [UnderWay(call, by_call[call.id]) for call in calls]
    session.expunge_all()
    return found


def _change(session: Session, call: int, **values: Any) -> None:
    session.execute(update(OutboxCall).where(OutboxCall.id == call).values(**values))
