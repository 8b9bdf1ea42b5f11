"""A node with a market on it, whose chain can go back, and what a mirror's tables hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dev_nodes import DevNode, open_node
from lively import Lively

from liandong.chain.local import deploy_locally
from liandong.chain.node import NodeClock
from liandong.simulation.stage import START, EmbeddedStage


@pytest.fixture(scope="session")
def stage(node_kind: str) -> Iterator[EmbeddedStage]:
    with EmbeddedStage(open_node(node_kind, START)) as running:
        yield running


@pytest.fixture(scope="session")
def node(node_kind: str) -> Iterator[DevNode]:
    with open_node(node_kind, START) as running:
        yield running


@pytest.fixture
def lively(node: DevNode) -> Lively:
    """A deployment of its own for each test, with some life on it."""
    rpc = node.client()
    return Lively(deploy_locally(rpc), NodeClock(rpc))
