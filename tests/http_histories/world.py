"""A chain, a database, the API and a worker in processes of their own, callers, and what can happen."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from dev_nodes import KillableNode
from faulty_node import PATIENCE, FaultyNode
from forks import Forks
from mall import Mall
from market import DAY, open_market
from processes import Doom, Process, free_port
from sqlalchemy import func, select, text

from liandong.access.keys import create_key
from liandong.access.principals import Scope
from liandong.chain.local import deploy_locally
from liandong.chain.node import NodeClock
from liandong.db.outbox import OutboxAttempt, OutboxCall, OutboxLane, OutboxRequest
from liandong.db.session import Database
from liandong.outbox import states

FINALITY = 4
DONE_SECONDS = 180
FORGET_SECONDS = 4
"""A development node that takes a transaction while it mines may leave it waiting for good."""

LAST_COMMIT = 60
"""A process is killed at one of its first so many commits."""


class World:
    """Lives from a seed: what happens is the seed's, while when it happens is also the machine's."""

    def __init__(self, node: KillableNode, database_url: str, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.node = node
        self.folder = folder
        self.rpc = node.client()
        self.client = deploy_locally(self.rpc)
        self.client.mint(self.client.keys.treasurer.address, 10**13)
        self.market = open_market(self.client)
        self.clock = NodeClock(self.rpc)
        self.clock.mine_by_itself(False)
        self.forks = Forks(self.rpc)
        self.highest = self.forks.head
        self.database = Database(database_url)
        self.happened: Counter[str] = Counter()
        self.proxy = FaultyNode(node.url, seed)
        self.proxy.rate = self.chance.choice([0.0, 0.05, 0.2])
        path = folder / "deployment.json"
        self.client.deployment.write(path)
        port = free_port()
        values = {
            "rpc_url": self.proxy.url, "rpc_seconds": PATIENCE, "deployment": path,
            "database_url": database_url, "audit_folder": folder / "audit", "port": port,
            "finality": FINALITY, "poll_seconds": 0.02, "lease_seconds": 0.4, "resend_seconds": 0.2,
            "due_seconds": 0.5,
        }  # fmt: skip
        self.api = Process("api", values, folder)
        self.worker = Process("worker", values, folder)
        scopes = {"mall": Scope.MALL, "risk": Scope.RISK, "treasurer": Scope.TREASURER}
        words = {who: create_key(self.database, who, [scope], 10**6)[1] for who, scope in scopes.items()}
        self.mall = Mall(f"http://127.0.0.1:{port}", words, self.market, seed)
        self.mall.tend = self.tend

    def close(self) -> None:
        for process in (self.api, self.worker):
            process.kill()
        self.mall.close()
        self.proxy.close()
        self.database.close()

    # --- life

    def live(self, turns: int) -> None:
        """Callers call, blocks are mined, and now and then something breaks."""
        for _ in range(turns):
            self.tend()
            self.mall.step()
            if self.chance.random() < 0.3:
                fault = self.chance.choice(HAPPENINGS)
                self.happened[fault.__name__.strip("_")] += 1
                fault(self)
            elif self.chance.random() < 0.8:
                self.mine()
            time.sleep(self.chance.choice([0.0, 0.0, 0.02, 0.06]))

    def tend(self) -> None:
        """Starts again what is dead, half of the time with a doom of its own."""
        for process in (self.api, self.worker):
            if not process.alive:
                doomed = self.chance.random() < 0.5
                process.start(self._doom() if doomed else None)

    def mine(self, blocks: int = 1) -> None:
        for _ in range(blocks):
            self.forks.mine()
        self.highest = max(self.highest, self.forks.head)

    def settle_down(self) -> None:
        """Nothing breaks any more: everything is mined and final, or rejected."""
        self.proxy.rate = self.api.rate.value = self.worker.rate.value = 0.0
        for process in (self.api, self.worker):
            process.kill()
            process.start()
        self.proxy.on_sent = lambda: None
        until = time.monotonic() + DONE_SECONDS
        forget_at = time.monotonic() + FORGET_SECONDS
        while set(self.states()) - {states.FINAL, states.REJECTED}:
            if time.monotonic() > forget_at:
                forget_at += FORGET_SECONDS
                self._pool_forgets()
            assert time.monotonic() < until, f"not done: {self.states()}; {self.stuck()}; {self.told()}"
            assert self.api.alive and self.worker.alive, f"{self.told()}"
            self.mine()
            time.sleep(0.03)

    def states(self) -> dict[str, int]:
        with self.database.read() as session:
            query = select(OutboxRequest.state, func.count()).group_by(OutboxRequest.state)
            return {state: count for state, count in session.execute(query)}

    def stuck(self) -> str:
        """Calls that are under way, beside what the node has of their lanes."""
        told = []
        with self.database.read() as session:
            calls = session.scalars(select(OutboxCall).where(OutboxCall.state.in_(states.IN_FLIGHT))).all()
            for lane in session.scalars(select(OutboxLane)):
                mined = int(self.rpc.call("eth_getTransactionCount", lane.address, "latest"), 16)
                nonces = [(call.nonce, call.state) for call in calls if call.lane == lane.address]
                told.append(f"{lane.role}: {mined} mined, next {lane.next_nonce}, {nonces}, {lane.trouble}")
        return "; ".join(told)

    def told(self) -> str:
        """What happened, and the last that the processes said."""
        said = [
            (process.log.read_text()[-1500:] if process.log.exists() else "")
            for process in (self.api, self.worker)
        ]
        deaths = f"killed at a commit: API {self.api.deaths}, worker {self.worker.deaths}"
        return f"{deaths} {dict(self.happened)} {dict(self.proxy.counts)} {self.mall.statuses}\n" + "\n".join(
            said
        )

    def _doom(self) -> Doom:
        return Doom(self.chance.randint(1, LAST_COMMIT), self.chance.random() < 0.5)

    # --- what can happen

    def _api_killed(self) -> None:
        self.api.kill()

    def _worker_killed(self) -> None:
        self.worker.kill()

    def _killed_when_the_node_has_a_transaction(self) -> None:
        """Between sending and writing down that it was sent."""
        victim = self.chance.choice([self.api, self.worker])

        def strike() -> None:
            self.proxy.on_sent = lambda: None
            victim.kill_at_once()

        self.proxy.on_sent = strike

    def _node_fails_often(self) -> None:
        self.proxy.rate = self.chance.choice([0.05, 0.2, 0.5])

    def _node_recovers(self) -> None:
        self.proxy.rate = 0.0

    def _database_fails_often(self) -> None:
        self.api.rate.value = self.worker.rate.value = self.chance.choice([0.02, 0.1, 0.3])

    def _database_recovers(self) -> None:
        self.api.rate.value = self.worker.rate.value = 0.0

    def _database_hangs_up(self) -> None:
        if self.database.is_sqlite:
            return
        with self.database.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    def _reorganisation(self) -> None:
        """Of any depth up to finality, counted from the highest block that anybody has seen."""
        self.forks.reorganise(self.chance.randint(1, max(self.undoable(), 1)) if self.undoable() else 0)

    def undoable(self) -> int:
        """How many of the last blocks are not final for anybody."""
        return max(FINALITY - (self.highest - self.forks.head), 0)

    def _transactions_dropped(self) -> None:
        for hash_ in self.rpc.call("eth_getBlockByNumber", "pending", False)["transactions"]:
            if self.chance.random() < 0.5:
                self.rpc.call("hardhat_dropTransaction", hash_)

    def node_dies(self) -> None:
        """It comes back without its last blocks and without what was waiting to be mined."""
        self.node.save()
        saved = self.forks.head
        for _ in range(self.chance.randint(0, FINALITY)):
            if self.highest >= saved + FINALITY:
                break
            self.mine()
            time.sleep(0.03)
        self.proxy.away = True
        if not self.node.kill_and_restart():
            self.forks.reorganise(self.forks.head - saved)
        else:
            self.rpc = self.node.client()
            self.clock = NodeClock(self.rpc)
            self.clock.mine_by_itself(False)
            self.forks = Forks(self.rpc)
        time.sleep(self.chance.choice([0.0, 0.1]))
        self.proxy.away = False

    def _pool_forgets(self) -> None:
        """Everything that is under way has to be sent again."""
        query = (
            select(OutboxAttempt.hash)
            .join(OutboxCall, OutboxCall.id == OutboxAttempt.call_id)
            .where(OutboxCall.state.in_(states.IN_FLIGHT))
        )
        with self.database.read() as session:
            hashes = list(session.scalars(query))
        # some of them were mined meanwhile, which the node says
        self.rpc.batch([("hardhat_dropTransaction", (hash_,)) for hash_ in hashes])

    def _days_pass(self) -> None:
        self.clock.set_next(self.clock.now() + self.chance.choice([1, 3, 8, 15]) * DAY)
        self.mine()

    def _blocks_pass(self) -> None:
        self.mine(self.chance.randint(2, 2 * FINALITY))


HAPPENINGS = (
    World._api_killed, World._worker_killed, World._killed_when_the_node_has_a_transaction,
    World._node_fails_often, World._node_fails_often, World._node_recovers, World._database_fails_often,
    World._database_recovers, World._database_hangs_up, World._reorganisation, World._reorganisation,
    World._transactions_dropped, World._pool_forgets, World.node_dies, World._days_pass, World._days_pass,
    World._blocks_pass,
)  # fmt: skip
