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
