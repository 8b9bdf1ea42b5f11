"""One stage a worker, on which all cases are played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dev_nodes import open_node

from liandong.simulation.stage import START, EmbeddedStage


@pytest.fixture(scope="session")
def stage(node_kind: str) -> Iterator[EmbeddedStage]:
    with EmbeddedStage(open_node(node_kind, START)) as running:
        yield running
