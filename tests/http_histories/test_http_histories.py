"""Random histories through HTTP while everything fails that can fail.

The seed is the last part of a test's name; ``--seed N`` plays that history again, ``--seeds N`` so many.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from dev_nodes import open_killable
from reckoning import reckon
from world import World

TURNS = 60


@pytest.mark.both_nodes
def test_nothing_is_lost_and_nothing_happens_twice(
    node_kind: str, migrated_url: str, tmp_path: Path, history_seed: int
) -> None:
    with open_killable(node_kind, tmp_path / "chain.json") as node:
        world = World(node, migrated_url, tmp_path, history_seed)
        try:
            world.live(TURNS)
            world.settle_down()
            reckon(world)
        finally:
            world.close()
