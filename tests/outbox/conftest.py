"""A real node, and a shop on it whose outbox is worked by hand, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from shop import Shop, open_shop

from liandong.chain.node import EmbeddedNode
from liandong.db.session import Database


@pytest.fixture(scope="session")
def node() -> Iterator[EmbeddedNode]:
    """An embedded node for all tests of a worker; its clock only moves on."""
    with EmbeddedNode() as running:
        yield running


@pytest.fixture
def shop(node: EmbeddedNode, database: Database) -> Shop:
    """A deployment of its own with money and people, and an outbox before it."""
    return open_shop(node, database)
