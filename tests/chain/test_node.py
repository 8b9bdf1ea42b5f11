"""The embedded node: kept on disk, stopped cleanly, clear when it cannot run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from liandong.chain.deployment import chain_identity
from liandong.chain.errors import AnvilMissing, ClockNotSettable, NodeNotStarted
from liandong.chain.local import deploy_locally, local_signer
from liandong.chain.node import EmbeddedNode, NodeClock, find_anvil
from liandong.chain.settlement import SettlementClient


def test_a_chain_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    state = tmp_path / "chain.json"
    with EmbeddedNode(state=state) as node:
        client = deploy_locally(node.client())
        boss, _ = client.join_founder(local_signer("boss").address, 7)
        before = chain_identity(node.client())
    assert not node.running
    with EmbeddedNode(state=state) as node:
        assert chain_identity(node.client()) == before
        again = SettlementClient(client.sender, client.deployment, client.keys)
        client.sender.client.close()
        again.sender.client = node.client()
        assert again.lens("participant", boss)[7] == 7
        assert again.join_founder(local_signer("second boss").address)[0] == boss + 1


def test_a_chain_keeps_its_first_block_however_often_it_is_stopped(tmp_path: Path) -> None:
    state, seen = tmp_path / "chain.json", set()
    for _ in range(6):
        with EmbeddedNode(state=state) as node:
            seen.add(chain_identity(node.client()))
        time.sleep(0.3)
    assert len(seen) == 1


def test_a_clock_that_was_moved_ahead_stays_ahead(tmp_path: Path) -> None:
    ahead = int(time.time()) + 400 * 86_400
    with EmbeddedNode(state=tmp_path / "chain.json") as node:
        NodeClock(node.client()).set(ahead)
    with EmbeddedNode(state=tmp_path / "chain.json") as node:
        client = deploy_locally(node.client())
        assert client.read("today") == 0
        assert NodeClock(node.client()).now() >= ahead


def test_what_was_saved_while_it_ran_survives_a_crash(tmp_path: Path) -> None:
    state = tmp_path / "chain.json"
    with EmbeddedNode(state=state) as node:
        client = deploy_locally(node.client())
        node.save()
        client.join_founder(local_signer("boss").address)
        assert node._process is not None
        node._process.kill()
        node._process.wait()
    with EmbeddedNode(state=state) as node:
        client.sender.client = node.client()
        assert client.read("lastParticipant") == 15


def test_a_snapshot_brings_everything_back(client: SettlementClient) -> None:
    clock = NodeClock(client.sender.client)
    snapshot, day = clock.snapshot(), client.read("today")
    client.join_founder(local_signer("boss").address)
    clock.set(clock.now() + 5 * 86_400)
    clock.revert(snapshot)
    assert (client.read("lastParticipant"), client.read("today")) == (15, day)


def test_a_port_in_use_is_named(node: EmbeddedNode) -> None:
    with pytest.raises(NodeNotStarted, match=f"port {node.port} on 127.0.0.1 cannot be used"):
        EmbeddedNode(port=node.port).__enter__()


def test_a_state_file_that_is_no_state_is_told(tmp_path: Path) -> None:
    state = tmp_path / "chain.json"
    state.write_text("{]")
    with pytest.raises(NodeNotStarted, match="anvil ended at once"):
        EmbeddedNode(state=state).__enter__()
    assert state.read_text() == "{]"


def test_without_anvil_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AnvilMissing, match="make setup"):
        find_anvil(tmp_path)


def test_a_node_whose_clock_cannot_be_set_is_told(node: EmbeddedNode) -> None:
    clock = NodeClock(node.client())
    with pytest.raises(ClockNotSettable, match="does not let its clock be set"):
        clock.set(1)
