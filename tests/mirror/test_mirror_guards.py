"""A chain that is not the one mirrored stops the mirror; it never wipes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lively import Lively, rows_of

from liandong.chain.errors import WrongChain
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.db.session import Database
from liandong.mirror.errors import AnotherChainMirrored, ContractMissing
from liandong.mirror.follower import Follower
from liandong.mirror.receipts import confirmed, holds_block


def test_another_deployment_or_chain_is_refused(database: Database, lively: Lively) -> None:
    deployment = lively.client.deployment
    Follower(database, lively.rpc, deployment).catch_up()
    rows = rows_of(database)
    other = deploy_locally(lively.rpc).deployment
    with pytest.raises(AnotherChainMirrored):
        Follower(database, lively.rpc, other).step()
    with pytest.raises(WrongChain):
        Follower(database, lively.rpc, replace(deployment, genesis="0x" + "22" * 32)).step()
    with EmbeddedNode(timestamp=1_900_000_000) as reset, pytest.raises(WrongChain):
        Follower(database, reset.client(), deployment).step()
    assert rows_of(database) == rows


def test_a_chain_without_the_contract_is_refused(database: Database, lively: Lively) -> None:
    deployment = replace(lively.client.deployment, contracts=dict(lively.client.deployment.contracts))
    gone = replace(deployment.contracts["Settlement"], address="0x" + "33" * 20)
    deployment.contracts["Settlement"] = gone
    with pytest.raises(ContractMissing):
        Follower(database, lively.rpc, deployment).step()


def test_what_is_confirmed_and_final(database: Database, lively: Lively) -> None:
    receipt = lively.client.fund(5)
    for _ in range(3):
        lively.clock.set(lively.clock.now() + 5)
    Follower(database, lively.rpc, lively.client.deployment, finality=3).catch_up()
    block = lively.rpc.call("eth_getTransactionReceipt", receipt.transaction)
    with database.read() as session:
        found = confirmed(session, receipt.transaction)
        assert found is not None and found.final and found.block_hash == block["blockHash"]
        assert confirmed(session, "0x" + "44" * 32) is None
        assert holds_block(session, lively.head, "0x" + "44" * 32) is False
        assert holds_block(session, lively.head + 1, "0x") is None
