"""The end of a history: one effect a request, no gaps, rows as of a clean rebuild, and a clean audit."""

from __future__ import annotations

from accounts_for import account_for_everything
from lively import rows_of
from sqlalchemy import func, select
from world import FINALITY, World

from liandong.audit.auditor import Auditor
from liandong.db.migrate import upgrade
from liandong.db.outbox import OutboxRequest
from liandong.db.session import Database
from liandong.mirror.follower import Follower
from liandong.mirror.rebuild import forget


def reckon(world: World) -> None:
    """Stops the services and compares everything with everything. Raises ``AssertionError``."""
    for process in (world.api, world.worker):
        assert process.stop() in (None, 0, -15), world.told()
    _catch_up(world, world.database)
    _one_request_a_key(world)
    account_for_everything(world)
    report = Auditor(world.database, world.rpc, world.client.deployment, world.folder / "audit").run()
    assert report.difference is None, f"{report.difference}\n{world.told()}"
    found = rows_of(world.database)
    for name, rows in _clean(world).items():
        assert found[name] == rows, f"{name} is not as a clean mirror has it\n{world.told()}"
    forget(world.database)
    _catch_up(world, world.database)
    assert rows_of(world.database) == found


def _one_request_a_key(world: World) -> None:
    """Each write that was accepted is one request of the outbox, however often it was sent."""
    with world.database.read() as session:
        ids = set(session.scalars(select(OutboxRequest.id)))
        orders = session.scalar(select(func.count()).where(OutboxRequest.kind == "order"))
    accepted = list(world.mall.accepted.values())
    assert set(accepted) <= ids
    assert orders == len(world.mall.orders)


def _clean(world: World) -> dict[str, list]:
    database = Database(f"sqlite:///{world.folder / 'clean.sqlite'}")
    upgrade(database)
    _catch_up(world, database)
    rows = rows_of(database)
    database.close()
    return rows


def _catch_up(world: World, database: Database) -> None:
    Follower(database, world.rpc, world.client.deployment, finality=FINALITY).catch_up()
