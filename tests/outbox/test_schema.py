"""The outbox's tables go down and up with rows in them."""

from __future__ import annotations

from sqlalchemy import inspect, select

from liandong.db.migrate import downgrade, upgrade
from liandong.db.outbox import OutboxAttempt, OutboxCall, OutboxLane, OutboxRequest
from liandong.db.session import Database


def test_down_and_up_with_rows(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    _fill(database)
    downgrade(database, "0001")
    assert not [name for name in inspect(database.engine).get_table_names() if name.startswith("outbox")]
    upgrade(database)
    _fill(database)
    with database.read() as session:
        assert session.scalars(select(OutboxAttempt.raw)).one() == b"\x02raw"
        assert session.scalars(select(OutboxRequest)).one().body == {"price": 2**256}
    database.close()


def _fill(database: Database) -> None:
    with database.write() as session:
        session.add(OutboxLane(address="0x1", role="operator", next_nonce=2**62))
        session.flush()
        call = OutboxCall(lane="0x1", nonce=0, kind="order", state="sent", gas=1, created_at=1)
        session.add(call)
        session.flush()
        session.add(
            OutboxAttempt(call_id=call.id, hash="0x2", raw=b"\x02raw", max_fee=2**62, tip=0, created_at=1)
        )
        session.add(
            OutboxRequest(
                caller="mall", key="k", digest="d", kind="order", body={"price": 2**256}, role="operator",
                state="sent", call_id=call.id, created_at=1, changed_at=1,
            )
        )  # fmt: skip
