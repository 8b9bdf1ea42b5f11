"""The client's steps that case files have no word for, and what its receipts and views tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from market import AMY, BOSS, DAY, RICH, Market

from liandong.chain.errors import (
    InvalidSignature,
    NotAccountOwner,
    Paused,
    TermsMismatch,
)
from liandong.chain.local import local_signer
from liandong.chain.node import NodeClock
from liandong.chain.orders import OrderBook
from liandong.chain.settlement import SettlementClient
from liandong.errors import AlreadyRegistered, InsufficientBalance, TeamTooDeep, UnknownOrder


def _settled(market: Market, count: int = 1) -> list[int]:
    """Sales that were delivered and settled."""
    orders = market.sell(count)
    market.client.deliver(orders)
    clock = NodeClock(market.client.sender.client)
    clock.set(clock.now() + 8 * DAY)
    market.client.settle(orders)
    return orders


def test_many_join_at_once_in_the_order_given(market: Market) -> None:
    newcomers = [(local_signer(f"newcomer {i}").account, market.amy, i) for i in range(150)]
    numbers = market.client.join_many(newcomers)
    assert numbers == list(range(market.amy + 1, market.amy + 151))
    assert market.client.lens("participant", numbers[149])[7] == 149


def test_of_many_that_join_the_first_fault_is_told(market: Market) -> None:
    low = market.client.join_many([(local_signer("low").account, market.amy, 0)])[0]
    with pytest.raises(TeamTooDeep):
        market.client.join_many([(local_signer("too low").account, low, 0)])
    with pytest.raises(AlreadyRegistered):
        market.client.join(AMY.account, market.boss)


def test_a_batch_of_many_is_one_transaction(market: Market) -> None:
    orders = market.sell(240)
    receipt = market.client.deliver(orders)
    assert receipt.gas_used < 240 * 1_000
    assert market.client.read("book")[2] == 240


def test_withdrawals_go_to_the_owner_alone(market: Market) -> None:
    client = market.client
    _settled(market)
    assert client.lens("account", market.amy)[0] == 2_000
    with pytest.raises(NotAccountOwner):
        client.withdraw(market.amy, 1, client.keys.operator)
    client.withdraw(market.amy, 500, AMY)
    client.withdraw_for(market.amy, 700, AMY.account)
    with pytest.raises(InvalidSignature):
        client.withdraw_for(market.amy, 1, BOSS.account)
    client.push_withdrawals([market.amy, market.boss, market.supplier])
    assert client.lens_many([("account", market.amy), ("account", market.boss)])[0][:2] == (0, 2_000)
    with pytest.raises(InsufficientBalance):
        client.withdraw(market.amy, 1, AMY)


def test_an_account_moves_to_a_wallet_that_consents(market: Market) -> None:
    client, new = market.client, local_signer("amy's new wallet")
    new.nonce = None
    _settled(market)
    client.change_wallet(market.amy, AMY, new.account)
    with pytest.raises(NotAccountOwner):
        client.withdraw(market.amy, 1, AMY)
    client.withdraw(market.amy, 1, new)


@pytest.mark.parametrize("part", [1, 2, 4])
def test_the_guardian_pauses_and_the_administrator_ends_it(market: Market, part: int) -> None:
    client = market.client
    _settled(market)
    steps = {
        1: lambda: market.sell(),
        2: lambda: client.settle([1]),
        4: lambda: client.withdraw(market.amy, 1, AMY),
    }
    client.pause(part)
    for other, step in steps.items():
        if other == part:
            with pytest.raises(Paused):
                step()
        else:
            step()
    client.unpause(part)
    steps[part]()


def test_proofs_from_before_a_refund_are_refused(market: Market) -> None:
    market.sell(2)
    market.client.refund(1, 100)
    stale = OrderBook()
    query = {"address": market.client.deployment.settlement, "fromBlock": "0x0", "toBlock": "latest"}
    logs = market.client.sender.client.call("eth_getLogs", query)
    stale.take(logs[:-1])
    late = SettlementClient(market.client.sender, market.client.deployment, market.client.keys, stale)
    with pytest.raises(TermsMismatch):
        late.refund(2, 100)
    late.follow(int(logs[-1]["blockNumber"], 16), int(logs[-1]["blockNumber"], 16))
    late.refund(2, 100)


def test_a_wrong_day_of_delivery_is_refused(market: Market) -> None:
    market.sell()
    market.client.deliver([1])
    clock = NodeClock(market.client.sender.client)
    clock.set(clock.now() + 9 * DAY)
    batch = market.client.book.batch_of(1)
    assert batch is not None
    batch.deliveries = [1 << 240 | 1]
    with pytest.raises(TermsMismatch):
        market.client.settle([1])


def test_a_refused_step_is_told_alike_with_and_without_an_estimate(market: Market) -> None:
    sender = market.client.sender
    sent_before = sender.client.call("eth_getTransactionCount", market.client.keys.operator.address, "latest")
    sender.fixed_gas = None
    with pytest.raises(UnknownOrder, match="order 9"):
        market.client.deliver([9])
    assert sent_before == sender.client.call(
        "eth_getTransactionCount", market.client.keys.operator.address, "latest"
    )
    sender.fixed_gas = 2**24
    with pytest.raises(UnknownOrder, match="order 9"):
        market.client.deliver([9])
    market.sell()
    sender.fixed_gas = None
    assert market.client.deliver([1]).gas_used < 100_000


def test_a_signer_goes_on_after_its_nonce_was_used_elsewhere(market: Market) -> None:
    operator = market.client.keys.operator
    elsewhere = local_signer("operator")
    elsewhere.nonce = None
    keys = replace(market.client.keys, operator=elsewhere)
    SettlementClient(market.client.sender, market.client.deployment, keys).certify(market.amy)
    with pytest.raises(Exception, match="nonce"):
        market.client.certify(market.amy, False)
    assert operator.nonce is None
    market.client.certify(market.amy, False)


def test_money_in_is_money_held(market: Market) -> None:
    assert market.client.read("book")[:2] == (RICH, 0)
    market.sell(1, price=400)
    assert market.client.read("book")[:2] == (RICH - 400, 400)
