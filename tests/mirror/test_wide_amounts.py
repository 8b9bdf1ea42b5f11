"""Amounts beyond 63 bits, as tokens of many decimals make them, are taken in, undone, read and audited."""

from __future__ import annotations

from pathlib import Path

from lively import Lively, rows_of
from sqlalchemy import select

from liandong.audit.auditor import Auditor
from liandong.db.chain import ChainEvent
from liandong.db.money import Account, Book
from liandong.db.session import Database
from liandong.mirror.follower import Follower
from liandong.mirror.rebuild import forget

VAST = 2**80 + 1
LARGE = 2**63 + 7


def test_amounts_that_no_database_integer_holds(database: Database, lively: Lively, tmp_path: Path) -> None:
    client, follower = lively.client, Follower(database, lively.rpc, lively.client.deployment, finality=50)
    follower.catch_up()
    mark = lively.mark()
    client.mint(client.keys.treasurer.address, VAST)
    client.fund(VAST)
    follower.catch_up()
    assert treasury(database) > VAST
    lively.go_back(mark)
    for _ in range(4):
        lively.clock.set(lively.clock.now() + 1)
    follower.catch_up()
    assert treasury(database) < 2**63

    client = lively.client
    client.mint(client.keys.treasurer.address, VAST)
    client.fund(VAST)
    client.mint(lively.amy_wallet.address, LARGE)
    lively.amy_wallet.nonce = None
    client.deposit(lively.amy_wallet, lively.amy, LARGE)
    lively.live(10, seed=3)
    client.slash(lively.amy, LARGE - 5)
    client.withdraw(6, VAST - 3)
    follower.catch_up()
    with database.read() as session:
        assert session.get_one(Account, lively.amy).deposit == 5
        assert session.get_one(Account, 5).available == LARGE - 5
        amounts = session.scalars(select(ChainEvent.amount).where(ChainEvent.name == "TreasuryFunded"))
        assert VAST in set(amounts)
        assert session.get_one(Book, 1).tokens_out >= VAST - 3
    rows = rows_of(database)
    forget(database)
    follower.catch_up()
    assert rows_of(database) == rows
    report = Auditor(database, lively.rpc, client.deployment, tmp_path / "audit").run(None)
    assert report.difference is None, report.difference


def treasury(database: Database) -> int:
    with database.read() as session:
        return session.get_one(Book, 1).treasury
