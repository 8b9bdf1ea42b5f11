"""What is wrong in the mirror is found and named; an audit that goes on from another one does less."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from liandong.audit.auditor import Auditor, NothingMirrored
from liandong.cases.document import read_case
from liandong.cases.play import play
from liandong.db.session import Database
from liandong.mirror.follower import Follower
from liandong.mirror.rebuild import forget
from liandong.simulation.driver import ChainDriver
from liandong.simulation.stage import EmbeddedStage

CASE = Path(__file__).parents[1] / "cases" / "17-long-mixture.json"

# fmt: off
TAMPERED = [
    ("UPDATE account SET available = available + 1 WHERE number = 1", "account 1 available"),
    ("UPDATE account SET debt = 7 WHERE number = 17", "account 17 debt"),
    ("UPDATE sales_order SET seller = 16 WHERE number = 2", "order 2 seller"),
    ("UPDATE sales_order SET refunded = refunded + 1 WHERE number = 3", "order 3 refunded"),
    ("UPDATE participant SET leader = 99 WHERE number = 18", "participant 18 leader"),
    ("UPDATE team_place SET second = 99 WHERE first = 0", "team place"),
    ("UPDATE team_count SET active = active + 1", "team of "),
    ("DELETE FROM team_count", "rows of team_count"),
    ("INSERT INTO team_count VALUES (500, 1, 0, 1, 0)", "rows of team_count"),
    ("DELETE FROM team_place WHERE first = 0", "rows of team_place"),
    ("UPDATE book SET treasury = treasury - 1", "book treasury"),
    (
        "UPDATE pool_epoch SET gathered = gathered + 1 WHERE pool = 'support' AND epoch = 0",
        "support 0 gathered",
    ),
    ("UPDATE order_batch SET width = width + 1 WHERE first = 1", "batch 1 width"),
    ("UPDATE plan_version SET parameters = '{}' WHERE version = 1", "plan 1 tier_bps"),
    ("UPDATE chain_event SET amount = amount + 1 WHERE name = 'DirectPaid'", "event"),
    ("DELETE FROM chain_event WHERE name = 'OrdersSettled'", "event"),
    ("UPDATE mirror_transaction SET hash = 'x'", "transaction"),
    ("UPDATE mirror_block SET timestamp = timestamp + 1", "block"),
    ("DELETE FROM participant WHERE number = 16", "rows of participant"),
    ("INSERT INTO account VALUES (500, 0, 0, 0, 0, 0)", "rows of account"),
]
# fmt: on


@pytest.fixture(scope="module")
def stage():
    with EmbeddedStage() as running:
        yield running


@pytest.fixture
def driver(stage: EmbeddedStage) -> ChainDriver:
    case = read_case(CASE)
    driver = stage.driver(case.starting_plan)
    play(case, driver)
    return driver


def auditor(database: Database, driver: ChainDriver, folder: Path) -> Auditor:
    return Auditor(database, driver.client.sender.client, driver.client.deployment, folder)


def test_each_tampered_row_is_found_and_named(
    database: Database, driver: ChainDriver, tmp_path: Path
) -> None:
    Follower(database, driver.client.sender.client, driver.client.deployment).catch_up()
    audit = auditor(database, driver, tmp_path)
    assert audit.run().difference is None
    for statement, name in TAMPERED:
        connection = database.engine.connect()
        transaction = connection.begin()
        connection.execute(text(statement))
        transaction.commit()
        found = audit.run().difference
        assert found is not None and found.name.startswith(name), (statement, found)
        connection.close()
        _repair(database, driver)
    assert audit.run().difference is None


def _repair(database: Database, driver: ChainDriver) -> None:
    forget(database)
    Follower(database, driver.client.sender.client, driver.client.deployment).catch_up()


def test_an_audit_goes_on_from_the_one_before(
    database: Database, driver: ChainDriver, tmp_path: Path
) -> None:
    rpc, deployment = driver.client.sender.client, driver.client.deployment
    follower = Follower(database, rpc, deployment, finality=2)
    follower.catch_up()
    audit = auditor(database, driver, tmp_path)
    whole = audit.run()
    assert whole.difference is None
    driver.client.fund(1_000)
    for _ in range(3):
        driver.advance(days=1)
        driver.client.fund(10)
    follower.catch_up()
    more = audit.run(from_block=whole.last_block + 1)
    assert more.difference is None
    assert more.events < 30 < whole.events and more.compared < whole.compared
    assert more.first_block > whole.first_block
    with database.write() as session:
        session.execute(text("UPDATE book SET tokens_in = tokens_in + 1"))
    found = audit.run(from_block=more.last_block + 1).difference
    assert found is not None and found.name == "book tokens_in"


def test_what_was_kept_of_a_chain_that_changed_is_not_used(
    database: Database, driver: ChainDriver, tmp_path: Path
) -> None:
    Follower(database, driver.client.sender.client, driver.client.deployment, finality=1).catch_up()
    audit = auditor(database, driver, tmp_path)
    whole = audit.run()
    (kept,) = tmp_path.rglob("*.audit")
    kept.write_bytes(kept.read_bytes()[:-3] + b"bad")
    again = audit.run(from_block=whole.last_block + 1)
    assert (again.events, again.difference) == (whole.events, None)


def test_there_must_be_a_mirror(database: Database, driver: ChainDriver, tmp_path: Path) -> None:
    with pytest.raises(NothingMirrored):
        auditor(database, driver, tmp_path).run()
