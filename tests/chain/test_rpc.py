"""JSON-RPC over one connection."""

from __future__ import annotations

import pytest

from liandong.chain.errors import NodeRefused, NodeUnreachable
from liandong.chain.node import EmbeddedNode
from liandong.chain.rpc import BATCH_LIMIT, RpcClient


def test_a_call_returns_its_result(node: EmbeddedNode) -> None:
    assert node.client().call("eth_chainId") == hex(31337)


def test_a_batch_longer_than_nodes_take_keeps_its_order(node: EmbeddedNode) -> None:
    count = BATCH_LIMIT + 3
    requests = [("web3_sha3", (f"0x{number:04x}",)) for number in range(count)]
    alone = node.client()
    assert node.client().batch(requests) == [alone.call(*method, *params) for (*method, params) in requests]


def test_an_error_in_a_batch_stands_in_its_place(node: EmbeddedNode) -> None:
    first, second, third = node.client().batch(
        [("eth_chainId", ()), ("eth_noSuchMethod", ()), ("eth_chainId", ())]
    )
    assert first == third == hex(31337)
    assert isinstance(second, NodeRefused) and second.method == "eth_noSuchMethod"
    with pytest.raises(NodeRefused, match="eth_noSuchMethod"):
        node.client().batch_strict([("eth_noSuchMethod", ())])


def test_an_idle_connection_that_the_node_closed_is_opened_again() -> None:
    with EmbeddedNode() as first:
        client = first.client()
        client.call("eth_chainId")
    with EmbeddedNode(port=first.port):
        assert client.call("eth_chainId") == hex(31337)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1", "no node answers at http://127.0.0.1:1"),
        ("127.0.0.1:8545", "is not the URL of a node"),
        ("ws://127.0.0.1:8545", "is not the URL of a node"),
    ],
)
def test_where_no_node_is_the_url_is_named(url: str, said: str) -> None:
    with pytest.raises(NodeUnreachable, match=said):
        RpcClient(url, timeout=2).call("eth_chainId")
