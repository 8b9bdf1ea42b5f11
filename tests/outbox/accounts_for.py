"""What must hold in the end, whatever happened on the way: one effect a key, no gaps."""

from __future__ import annotations

from collections import defaultdict
from typing import Protocol

from sqlalchemy import select

from liandong.chain.orders import OrderBook
from liandong.chain.rpc import RpcClient
from liandong.chain.settlement import SettlementClient
from liandong.db.outbox import OutboxAttempt, OutboxCall, OutboxLane, OutboxRequest
from liandong.db.session import Database
from liandong.outbox import states


class Accountable(Protocol):
    """A deployment, its node, and the database of its outbox."""

    client: SettlementClient
    rpc: RpcClient
    database: Database


def account_for_everything(shop: Accountable) -> None:
    """Compares requests, calls and lanes with the chain's own logs, nonces and receipts."""
    book = OrderBook()
    query = {"address": shop.client.deployment.settlement, "fromBlock": "0x0", "toBlock": "latest"}
    book.take(shop.rpc.call("eth_getLogs", query))
    with shop.database.read() as session:
        requests = list(session.scalars(select(OutboxRequest)))
        calls = list(session.scalars(select(OutboxCall).order_by(OutboxCall.nonce)))
        lanes = list(session.scalars(select(OutboxLane)))
        attempts = list(session.scalars(select(OutboxAttempt).order_by(OutboxAttempt.id)))
    _orders(book, requests)
    _nonces(shop, lanes, calls)
    _receipts(shop, calls, attempts, requests)


def _orders(book: OrderBook, requests: list[OutboxRequest]) -> None:
    """Every order on chain is one request's, under that request's number; prices tell orders apart."""
    recorded = [one for one in requests if one.kind == "order" and one.state in (states.MINED, states.FINAL)]
    assert sorted(one.order_number or 0 for one in recorded) == list(range(1, book.last + 1))
    for one in recorded:
        assert one.order_number is not None
        assert book.terms(one.order_number).price == one.body["price"]
    refunds: dict[int, int] = defaultdict(int)
    numbers = {one.id: one.order_number for one in recorded}
    for one in requests:
        if one.kind == "refund" and one.state in (states.MINED, states.FINAL):
            number = numbers[one.after_request] if one.after_request else one.body["order"]
            refunds[number] += one.body["amount"]
    for number in range(1, book.last + 1):
        assert book.terms(number).refunded == refunds[number]


def _nonces(shop: Accountable, lanes: list[OutboxLane], calls: list[OutboxCall]) -> None:
    """The calls of a lane are its transactions, one after the other."""
    for lane in lanes:
        used = [call.nonce for call in calls if call.lane == lane.address]
        count = int(shop.rpc.call("eth_getTransactionCount", lane.address, "latest"), 16)
        assert used == list(range(count - len(used), count))
        assert not used or lane.next_nonce == count


def _receipts(
    shop: Accountable, calls: list[OutboxCall], attempts: list[OutboxAttempt], requests: list[OutboxRequest]
) -> None:
    """A call with effect has one attempt that succeeded; one without effect has none."""
    by_call: dict[int, list[str]] = defaultdict(list)
    for attempt in attempts:
        by_call[attempt.call_id].append(attempt.hash)
    asked = [(call, hash_) for call in calls for hash_ in by_call[call.id]]
    found = shop.rpc.batch_strict([("eth_getTransactionReceipt", (hash_,)) for _, hash_ in asked])
    good: dict[int, list[str]] = defaultdict(list)
    for (call, hash_), receipt in zip(asked, found, strict=True):
        if receipt is not None and int(receipt["status"], 16) == 1:
            good[call.id].append(hash_)
    members = {one.call_id for one in requests}
    for call in calls:
        assert call.state in (states.MINED, states.FINAL, states.REVERTED, states.UNDONE)
        effect = call.state in (states.MINED, states.FINAL)
        assert good[call.id] == ([call.transaction_hash] if effect else [])
        assert not effect or call.id in members
