"""A funded deployment, a mirror and workers, moved on step by step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dev_nodes import DevNode
from forks import Forks
from sqlalchemy import func, select

from liandong.chain.deployer import deploy
from liandong.chain.deployment import Roles
from liandong.chain.local import local_signer
from liandong.chain.node import NodeClock
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import Keys, SettlementClient
from liandong.chain.signer import Sender, Signer
from liandong.db.outbox import OutboxCall, OutboxRequest
from liandong.db.session import Database
from liandong.mirror.follower import Follower
from liandong.outbox import requests, states
from liandong.outbox.policy import OnWrite, Policy
from liandong.outbox.signing import LocalSigner
from liandong.outbox.worker import Worker

DAY = 86_400
RICH = 10**12
FINALITY = 3

ROLES = ("operator", "risk", "treasurer", "guardian", "plan_admin", "admin", "anyone")

_shops = itertools.count()

FAST = Policy(poll_seconds=0.01, resend_seconds=0.0, stuck_seconds=600, due_seconds=1e9, retry_seconds=0.01)
"""What is not mined is sent again at every look; nothing is replaced or scheduled by itself."""


@dataclass
class Shop:
    """What tests act on. ``client`` is for setting scenes and for views; steps go through the outbox."""

    node: DevNode
    rpc: RpcClient
    database: Database
    client: SettlementClient
    follower: Follower
    supplier: int
    boss: int
    policy: Policy = FAST
    workers: list[Worker] = field(default_factory=list)
    forks: Forks | None = None
    """Where blocks are mined by hand, so that they can be undone."""

    @property
    def clock(self) -> NodeClock:
        return NodeClock(self.rpc)

    def worker(
        self, *, roles: tuple[str, ...] = ROLES, on_write: OnWrite = lambda place: None, **policy: Any
    ) -> Worker:
        """A worker with the shop's keys."""
        signers = {role: LocalSigner(getattr(self.client.keys, role).account) for role in roles}
        return Worker(
            self.database, RpcClient(self.node.url), self.client.deployment, signers,
            replace(self.policy, **policy), on_write=on_write,
        )  # fmt: skip

    def order(self, price: int = 10_000, **more: int) -> dict[str, int]:
        """The body of a retail order."""
        return {"channel": 0, "price": price, "supplier": self.supplier, "seller": self.boss} | more

    def submit(self, key: str, kind: str, body: Mapping[str, Any], caller: str = "mall") -> OutboxRequest:
        with self.database.write() as session:
            return requests.submit(session, caller, key, kind, body)

    def get(self, request: int | OutboxRequest) -> OutboxRequest:
        number = request if isinstance(request, int) else request.id
        with self.database.read() as session:
            return requests.get(session, number)

    def states(self) -> dict[str, int]:
        """How many requests are in which state."""
        with self.database.read() as session:
            query = select(OutboxRequest.state, func.count()).group_by(OutboxRequest.state)
            return {state: count for state, count in session.execute(query)}

    def calls(self) -> list[OutboxCall]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboxCall).order_by(OutboxCall.lane, OutboxCall.nonce)))

    def drive(self, *workers: Worker, until: Callable[[], bool] | None = None, turns: int = 400) -> None:
        """Lets mirror and workers take turns until all requests are mined or rejected."""
        for _ in range(turns):
            self.follower.catch_up()
            for worker in workers:
                worker.step()
            if (until or self.idle)():
                return
        raise AssertionError(f"not done after {turns} turns: {self.states()}")

    def idle(self) -> bool:
        return not any(self.states().get(state) for state in states.UNDER_WAY)

    def mine(self, blocks: int = FINALITY) -> None:
        for _ in range(blocks):
            if self.forks is None:
                self.rpc.call("evm_mine")
            else:
                self.forks.mine()

    def days_pass(self, days: int) -> None:
        self.clock.set(self.clock.now() + days * DAY)

    def recorded(self) -> int:
        """How many orders the contract has."""
        return self.client.read_words([("book",)])[0][2]


def open_shop(node: DevNode, database: Database) -> Shop:
    """Deploys with keys of the shop's own, since the node is shared and keeps count of nonces."""
    rpc = node.client()
    sender = Sender(rpc, fixed_gas=2**26)
    mark = f"shop {next(_shops)} of {node.port}"
    keys = Keys(**{name: local_signer(f"{mark} {name}") for name in Keys.__slots__})
    roles = Roles(
        operator=keys.operator.address, risk=keys.risk.address, treasurer=keys.treasurer.address,
        guardian=keys.guardian.address, plan_admin=keys.plan_admin.address, admin=keys.admin.address,
    )  # fmt: skip
    deployment = deploy(sender, local_signer(f"{mark} deployer"), roles)
    client = SettlementClient(sender, deployment, keys)
    client.mint(keys.treasurer.address, RICH)
    client.fund(RICH)
    supplier, _ = client.register_supplier(local_signer(f"{mark} supplier").address)
    boss, _ = client.join_founder(local_signer(f"{mark} boss").address, 310000)
    follower = Follower(database, node.client(), deployment, finality=FINALITY)
    follower.catch_up()
    return Shop(node, rpc, database, client, follower, supplier, boss)


def wallet(words: str) -> Signer:
    return local_signer(words)
