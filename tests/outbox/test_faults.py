"""Crashes, reorgs, forgetful nodes, two workers: in the end one effect a key, and no gaps."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from accounts_for import account_for_everything
from forks import Forks
from shop import FINALITY, Shop
from sqlalchemy import select

from liandong.db.outbox import OutboxAttempt
from liandong.outbox import lanes, states
from liandong.outbox.fees import FeeCaps
from liandong.outbox.worker import Worker

GWEI = 10**9

SHORT = 0.02
"""Seconds of a lease, so that the next worker need not wait long for a dead one's."""


ROLES = ("operator", "risk")
"""Lanes with work to do; the others would only cost time."""


class Killed(BaseException):
    """The process is gone: nothing of it runs on."""


class Doom:
    """Kills at the n-th place; counts them."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.places: list[str] = []

    def __call__(self, place: str) -> None:
        self.places.append(place)
        if self.at == len(self.places):
            raise Killed


@pytest.fixture
def by_hand(shop: Shop) -> Iterator[Shop]:
    """Blocks are mined by the test."""
    shop.clock.mine_by_itself(False)
    shop.forks = Forks(shop.rpc)
    yield shop
    shop.clock.mine_by_itself(True)


@pytest.fixture
def with_fees(by_hand: Shop) -> Iterator[Shop]:
    """Gas has a price, and the signers have coins."""
    keys = by_hand.client.keys
    for signer in (keys.operator, keys.anyone, keys.risk, keys.treasurer, keys.guardian):
        by_hand.clock.give_coins(signer.address, 10**24)
    set_base_fee(by_hand, GWEI)
    yield by_hand
    set_base_fee(by_hand, 0)


def set_base_fee(shop: Shop, wei: int) -> None:
    """The base fee of the next block, which is mined, and of those after it."""
    shop.rpc.call("hardhat_setNextBlockBaseFeePerGas", hex(wei))
    shop.mine(1)


def test_a_worker_is_killed_at_every_write(shop: Shop, request: pytest.FixtureRequest) -> None:
    """In a quick run at every one on SQLite, and at every third on PostgreSQL."""
    every = shop.database.is_sqlite or request.config.getoption("--every-write")
    places = _play_with(shop, 0, Doom())
    assert {"before store", "stored", "sent", "sent stored", "before mined", "mined"} <= set(places)
    assert {"before refusing", "refused", "before final", "final"} <= set(places)
    for at in range(1, len(places) + 1, 1 if every else 3):
        _play_with(shop, at, Doom(at))
    account_for_everything(shop)


def _play_with(shop: Shop, round_: int, doom: Doom) -> list[str]:
    """Orders, one of them bad, a delivery and a refund; whoever is killed is followed by another."""
    orders = [
        shop.submit(f"{round_} o{i}", "order", shop.order(price=10_000 + 10 * round_ + i)) for i in range(3)
    ]
    shop.submit(f"{round_} bad", "order", shop.order(price=0))
    shop.submit(f"{round_} d", "deliver", {"order_request": orders[0].id})
    shop.submit(f"{round_} r", "refund", {"order_request": orders[1].id, "amount": 7})
    shop.submit(f"{round_} x", "release", {"order_request": orders[2].id})

    def done() -> bool:
        shop.mine(1)
        return set(shop.states()) <= {states.FINAL, states.REJECTED}

    try:
        shop.drive(shop.worker(roles=ROLES, on_write=doom, lease_seconds=SHORT), until=done)
    except Killed:
        shop.drive(shop.worker(roles=ROLES, lease_seconds=SHORT), until=done)
    return doom.places


def test_two_workers_share_lanes_and_send_nothing_twice(shop: Shop) -> None:
    for i in range(60):
        shop.submit(f"o{i}", "order", shop.order(price=10_000 + i))
    # leases run out all the time, so that both work on the same lanes
    shop.drive(shop.worker(lease_seconds=0.001), shop.worker(lease_seconds=0.001))
    account_for_everything(shop)


def test_what_a_node_forgets_is_sent_again(by_hand: Shop) -> None:
    shop, worker = by_hand, by_hand.worker()
    order = shop.submit("o", "order", shop.order())
    shop.drive(worker, until=lambda: shop.get(order).state == states.SENT)
    pending = shop.rpc.call("eth_getBlockByNumber", "pending", False)["transactions"]
    shop.rpc.call("hardhat_dropTransaction", pending[0])
    shop.mine(1)
    assert shop.recorded() == 0
    worker.step()
    shop.mine(1)
    shop.drive(worker)
    assert shop.calls()[0].transaction_hash == pending[0]
    account_for_everything(shop)


def test_a_reorg_takes_mined_back_to_sent_and_it_is_mined_again(by_hand: Shop) -> None:
    shop, worker = by_hand, by_hand.worker()
    order = shop.submit("o", "order", shop.order())
    shop.drive(worker, until=lambda: shop.get(order).state == states.SENT)
    shop.mine(1)
    shop.drive(worker, until=lambda: shop.get(order).state == states.MINED)
    reorganise(shop, 1)
    assert shop.recorded() == 0
    shop.follower.catch_up()
    worker.step()
    assert shop.get(order).state == states.SENT
    shop.mine(1)
    shop.drive(worker)
    shop.mine()
    shop.drive(worker, until=lambda: shop.get(order).state == states.FINAL)
    account_for_everything(shop)


def test_a_mined_request_is_not_final_before_its_depth(by_hand: Shop) -> None:
    shop, worker = by_hand, by_hand.worker()
    order = shop.submit("o", "order", shop.order())
    shop.drive(worker, until=lambda: shop.get(order).state == states.SENT)
    seen = []
    for _ in range(FINALITY + 1):
        shop.mine(1)
        shop.drive(worker, until=lambda: True)
        seen.append(shop.get(order).state)
    assert seen == [states.MINED] * FINALITY + [states.FINAL]


def test_a_batch_that_reverts_is_built_anew(by_hand: Shop) -> None:
    """Two batches under way that the treasury cannot both pay for: the second is refused in the end."""
    shop, worker = by_hand, by_hand.worker()
    all_of_it = shop.client.read_words([("book",)])[0][0]
    orders = []
    for i in range(3):
        orders.append(shop.submit(f"o{i}", "order", shop.order(price=all_of_it // 2 - i)))
        worker.step()
    small = shop.submit("small", "order", shop.order(price=1))
    worker.step()
    assert [call.state for call in shop.calls()] == [states.SENT] * 4
    for _ in range(4 * FINALITY):
        shop.mine(1)
        shop.drive(worker, until=lambda: True)
    found = [shop.get(one) for one in (*orders, small)]
    assert [one.state for one in found] == [states.FINAL, states.FINAL, states.REJECTED, states.FINAL]
    assert found[2].error_name == "InsufficientTreasury"
    assert found[3].order_number == 3
    account_for_everything(shop)


def test_a_nonce_that_somebody_else_used_is_passed_over(by_hand: Shop) -> None:
    """The same key sends from elsewhere: the request goes out again, once that is final."""
    shop, worker = by_hand, by_hand.worker()
    order = shop.submit("o", "order", shop.order())
    shop.drive(worker, until=lambda: shop.get(order).state == states.SENT)
    (call,) = shop.calls()
    for hash_ in shop.rpc.call("eth_getBlockByNumber", "pending", False)["transactions"]:
        shop.rpc.call("hardhat_dropTransaction", hash_)
    operator = shop.client.keys.operator
    operator.nonce = call.nonce
    raw, _ = shop.client.sender.sign(operator, operator.address, b"", 21_000)
    shop.rpc.call("eth_sendRawTransaction", raw)
    shop.mine(1)
    shop.drive(worker, until=lambda: True)
    assert shop.get(order).state == states.SENT
    shop.mine(FINALITY)
    shop.drive(worker, until=lambda: shop.get(order).state == states.SENT and len(shop.calls()) == 2)
    shop.mine(1)
    shop.drive(worker)
    assert [one.state for one in shop.calls()] == [states.UNDONE, states.MINED]
    assert shop.recorded() == 1


def test_a_refund_by_others_changes_the_root_under_a_settlement(with_fees: Shop) -> None:
    """A stuck call is replaced with proofs of today; the old one would revert."""
    shop, worker = with_fees, with_fees.worker(stuck_seconds=0, lease_seconds=SHORT)
    shop.clock.mine_by_itself(True)
    orders = [shop.submit(f"o{i}", "order", shop.order(price=10_000 + i)) for i in range(2)]
    for i, order in enumerate(orders):
        shop.submit(f"d{i}", "deliver", {"order_request": order.id})
    shop.drive(worker)
    shop.days_pass(9)
    shop.clock.mine_by_itself(False)
    settling = shop.submit("s", "settle", {"orders": [1]})
    shop.drive(worker, until=lambda: shop.get(settling).state == states.SENT)
    hashes = shop.rpc.call("eth_getBlockByNumber", "pending", False)["transactions"]
    for hash_ in hashes:
        shop.rpc.call("hardhat_dropTransaction", hash_)
    shop.submit("r", "refund", {"order": 2, "amount": 500})
    quiet = shop.worker(roles=("operator",), lease_seconds=SHORT)
    shop.drive(quiet, until=lambda: shop.states().get(states.SENT) == 2)
    shop.mine(1)
    shop.drive(quiet, until=lambda: shop.states().get(states.SENT) == 1)
    shop.drive(worker, until=lambda: True)
    shop.mine(1)
    shop.drive(worker)
    settled = next(call for call in shop.calls() if call.kind == "settle")
    assert settled.state in (states.MINED, states.FINAL)
    assert settled.transaction_hash not in hashes
    account_for_everything(shop)


def test_a_fee_spike_is_followed_up_to_the_cap(with_fees: Shop) -> None:
    """Stuck while blocks cost 40 gwei: replaced at the same nonce until it is enough, within the cap."""
    shop = with_fees
    worker = shop.worker(stuck_seconds=0, caps=FeeCaps(50 * GWEI, 10 * GWEI))
    order = shop.submit("o", "order", shop.order())
    worker.step()
    set_base_fee(shop, 40 * GWEI)
    assert shop.recorded() == 0

    def done() -> bool:
        shop.rpc.call("hardhat_setNextBlockBaseFeePerGas", hex(40 * GWEI))
        shop.mine(1)
        return shop.get(order).state == states.MINED

    shop.drive(worker, until=done)
    assert len(shop.calls()) == 1
    with shop.database.read() as session:
        fees = [(one.max_fee, one.tip) for one in session.scalars(select(OutboxAttempt).order_by("id"))]
    assert len(fees) >= 2 and max(most for most, _ in fees) <= 50 * GWEI
    for (most, tip), (higher, higher_tip) in itertools.pairwise(fees):
        assert higher * 8 >= most * 9 and higher_tip * 8 >= tip * 9
    account_for_everything(shop)


def test_a_call_that_the_caps_leave_stuck_is_told_of(with_fees: Shop) -> None:
    shop = with_fees
    worker = shop.worker(stuck_seconds=0, caps=FeeCaps(5 * GWEI, GWEI))
    order = shop.submit("o", "order", shop.order())
    for _ in range(20):
        worker.step()
    with shop.database.read() as session:
        lane = next(one for one in lanes.listed(session) if one.role == "operator")
        assert lane.trouble is not None and "raise LIANDONG_FEE_CAP_GWEI" in lane.trouble
    shop.mine(1)
    shop.drive(worker)
    assert shop.get(order).state == states.MINED
    account_for_everything(shop)


def test_nothing_is_built_while_fees_are_above_the_cap(with_fees: Shop) -> None:
    shop = with_fees
    worker = shop.worker(caps=FeeCaps(5 * GWEI, GWEI))
    set_base_fee(shop, 6 * GWEI)
    order = shop.submit("o", "order", shop.order())
    worker.step()
    assert shop.get(order).state == states.QUEUED and shop.calls() == []
    with shop.database.read() as session:
        lane = next(one for one in lanes.listed(session) if one.role == "operator")
        assert lane.trouble is not None and lane.trouble.startswith("FeesAboveCap")
    set_base_fee(shop, 2 * GWEI)
    shop.drive(worker, until=lambda: shop.get(order).state == states.SENT)
    shop.mine(1)
    shop.drive(worker)
    account_for_everything(shop)


def test_random_histories_with_all_faults(by_hand: Shop, history_seed: int) -> None:
    shop, chance = by_hand, random.Random(history_seed)
    workers = [_doomed(shop, chance) for _ in range(2)]
    orders: list[int] = []
    for turn in range(60):
        for _ in range(chance.randrange(4)):
            price = 0 if chance.random() < 0.1 else 10_000 + len(orders)
            body = shop.order(price=price)
            for _ in range(chance.choice([1, 1, 3])):
                number = shop.submit(f"o{len(orders)}", "order", body).id
            orders.append(number)
        if orders and chance.random() < 0.5:
            about = {"order_request": chance.choice(orders)}
            kind, more = chance.choice([("deliver", {}), ("refund", {"amount": 1 + turn}), ("hold", {})])
            shop.submit(f"t{turn}", kind, about | more)
        for place, worker in enumerate(workers):
            if chance.random() < 0.8:
                try:
                    worker.step()
                except Killed:
                    workers[place] = _doomed(shop, chance)
        fault = chance.random()
        if fault < 0.15:
            _drop_some(shop, chance)
        elif fault < 0.25:
            reorganise(shop, chance.randrange(1, FINALITY))
        elif fault < 0.7:
            shop.mine(1)
        if chance.random() < 0.7:
            shop.follower.catch_up()
    last = shop.worker(roles=ROLES, lease_seconds=SHORT)

    def done() -> bool:
        shop.mine(1)
        return set(shop.states()) <= {states.FINAL, states.REJECTED}

    shop.drive(last, until=done)
    account_for_everything(shop)


def _doomed(shop: Shop, chance: random.Random) -> Worker:
    doom = Doom(chance.randrange(1, 25)) if chance.random() < 0.8 else Doom()
    return shop.worker(roles=ROLES, on_write=doom, lease_seconds=SHORT)


def _drop_some(shop: Shop, chance: random.Random) -> None:
    for hash_ in shop.rpc.call("eth_getBlockByNumber", "pending", False)["transactions"]:
        if chance.random() < 0.5:
            shop.rpc.call("hardhat_dropTransaction", hash_)


def reorganise(shop: Shop, depth: int) -> None:
    """Other blocks in place of the last ones, without their transactions."""
    assert shop.forks is not None
    shop.forks.reorganise(depth)


def test_what_a_reorg_took_is_sent_again_though_nobody_looked_until_it_was_final(by_hand: Shop) -> None:
    """The worker is away from before the reorganisation until the blocks that came instead are final."""
    shop, worker = by_hand, by_hand.worker()
    order = shop.submit("o", "order", shop.order())
    shop.drive(worker, until=lambda: shop.get(order).state == states.SENT)
    shop.mine(1)
    shop.drive(worker, until=lambda: shop.get(order).state == states.MINED)
    reorganise(shop, 1)
    shop.mine(2 * FINALITY)
    shop.follower.catch_up()
    worker.step()
    assert shop.recorded() == 0 and shop.get(order).state == states.SENT
    shop.mine(1)
    shop.drive(worker)
    shop.mine()
    shop.drive(worker, until=lambda: shop.get(order).state == states.FINAL)
    account_for_everything(shop)
