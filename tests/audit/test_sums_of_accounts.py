"""What accounts hold in sum, on both databases, also where amounts are wider than SQLite's integers."""

from __future__ import annotations

from liandong.auditing.reconciliation import sums_of_accounts
from liandong.db.money import Account
from liandong.db.session import Database

AMOUNTS = ((2**70, 5), (2**62, 2**62), (2**62, 2**80), (7, 0), (2**63 - 1, 2**63))


def test_sums_are_exact_however_large(database: Database) -> None:
    with database.read() as session:
        assert sums_of_accounts(session) == (0, 0)
    with database.write() as session:
        for place, (available, deposit) in enumerate(AMOUNTS):
            session.add(Account(number=20 + place, available=available, deposit=deposit))
    with database.read() as session:
        assert sums_of_accounts(session) == (sum(a for a, _ in AMOUNTS), sum(d for _, d in AMOUNTS))
