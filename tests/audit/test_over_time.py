"""The books over time, from events alone, end where the mirror's totals are."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import col, func, select, update

from liandong.auditing import books, compliance, kept_sums
from liandong.cases.document import read_case
from liandong.cases.play import play
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorCursor
from liandong.db.money import Account, Book, PoolEpoch
from liandong.db.session import Database
from liandong.db.sums import BookDay, SumCursor
from liandong.mirror.follower import Follower
from liandong.mirror.rebuild import forget
from liandong.simulation.stage import EmbeddedStage

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def stage():
    with EmbeddedStage() as running:
        yield running


@pytest.mark.parametrize("name", ["11-refunds", "12-risk-controls", "16-long-mixture", "17-long-mixture"])
def test_every_day_adds_up_and_the_last_is_now(
    name: str, stage: EmbeddedStage, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(CASES / f"{name}.json")
    driver = stage.driver(case.starting_plan)
    play(case, driver)
    Follower(database, driver.client.sender.client, driver.client.deployment, finality=3).catch_up()
    monkeypatch.setattr(kept_sums, "EVENTS_AT_ONCE", 10)  # many steps
    steps = 1
    while kept_sums.bring_up(database):
        steps += 1
    assert steps > 3 and not kept_sums.is_behind(database)
    with database.read() as session:
        days = books.by_day(session)
        book = session.get(Book, 1)
        accounts = sum(one.available + one.deposit for one in session.exec(select(Account)))
        pools = sum(
            one.gathered if one.closed_on is None else one.unclaimed
            for one in session.exec(select(PoolEpoch))
        )
        assert books.by_day(session, anew=True) == days
        by_line = compliance.count(session).by_line
        sums = select(ChainEvent.name, func.sum(ChainEvent.amount)).where(col(ChainEvent.name).in_(by_line))
        assert by_line == dict(session.exec(sums.group_by(ChainEvent.name)).all())
    assert len(days) > 1 and book is not None
    assert [one.difference for one in days] == [0] * len(days)
    last = days[-1]
    assert (last.tokens_in, last.tokens_out) == (book.tokens_in, book.tokens_out)
    assert (last.treasury, last.escrow) == (book.treasury, book.escrow)
    assert (last.pools, last.accounts) == (pools, accounts)


def test_an_event_that_was_changed_shows_when_all_are_added_up_anew(
    stage: EmbeddedStage, database: Database
) -> None:
    case = read_case(CASES / "11-refunds.json")
    driver = stage.driver(case.starting_plan)
    play(case, driver)
    follower = Follower(database, driver.client.sender.client, driver.client.deployment, finality=1)
    follower.catch_up()
    while kept_sums.bring_up(database):
        pass
    with database.write() as session:
        session.exec(update(ChainEvent).where(ChainEvent.name == "DirectPaid").values(amount=1))
    with database.read() as session:
        kept, anew = books.by_day(session), books.by_day(session, anew=True)
    assert all(one.difference == 0 for one in kept) and kept[-1] != anew[-1]
    forget(database)
    with database.read() as session:
        assert session.get_one(SumCursor, 1).block_number == -1
        assert session.exec(select(BookDay)).all() == []


def test_amounts_wider_than_the_databases_integers(database: Database) -> None:
    wide = 2**70 + 1
    with database.write() as session:
        session.add(MirrorCursor(chain_id=1, genesis="0x0", settlement="0x1", utc_offset=0, day_zero=0,
                                 block_number=9, block_hash="0x9", final_number=5))  # fmt: skip
        for block in (1, 2, 9):
            session.add(MirrorBlock(number=block, hash="0x", parent_hash="0x", timestamp=block * 86_400))
            for index, amount in enumerate((wide, 7)):
                session.add(ChainEvent(block_number=block, log_index=index, transaction_index=0,
                                       name="TreasuryFunded", amount=amount))  # fmt: skip
    while kept_sums.bring_up(database):
        pass
    with database.read() as session:
        for days in (books.by_day(session), books.by_day(session, anew=True)):
            assert [(one.day, one.tokens_in) for one in days] == [
                (day, (wide + 7) * count) for count, day in enumerate((1, 2, 9), 1)
            ]
            assert all(one.difference == 0 for one in days)
