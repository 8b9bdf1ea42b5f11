"""A real node, and a shop on it whose outbox is worked by hand, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dev_nodes import DevNode, open_node
from shop import Shop, open_shop

from liandong.db.session import Database


@pytest.fixture(scope="session")
def node(node_kind: str) -> Iterator[DevNode]:
    """A node for all tests of a worker; its clock only moves on."""
    with open_node(node_kind) as running:
        yield running


@pytest.fixture
def shop(node: DevNode, database: Database) -> Shop:
    """A deployment of its own with money and people, and an outbox before it."""
    return open_shop(node, database)
