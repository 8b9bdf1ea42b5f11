"""The books over time, from events alone, end where the mirror's totals are."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from liandong.auditing import over_time
from liandong.cases.document import read_case
from liandong.cases.play import play
from liandong.db.money import Account, Book, PoolEpoch
from liandong.db.session import Database
from liandong.mirror.follower import Follower
from liandong.simulation.stage import EmbeddedStage

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def stage():
    with EmbeddedStage() as running:
        yield running


@pytest.mark.parametrize("name", ["11-refunds", "12-risk-controls", "16-long-mixture", "17-long-mixture"])
def test_every_day_adds_up_and_the_last_is_now(name: str, stage: EmbeddedStage, database: Database) -> None:
    case = read_case(CASES / f"{name}.json")
    driver = stage.driver(case.starting_plan)
    play(case, driver)
    Follower(database, driver.client.sender.client, driver.client.deployment).catch_up()
    with database.read() as session:
        days = over_time.by_day(session)
        book = session.get(Book, 1)
        accounts = sum(one.available + one.deposit for one in session.exec(select(Account)))
        pools = sum(
            one.gathered if one.closed_on is None else one.unclaimed
            for one in session.exec(select(PoolEpoch))
        )
    assert len(days) > 1 and book is not None
    assert [one.difference for one in days] == [0] * len(days)
    last = days[-1]
    assert (last.tokens_in, last.tokens_out) == (book.tokens_in, book.tokens_out)
    assert (last.treasury, last.escrow) == (book.treasury, book.escrow)
    assert (last.pools, last.accounts) == (pools, accounts)
