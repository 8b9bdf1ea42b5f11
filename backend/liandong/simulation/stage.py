"""Where cases are played on chain: a fresh deployment for each of them, at little cost.

On an embedded node of our own everything is deployed once and the chain goes back to that point before each
case. On a node of somebody else's nothing is ever undone: each case has contracts of its own there, deployed
on the morning after the latest block.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import asdict
from types import TracebackType
from typing import Protocol, Self

from liandong.chain.deployment import CHINA, Deployment
from liandong.chain.local import deploy_locally, local_keys
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import SettlementClient
from liandong.chain.signer import Sender
from liandong.rules.plan import Plan
from liandong.simulation.driver import DAY, MORNING, ChainDriver

START = 20_000 * DAY - CHINA + MORNING
"""When an embedded node's day 0 begins: 8:00 in China on 2024-10-04, some day like any other."""

TOKENS = 2**127
"""Minor units that the treasurer has to fund with."""


class Stage(Protocol):
    """Gives fresh deployments."""

    def driver(self, plan: Plan) -> ChainDriver:
        """A driver of a fresh deployment under this plan; the one given before must not be used any more."""


class DevelopmentNode(Protocol):
    """A node that goes back to snapshots and whose clock can be set."""

    def client(self) -> RpcClient:
        """A new connection to the node."""


class EmbeddedStage:
    """Plays cases on an embedded node, or another fresh development node, as a context manager."""

    def __init__(self, node: AbstractContextManager[DevelopmentNode] | None = None) -> None:
        """``node`` is to begin at :data:`START` and to charge nothing for gas."""
        self._node = node or EmbeddedNode(timestamp=START)

    def __enter__(self) -> Self:
        running = self._node.__enter__()
        try:
            rpc = running.client()
            self._clock = NodeClock(rpc)
            client = deploy_locally(rpc)
            _give_tokens(client)
            self._sender: Sender = client.sender
            self._deployment: Deployment = client.deployment
            self._snapshot = self._clock.snapshot()
        except BaseException:
            self._node.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.__exit__(kind, error, trace)

    def driver(self, plan: Plan) -> ChainDriver:
        """A driver of a fresh deployment under this plan; the one given before must not be used any more."""
        self._clock.revert(self._snapshot)
        self._snapshot = self._clock.snapshot()
        client = SettlementClient(self._sender, self._deployment, local_keys(), allowed=True)
        if asdict(plan) != self._deployment.plan:
            client.publish_plan(plan)
        return ChainDriver(client, self._clock, asdict(plan))


class NodeStage:
    """Plays cases on a development node at a URL, whose clock can be set."""

    def __init__(self, url: str) -> None:
        self._rpc = RpcClient(url)
        self._clock = NodeClock(self._rpc)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rpc.close()

    def driver(self, plan: Plan) -> ChainDriver:
        """A driver of a fresh deployment under this plan.

        Raises :class:`~liandong.chain.errors.ClockNotSettable` where the node's clock cannot be set.
        """
        day = (self._clock.now() + CHINA) // DAY + 1
        self._clock.set(day * DAY - CHINA + MORNING)
        client = deploy_locally(self._rpc, plan=plan, fixed_gas=None)
        _give_tokens(client)
        return ChainDriver(client, self._clock, asdict(plan))


def _give_tokens(client: SettlementClient) -> None:
    client.mint(client.keys.treasurer.address, TOKENS)
    client.allow(client.keys.treasurer)
