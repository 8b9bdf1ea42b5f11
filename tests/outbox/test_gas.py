"""How much gas a call is given: by simulating it once, or by the node's own search where it cannot."""

from __future__ import annotations

from typing import Any

import pytest
from dev_nodes import HARDHAT
from shop import Shop

from liandong.chain.errors import NodeRefused
from liandong.chain.rpc import RpcClient
from liandong.errors import PriceBelowCost
from liandong.outbox import states
from liandong.outbox.contract import Contract
from liandong.outbox.kinds import KINDS, read_body
from liandong.outbox.kinds.body import Scene


class Asked(RpcClient):
    """A node that may not know how to simulate, and what it was asked."""

    simulates = True

    def call(self, method: str, *params: Any) -> Any:
        self.methods = [*getattr(self, "methods", []), method]
        if method == "eth_simulateV1" and not self.simulates:
            raise NodeRefused(method, -32601, "Method not found")
        return super().call(method, *params)


def _record(shop: Shop, contract: Contract, **order: int) -> int:
    parts = read_body("order", shop.order(**order)).parts(None)
    call = KINDS["order"].call(parts, Scene(None, 1, contract.deployment.settlement, contract.today))
    return contract.estimate(shop.client.keys.operator.address, contract.encode(call))


def test_what_was_simulated_is_enough_and_not_too_much(shop: Shop, node_kind: str) -> None:
    simulating, searching = (Contract(Asked(shop.node.url), shop.client.deployment) for _ in range(2))
    searching.client.simulates = False
    simulated, searched = _record(shop, simulating), _record(shop, searching)
    if node_kind == HARDHAT:  # it cannot simulate, and is asked once whether it can
        assert searched == simulated and simulating.client.methods.count("eth_simulateV1") == 1
    else:
        assert searched < simulated < 1.6 * searched
        assert "eth_estimateGas" not in simulating.client.methods
    _record(shop, searching)
    assert searching.client.methods.count("eth_simulateV1") == 1  # not asked again


@pytest.mark.parametrize("simulates", [True, False])
def test_what_would_revert_is_told_either_way(shop: Shop, simulates: bool) -> None:
    contract = Contract(Asked(shop.node.url), shop.client.deployment)
    contract.client.simulates = simulates
    with pytest.raises(PriceBelowCost):
        _record(shop, contract, cost=20_000)


def test_a_call_is_mined_with_the_gas_that_was_simulated(shop: Shop) -> None:
    sent = [shop.submit(f"o{i}", "order", shop.order()) for i in range(3)]
    shop.drive(shop.worker())
    assert all(shop.get(one).state == states.MINED for one in sent)
    (call,) = shop.calls()
    receipt = shop.rpc.call("eth_getTransactionReceipt", call.transaction_hash)
    used = int(receipt["gasUsed"], 16)
    assert used <= call.gas < 2 * used
