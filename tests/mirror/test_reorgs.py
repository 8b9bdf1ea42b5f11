"""Reorganisations: up to finality they leave no trace in the mirror, deeper ones halt it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lively import Lively, rows_of

from liandong.audit.auditor import Auditor
from liandong.db.chain import MirrorCursor
from liandong.db.migrate import upgrade
from liandong.db.session import Database
from liandong.mirror.errors import ReorgTooDeep
from liandong.mirror.follower import Follower

FINALITY = 5


def clean(lively: Lively, folder: Path) -> dict[str, list]:
    """The rows of a mirror that sees the chain as it is now for the first time."""
    database = Database(f"sqlite:///{folder / f'clean{lively.head}.sqlite'}")
    upgrade(database)
    Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY).catch_up()
    rows = rows_of(database)
    database.close()
    return rows


def one_by_one(follower: Follower) -> int:
    """Catches up block by block; returns how many blocks were undone."""
    follower.fetcher.span = 1
    undone = 0
    while True:
        step = follower.step()
        undone += step.undone
        if not step.moved or (step.behind <= 0 and not step.undone):
            return undone


@pytest.mark.parametrize("depth", range(1, FINALITY + 1))
def test_a_reorganisation_up_to_finality_leaves_no_trace(
    database: Database, lively: Lively, depth: int, tmp_path: Path
) -> None:
    follower = Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY)
    lively.live(20, seed=depth)
    follower.catch_up()
    mark = lively.mark()
    before = lively.head
    lively.live(depth, seed=100 + depth)
    depth = lively.head - before
    if depth > FINALITY:  # a step may mine more than one block
        pytest.fail("a step mined too many blocks")
    one_by_one(follower)
    lively.go_back(mark)
    lively.live(depth + 1, seed=200 + depth)
    assert one_by_one(follower) == depth
    found, expected = rows_of(database), clean(lively, tmp_path)
    for name, rows in expected.items():
        assert found[name] == rows, name
    report = Auditor(database, lively.rpc, lively.client.deployment, tmp_path / "audit").run()
    assert report.difference is None, str(report.difference)


@pytest.mark.both_nodes
def test_a_deeper_one_halts_and_deletes_nothing(database: Database, lively: Lively) -> None:
    follower = Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY)
    lively.live(12, seed=1)
    follower.catch_up()
    mark = lively.mark()
    before = lively.head
    while lively.head < before + FINALITY + 1:
        lively.clock.set(lively.clock.now() + 10)
        one_by_one(follower)
    rows = rows_of(database)
    lively.go_back(mark)
    while lively.head < before + FINALITY + 2:
        lively.clock.set(lively.clock.now() + 11)
    for _ in range(2):
        with pytest.raises(ReorgTooDeep, match="deleted nothing"):
            follower.step()
    assert rows_of(database) == rows


@pytest.mark.both_nodes
def test_a_lower_head_is_a_lagging_node_until_a_hash_disagrees(database: Database, lively: Lively) -> None:
    follower = Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY)
    lively.live(6, seed=2)
    follower.catch_up()
    mark = lively.mark()
    for _ in range(3):
        lively.clock.set(lively.clock.now() + 10)
    one_by_one(follower)
    rows = rows_of(database)
    lively.go_back(mark)
    step = follower.step()
    assert (step.moved, step.behind) == (False, -3)
    assert rows_of(database) == rows
    lively.clock.set(lively.clock.now() + 99)  # another block at a height that the mirror has
    assert follower.step().undone == 3
    one_by_one(follower)
    with database.read() as session:
        cursor = session.get(MirrorCursor, 1)
        assert cursor is not None and (cursor.block_number, cursor.reorgs) == (lively.head, 1)
