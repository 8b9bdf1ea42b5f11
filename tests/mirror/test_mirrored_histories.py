"""Worked cases and random histories, mirrored and audited: rules, contract and tables agree on everything.

How many histories is the environment's ``LIANDONG_MIRRORED``; ``LIANDONG_SEED`` begins elsewhere.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from liandong.audit.auditor import Auditor
from liandong.cases.document import Case, read_case
from liandong.cases.histories.random_case import random_case
from liandong.cases.play import play
from liandong.db.people import Participant, TeamCount, TeamPlace
from liandong.db.session import Database
from liandong.mirror.follower import Follower
from liandong.mirror.rebuild import forget
from liandong.simulation.stage import EmbeddedStage

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.json"))
HISTORIES = int(os.environ.get("LIANDONG_MIRRORED", "10"))
SEED = int(os.environ.get("LIANDONG_SEED", "0"))
TOGETHER = 10


def require_agreement(stage: EmbeddedStage, database: Database, cases: list[Case], folder: Path) -> None:
    """Plays each case afresh, mirrors it in several spans, and audits it."""
    for index, case in enumerate(cases):
        driver = stage.driver(case.starting_plan)
        play(case, driver)
        forget(database)
        deployment, rpc = driver.client.deployment, driver.client.sender.client
        follower = Follower(database, rpc, deployment, finality=1 + index % 5)
        follower.fetcher.span = 1 + index % 40
        follower.catch_up()
        report = Auditor(database, rpc, deployment, folder).run()
        assert report.difference is None, f"{case}: {report.difference}"
        assert report.events > 10 and report.compared > 100
        require_teams(database)


def require_teams(database: Database) -> None:
    """Teams are what the introducers make them."""
    with database.read() as session:
        people = {
            one.number: one for one in session.exec(select(Participant).where(Participant.kind == "agent"))
        }
        places = {one.number: (one.first, one.second, one.third) for one in session.exec(select(TeamPlace))}
        told = {
            (one.above, one.level, one.tier): (one.members, one.active)
            for one in session.exec(select(TeamCount)) if one.members or one.active
        }  # fmt: skip
    assert places.keys() == people.keys()
    counted: Counter[tuple[int, int, int]] = Counter()
    active: Counter[tuple[int, int, int]] = Counter()
    for number, one in people.items():
        above = [one.introducer]
        while len(above) < 3:
            above.append(people[above[-1]].introducer if above[-1] else 0)
        assert places[number] == tuple(above)
        for level, who in enumerate(above, 1):
            if who:
                counted[who, level, one.tier] += 1
                active[who, level, one.tier] += one.active
    assert told == {key: (count, active[key]) for key, count in counted.items()}


def test_the_worked_cases(stage: EmbeddedStage, database: Database, tmp_path: Path) -> None:
    require_agreement(stage, database, [read_case(path) for path in CASES], tmp_path)


@pytest.mark.parametrize("first", range(SEED, SEED + HISTORIES, TOGETHER))
def test_random_histories(stage: EmbeddedStage, database: Database, tmp_path: Path, first: int) -> None:
    require_agreement(
        stage, database, [random_case(seed) for seed in range(first, first + TOGETHER)], tmp_path
    )


def test_an_order_that_pays_nobody_settles_after_its_seller_became_a_diamond(
    stage: EmbeddedStage, database: Database, tmp_path: Path
) -> None:
    require_agreement(stage, database, [random_case(1053)], tmp_path)
