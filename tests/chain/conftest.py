"""A real node, and fresh deployments on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from market import Market, open_market

from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock
from liandong.chain.settlement import SettlementClient


@pytest.fixture(scope="session")
def node() -> Iterator[EmbeddedNode]:
    """An embedded node for all tests of a worker; its clock only moves on."""
    with EmbeddedNode() as running:
        yield running


@pytest.fixture
def clock(node: EmbeddedNode) -> NodeClock:
    return NodeClock(node.client())


@pytest.fixture
def client(node: EmbeddedNode) -> SettlementClient:
    """A deployment of its own for each test."""
    return deploy_locally(node.client())


@pytest.fixture
def market(client: SettlementClient) -> Market:
    return open_market(client)
