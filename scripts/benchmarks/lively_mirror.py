"""Makes the filled mirror of :mod:`benchmarks.million_agents` one of a brand at work: three months of days,
orders on their way, delivered and due, campaigns, pools with everybody's weights, messages to the mall.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from liandong.db import money, orders, people, webhooks
from liandong.db.session import Database
from liandong.mirror import table_writes

from .million_agents import BATCH, Mirror

DAYS = 90
ON_THEIR_WAY = 14
"""Days whose orders have not settled."""

LINES_OF_THE_BRAND = {
    "fees": 24_000, "duty": 0, "insurance": 0, "platform": 900_000, "fund": 9_000, "dividend": 900,
}  # fmt: skip
CAMPAIGNS = 40
MESSAGES = 50_000

_DAY = f"({DAYS} - 1 - (:orders - number) * {DAYS} / :orders)"
STATEMENTS = (
    f"UPDATE sales_order SET day = {_DAY}, delivered_on = {_DAY} + 2, settled_on = {_DAY} + 10",
    # the last days': half of them have arrived
    "UPDATE sales_order SET state = 'recorded', settled_on = NULL, settled_block = NULL, "
    "delivered_on = CASE WHEN number % 2 = 0 THEN delivered_on END WHERE day >= :open",
    "UPDATE sales_order SET campaign = 1 + number % :campaigns, channel = 1, balance_paid = (number % 3 = 0) "
    "WHERE number % 50 = 0",
    "DELETE FROM chain_event WHERE name LIKE '%Paid' AND order_number > :settled",
    f"UPDATE mirror_block SET timestamp = :now - (:blocks - number) * 86400 * {DAYS} / :blocks",
    "INSERT INTO chain_event "
    "(block_number, log_index, transaction_index, name, order_number, amount, detail) "
    "SELECT 2 * ((first - 1) / :batch) + 2, 5000, 0, 'BrandLinesPaid', first, NULL, :lines FROM order_batch "
    "WHERE first <= :settled",
)  # fmt: skip


def enliven(database: Database, mirror: Mirror, now: int, head: int) -> None:
    """Changes the rows so that today is the last of :data:`DAYS`; ``head``: the node's last block."""
    open_from = DAYS - ON_THEIR_WAY
    values = {
        "orders": mirror.orders, "open": open_from, "campaigns": CAMPAIGNS, "now": now, "batch": BATCH,
        "settled": mirror.orders * open_from // DAYS, "blocks": 2 * mirror.orders // BATCH,
        "lines": json.dumps(LINES_OF_THE_BRAND),
    }  # fmt: skip
    with database.engine.begin() as connection:
        _insert(connection, orders.OrderBatch, [
            (first, BATCH, 1, 0, "0x" + "00" * 32, 2 * (first // BATCH) + 1)
            for first in range(1, mirror.orders + 1, BATCH)
        ])  # fmt: skip
        for statement in STATEMENTS:
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), named)
        agents = range(mirror.first_agent, mirror.last_agent + 1)
        _insert(connection, people.Wallet, [(f"0x{one:040x}", one) for one in agents])
        _insert(connection, orders.Campaign, [
            (one, "group" if one % 2 else "presale", 100, DAYS - 30 + one, 0)
            for one in range(1, CAMPAIGNS + 1)
        ])  # fmt: skip
        connection.execute(text(
            "UPDATE campaign SET recorded = (SELECT COUNT(*) FROM sales_order "
            "WHERE sales_order.campaign != 0 AND sales_order.campaign = campaign.number)"
        ))  # fmt: skip
        _insert(connection, money.PoolEpoch, [
            ("support", month, 9_000_000, 500 * len(agents), 900, 0, 0, closed)
            for month, closed in enumerate((45, 75, None))
        ])  # fmt: skip
        _insert(connection, money.PoolWeight, [
            ("support", month, one, 500, None) for month in range(3) for one in agents
        ])  # fmt: skip
        where = "utc_offset = 28800, day_zero = :day, block_number = :head, final_number = :head"
        day = (now + 28_800) // 86_400 - DAYS + 1
        connection.execute(text(f"UPDATE mirror_cursor SET {where}"), {"day": day, "head": head})
    with database.write() as session:
        session.add(webhooks.WebhookTarget(caller="key:mall", url="https://mall.example/told", key_id="a",
                                           nonce="00", sealed="00", created_at=now))  # fmt: skip
    with database.engine.begin() as connection:
        _insert(connection, webhooks.WebhookMessage, [
            (one, 1, f"event:{one}", f"order:{one}", "order.settled",
             json.dumps({"kind": "order.settled", "order": one}), now, 0, 1, None, now, one % 100 != 0)
            for one in range(1, MESSAGES + 1)
        ])  # fmt: skip


def _insert(connection: Connection, model: type, rows: list[tuple[object, ...]]) -> None:
    table_writes.insert(connection, model.__table__, rows)  # type: ignore[attr-defined]
