"""What an explorer makes of transactions with the published metadata alone: calls, events, errors."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from eth_utils import keccak, to_checksum_address
from eth_utils.abi import abi_to_signature
from market import DAY, Market
from served import Served
from web3 import Web3
from web3.contract import Contract
from web3.logs import DISCARD

from liandong.access.principals import Scope
from liandong.chain.contracts import load
from liandong.chain.errors import NodeRefused
from liandong.chain.node import EmbeddedNode, NodeClock


class Explorer:
    """Fetches the metadata of an address from the repository, and reads the chain with the ABI in it."""

    def __init__(self, http: httpx.Client, node: EmbeddedNode) -> None:
        self._http = http
        self._web3 = Web3(Web3.HTTPProvider(node.url))

    def contract(self, address: str) -> Contract:
        place = f"/repository/contracts/full_match/31337/{to_checksum_address(address)}/metadata.json"
        answer = self._http.get(place)
        assert answer.status_code == 200, answer.text
        abi = answer.json()["output"]["abi"]
        return self._web3.eth.contract(to_checksum_address(address), abi=abi, decode_tuples=True)

    def events(self, receipt: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """Each log of a receipt, by name; fails where one has none."""
        found = []
        for log in receipt["logs"]:
            contract = self.contract(log["address"])
            raw = {
                "address": contract.address, "data": bytes.fromhex(log["data"][2:]),
                "topics": [bytes.fromhex(topic[2:]) for topic in log["topics"]],
                "logIndex": int(log["logIndex"], 16), "blockNumber": 1, "blockHash": b"",
                "transactionHash": b"", "transactionIndex": 0,
            }  # fmt: skip
            seen = [event.process_receipt({"logs": [raw]}, errors=DISCARD) for event in contract.events]
            (only,) = [one[0] for one in seen if one]
            found.append((only["event"], dict(only["args"])))
        return found


@pytest.fixture(scope="module")
def explorer(anybody: httpx.Client, node: EmbeddedNode) -> Explorer:
    return Explorer(anybody, node)


@pytest.fixture(scope="module")
def life(market: Market, node: EmbeddedNode) -> dict[str, dict[str, Any]]:
    """The receipts of an order's life, by step."""
    client, rpc = market.client, node.client()
    (order,) = market.sell(1, price=20_000, cost=8_000)
    recorded = rpc.call("eth_getBlockByNumber", "latest", True)["transactions"][-1]["hash"]
    steps = {"recorded": recorded, "delivered": client.deliver([order]).transaction}
    clock = NodeClock(rpc)
    clock.set(clock.now() + 20 * DAY)
    steps["settled"] = client.settle([order]).transaction
    steps["refunded"] = client.refund(order, 5_000).transaction
    return {step: rpc.call("eth_getTransactionReceipt", hash_) for step, hash_ in steps.items()}


def test_every_event_of_an_orders_life_has_its_name(explorer: Explorer, life: dict, market: Market) -> None:
    told = {step: dict(explorer.events(receipt)) for step, receipt in life.items()}
    assert {"BatchRecorded", "RetailOrderRecorded"} == set(told["recorded"])
    assert "OrdersDelivered" in told["delivered"]
    assert {"SupplyPaid", "DirectPaid", "TeamPaid", "BrandLinesPaid", "OrdersSettled"} <= set(told["settled"])
    assert {"PaymentTakenBack", "BrandLinesTakenBack", "OrderRefunded"} <= set(told["refunded"])
    sale = told["recorded"]["RetailOrderRecorded"]
    assert (sale["seller"], sale["supplier"], sale["price"]) == (market.amy, market.supplier, 20_000)


def test_every_call_has_its_name(explorer: Explorer, life: dict, node: EmbeddedNode) -> None:
    names = []
    for receipt in life.values():
        sent = node.client().call("eth_getTransactionByHash", receipt["transactionHash"])
        function, _ = explorer.contract(sent["to"]).decode_function_input(sent["input"])
        names.append(function.fn_name)
    assert names == ["recordOrders", "deliver", "settle", "refund"]


def test_an_error_from_within_a_library_has_its_name(
    explorer: Explorer, market: Market, node: EmbeddedNode
) -> None:
    contract = explorer.contract(market.client.deployment.settlement)
    call = contract.encode_abi("closeMonth", [40_000])
    with pytest.raises(NodeRefused) as refused:
        node.client().call("eth_call", {"to": contract.address, "data": call}, "latest")
    errors = {_selector(one): one["name"] for one in contract.abi if one["type"] == "error"}
    assert errors[str(refused.value.data)[:10]] == "EpochOutOfOrder"


def test_the_lens_reads_out_what_a_proof_holds(
    explorer: Explorer, api: Served, market: Market, life: dict
) -> None:
    """As docs/auditing.md has it: what a proof holds, put into the views on the lens's page."""
    api.caught_up()
    order = dict(explorer.events(life["settled"]))["DirectPaid"]["order"]
    with api.caller(Scope.AUDITOR) as auditor:
        proof = auditor.get(f"/v1/orders/{order}/proof").json()
        lines = {one["line"]: one["amount"] for one in auditor.get(f"/v1/orders/{order}").json()["lines"]}
    lens = explorer.contract(market.client.deployment.lens).functions
    amounts, parties = (int(word, 16) for word in proof["words"])
    terms = lens.decode(amounts, parties).call()
    assert (terms.price, terms.seller, terms.refunded) == (20_000, market.amy, 5_000)
    split = lens.split(amounts, parties, terms.price - terms.refunded).call()
    assert {name: amount for name, amount in split._asdict().items() if amount} == lines
    assert sum(split) == 15_000
    batch, path = proof["batch"], [bytes.fromhex(one[2:]) for one in proof["path"]]
    place = (batch["first"], batch["width"], [int(word, 16) for word in batch["deliveries"]], order)
    assert lens.proves(*place, amounts, parties, path).call() is True
    assert lens.proves(*place, amounts + 1, parties, path).call() is False
    assert lens.orderState(order).call()[0] is True


def test_events_index_what_explorers_can_filter_by() -> None:
    """An indexed array or string breaks or blinds an explorer's page of logs."""
    for event in (one for one in load("Settlement").abi if one["type"] == "event"):
        for field in (one for one in event["inputs"] if one["indexed"]):
            assert field["type"] in ("uint256", "address", "bytes32"), (event["name"], field)


def test_whatever_a_library_tells_or_refuses_the_settlement_knows() -> None:
    """Libraries act in the settlement's name, so their events and errors appear at its address."""
    settlement = load("Settlement")
    known = {(one["type"], _selector(one)) for one in settlement.abi if one["type"] in ("event", "error")}
    for library in settlement.libraries:
        own = [one for one in load(library).abi if one["type"] in ("event", "error")]
        assert {(one["type"], _selector(one)) for one in own} <= known, library


def _selector(entry: dict[str, Any]) -> str:
    return "0x" + keccak(text=abi_to_signature(entry)).hex()[:8]
