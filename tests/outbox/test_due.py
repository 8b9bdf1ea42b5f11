"""What is due is settled by itself, and only that."""

from __future__ import annotations

from shop import Shop
from sqlalchemy import select

from liandong.chain.local import local_signer
from liandong.db.money import PoolWeight
from liandong.db.orders import SalesOrder
from liandong.db.outbox import OutboxRequest
from liandong.outbox import due, requests


def test_due_orders_settle_on_schedule(shop: Shop) -> None:
    worker = shop.worker(due_seconds=0)
    with shop.database.write() as session:
        bodies = [shop.order(price=10_000 + i) for i in range(8)]
        items: list[requests.Item] = [(f"o{i}", "order", body) for i, body in enumerate(bodies)]
        sent = [one.id for one in requests.submit_many(session, "mall", items)]
    for i, request in enumerate(sent[:6]):
        shop.submit(f"d{i}", "deliver", {"order_request": request})
    shop.submit("h", "hold", {"order_request": sent[0]})
    shop.submit("r", "refund", {"order_request": sent[1], "amount": 10_001})
    shop.drive(worker)
    assert settled(shop) == []
    shop.days_pass(7)
    shop.drive(worker)
    assert settled(shop) == []
    shop.days_pass(1)
    shop.drive(worker, until=lambda: len(settled(shop)) == 4)
    assert settled(shop) == [3, 4, 5, 6]
    # the hold lapses after sixty days
    shop.days_pass(60)
    shop.drive(worker, until=lambda: len(settled(shop)) == 5)
    assert settled(shop) == [1, 3, 4, 5, 6]
    with shop.database.read() as session:
        mine = OutboxRequest.caller == due.CALLER
        closing = session.scalars(
            select(OutboxRequest).where(mine, OutboxRequest.kind == "close_month")
        ).all()
        assert [one.body["month"] for one in closing] == [0]
        assert due.due_orders(session, 1000, 10) == []


def test_months_close_and_are_claimed_on_schedule(shop: Shop) -> None:
    member = local_signer(f"member of {shop.boss} of {shop.client.deployment.settlement}").account
    number, _ = shop.client.join(member, shop.boss)
    idle, worker = shop.worker(due_seconds=0, schedule=False), shop.worker(due_seconds=0)
    order = shop.submit("o", "order", shop.order(price=10_000, seller=number))
    shop.submit("d", "deliver", {"order_request": order.id})
    shop.drive(worker)
    shop.days_pass(8)
    idle.step()
    shop.follower.catch_up()
    idle.step()
    assert settled(shop) == [] and shop.idle()
    idle.close()
    shop.drive(worker, until=lambda: settled(shop) == [1])
    shop.days_pass(46)
    shop.drive(worker, until=lambda: bool(claimed(shop, number)))
    assert claimed(shop, number) > 0
    with shop.database.read() as session:
        assert due.unclaimed(session, "support", 0, 10) == []
    shop.days_pass(1)
    shop.drive(worker)
    with shop.database.read() as session:
        claims = OutboxRequest.kind == "claim"
        assert [one.state for one in session.scalars(select(OutboxRequest).where(claims))] == ["mined"]


def claimed(shop: Shop, agent: int) -> int:
    with shop.database.read() as session:
        row = session.get(PoolWeight, ("support", 0, agent))
        return (row and row.claimed) or 0


def settled(shop: Shop) -> list[int]:
    with shop.database.read() as session:
        query = select(SalesOrder.number).where(SalesOrder.state == "settled").order_by(SalesOrder.number)
        return list(session.scalars(query))
