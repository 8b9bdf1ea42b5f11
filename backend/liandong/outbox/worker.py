"""Workers: each takes what lanes it can get and moves them on, in a thread or a process of its own."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

from liandong.chain.deployment import Deployment
from liandong.chain.errors import ChainError
from liandong.chain.rpc import RpcClient
from liandong.db.session import Database
from liandong.outbox import due, lanes
from liandong.outbox.building import Builder
from liandong.outbox.contract import Contract
from liandong.outbox.errors import FeesAboveCap, LeaseLost, SignerRefused
from liandong.outbox.idle import roles_at_work
from liandong.outbox.lanes import Lease
from liandong.outbox.policy import OnWrite, Policy
from liandong.outbox.signing import TransactionSigner
from liandong.outbox.watching import Watcher

log = logging.getLogger(__name__)

SCHEDULING_ROLE = "anyone"
"""Whoever holds a lane of this role schedules what is due, since it settles it."""

TROUBLES = (ChainError, FeesAboveCap, SignerRefused, DBAPIError)
"""What passes by itself or is mended outside; the lane goes on where it was."""


class Worker:
    """Moves requests to the chain with the keys that it is given, by role; several may share the lanes.

    Not for use by several threads at once: give each its own worker.
    """

    def __init__(
        self,
        database: Database,
        client: RpcClient,
        deployment: Deployment,
        signers: Mapping[str, TransactionSigner],
        policy: Policy | None = None,
        *,
        name: str | None = None,
        on_write: OnWrite = lambda place: None,
    ) -> None:
        self.name = name or uuid.uuid4().hex
        self._database = database
        self._signers = dict(signers)
        self._lanes = tuple((role, signer.address) for role, signer in self._signers.items())
        self._policy = policy or Policy()
        self._contract = Contract(client, deployment)
        self._builder = Builder(database, self._contract, self._policy, on_write)
        self._watcher = Watcher(database, self._contract, self._policy, on_write)
        self._leases: dict[str, Lease] = {}
        self._renew_at: dict[str, float] = {}
        self._due_at = 0.0
        self._known = False
        self._checked = False
        self._elsewhere: set[str] = set()

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it has keys for."""
        return tuple(self._signers)

    def run(self, stop: threading.Event) -> None:
        """Works until told to stop. Troubles are told once in the log and in the lane's row."""
        try:
            while not stop.is_set():
                try:
                    busy = self.step()
                except DBAPIError as error:
                    log.warning("the database does not answer: %s", type(error.orig).__name__)
                    busy = False
                except Exception:
                    # a node may answer anything at all; what is stored is whole, and goes on next turn
                    log.exception("this turn failed")
                    busy = False
                if not busy:
                    stop.wait(self._policy.poll_seconds)
        finally:
            self.close()

    def step(self) -> bool:
        """One turn of every lane that this worker can hold; whether anything changed."""
        self._know_lanes()
        busy = False
        with self._database.read() as session:
            at_work = roles_at_work(session, self._lanes)
        for role, signer in self._signers.items():
            try:
                lease = self._lease(role, signer)
                if lease is None:
                    self._tell_elsewhere(role, signer.address)
                    continue
                self._elsewhere.discard(role)
                self._check_chain()
                self._schedule(lease, role)
                if role in at_work:
                    busy |= self._turn(lease, signer, role)
            except LeaseLost:
                self._leases.pop(role, None)
            except TROUBLES as error:
                self._checked = False
                self._tell(role, error)
        return busy

    def close(self) -> None:
        """Frees this worker's lanes."""
        try:
            with self._database.write() as session:
                for lease in self._leases.values():
                    lanes.give_up(session, lease)
        except DBAPIError:
            pass  # they run out by themselves
        self._leases.clear()

    def _check_chain(self) -> None:
        """What was signed for one chain must not go to another. Raises ``WrongChain``."""
        if not self._checked:
            self._contract.require_chain()
            self._checked = True

    def _tell_elsewhere(self, role: str, address: str) -> None:
        """Another worker has the lane, or had it when it died: then its lease runs out."""
        if role not in self._elsewhere:
            self._elsewhere.add(role)
            log.info("lane %s (%s) is held by another worker; waiting for its lease to end", address, role)

    def _know_lanes(self) -> None:
        if not self._known:
            with self._database.write() as session:
                for role, signer in self._signers.items():
                    lanes.ensure(session, signer.address, role)
            self._known = True

    def _lease(self, role: str, signer: TransactionSigner) -> Lease | None:
        """The lane's lease, taken anew when a third of it is over."""
        now = time.monotonic()
        if role not in self._leases or now >= self._renew_at.get(role, 0.0):
            self._leases.pop(role, None)
            with self._database.write() as session:
                lease = lanes.take(session, signer.address, self.name, self._policy.lease_seconds)
            self._renew_at[role] = now + self._policy.lease_seconds / 3
            if lease is not None:
                self._leases[role] = lease
        return self._leases.get(role)

    def _schedule(self, lease: Lease, role: str) -> None:
        """Puts what is due into the queue, for the next turn."""
        if role == SCHEDULING_ROLE and self._policy.schedule and time.monotonic() >= self._due_at:
            self._due_at = time.monotonic() + self._policy.due_seconds
            today = self._contract.today()
            with self._database.write() as session:
                lanes.hold(session, lease)
                due.schedule(session, today)

    def _turn(self, lease: Lease, signer: TransactionSigner, role: str) -> bool:
        busy = self._watcher.watch(lease, signer)
        while (stored := self._builder.build(lease, signer, role)) is not None:
            self._watcher.send(lease, *stored)
            busy = True
        return busy

    def _tell(self, role: str, error: Exception) -> None:
        # a database's words quote statements with their values
        said = type(error.orig).__name__ if isinstance(error, DBAPIError) else str(error)
        log.warning("lane %s: %s: %s", role, type(error).__name__, said)
        lease = self._leases.get(role)
        if lease is None:
            return
        try:
            with self._database.write() as session:
                lanes.hold(session, lease, trouble=f"{type(error).__name__}: {said}")
        except (DBAPIError, LeaseLost):
            self._leases.pop(role, None)
