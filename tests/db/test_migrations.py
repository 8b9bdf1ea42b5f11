"""Migrations go up and down with rows in the tables, and lead to what the models say."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel, select

from liandong.db import access, money, orders, outbox, people, sums, webhooks
from liandong.db.chain import ChainEvent, MirrorCursor
from liandong.db.engine import DatabaseUrlError
from liandong.db.migrate import downgrade, upgrade
from liandong.db.session import Database


def _fill(database: Database) -> None:
    with database.write() as session:
        session.add(
            MirrorCursor(chain_id=1, genesis="0x0", settlement="0x1", utc_offset=0, day_zero=0,
                         block_number=5, block_hash="0x5", final_number=3)
        )  # fmt: skip
        session.add(ChainEvent(block_number=5, log_index=0, transaction_index=0, name="SupplyPaid"))
        session.add(money.Account(number=16, available=2**62))
        session.add(people.Wallet(address="0xaa", participant=16))
        session.add(orders.Campaign(number=1, kind="group", target=2, deadline=3))
        session.add(webhooks.WebhookCursor(block_number=1))
        session.add(webhooks.WebhookChange(caller="a", action="set", at=1))
        session.add(sums.BookDay(day=1, changes="[]"))
        session.add(
            webhooks.WebhookTarget(caller="a", url="u", key_id="a", nonce="00", sealed="00", created_at=1)
        )
        session.add(
            webhooks.WebhookMessage(target_id=1, source="s", subject="s", kind="k", body="{}", created_at=1)
        )
        session.add(outbox.OutboxLane(address="0xbb", role="operator"))
        session.add(access.ApiKey(name="a mall", digest="d", scopes="mall", per_minute=1, created_at=1))
        session.add(access.SignInChallenge(digest="d", address="0xaa", expires_at=1))
        session.add(access.WalletSession(digest="d", address="0xaa", expires_at=1))
        session.add(access.PersonalRecord(participant=16, key_id="a", nonce="00", sealed="00"))


def test_up_down_and_up_again_with_rows(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    _fill(database)
    upgrade(database)
    with database.read() as session:
        account = session.get(money.Account, 16)
        assert account is not None and account.available == 2**62
    downgrade(database, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    _fill(database)
    database.close()


def test_teams_are_made_of_the_participants_there_are(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    with database.write() as session:
        for number, introducer, tier, active in ((17, 0, 1, True), (18, 17, 0, True), (19, 18, 0, False)):
            session.add(
                people.Participant(number=number, kind="agent", wallet=str(number), introducer=introducer,
                                   tier=tier, active=active)
            )  # fmt: skip
        session.add(people.Participant(number=16, kind="supplier", wallet="16"))
    downgrade(database, "0004")
    upgrade(database)
    with database.read() as session:
        places = session.exec(select(people.TeamPlace).order_by(people.TeamPlace.number)).all()
        assert [(one.number, one.first, one.second, one.third) for one in places] == [
            (17, 0, 0, 0), (18, 17, 0, 0), (19, 18, 17, 0)
        ]  # fmt: skip
        counts = {(one.above, one.level): one for one in session.exec(select(people.TeamCount))}
    assert {key: (one.tier, one.members, one.active) for key, one in counts.items()} == {
        (17, 1): (0, 1, 1), (18, 1): (0, 1, 0), (17, 2): (0, 1, 0)
    }  # fmt: skip
    database.close()


def test_services_that_start_together_make_the_tables_once(database_url: str) -> None:
    program = (
        "from liandong.db.migrate import upgrade; from liandong.db.session import Database; "
        f"upgrade(Database({database_url!r}))"
    )
    begun = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [process.wait(60) for process in begun] == [0, 0, 0]


def test_the_schema_is_that_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_write_is_whole_or_not_at_all(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        _ = session.add(money.Account(number=20))
        session.flush()
        raise ZeroDivisionError
    with database.read() as session:
        assert session.get(money.Account, 20) is None


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "mysql://root@localhost/x"])
def test_urls_that_cannot_be_used_are_named(url: str) -> None:
    with pytest.raises(DatabaseUrlError):
        Database(url)
