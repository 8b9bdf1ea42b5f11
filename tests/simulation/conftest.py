"""One stage a worker, on which all cases are played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from liandong.simulation.stage import EmbeddedStage


@pytest.fixture(scope="session")
def stage() -> Iterator[EmbeddedStage]:
    with EmbeddedStage() as running:
        yield running
