"""Whatever is killed or fails, and whoever else writes: in the end the rows are those of a clean mirror."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lively import Lively, rows_of

from liandong.chain.abi import abi_of
from liandong.chain.errors import NodeRefused, NodeUnreachable
from liandong.chain.rpc import Request, RpcClient
from liandong.db.session import Database
from liandong.mirror.errors import AnotherWriter, EventsContradict, NodeInconsistent
from liandong.mirror.follower import Follower, Step
from liandong.mirror.rebuild import forget

FINALITY = 4


class Killed(BaseException):
    """Stands for the end of the process."""


def clean(database: Database, lively: Lively) -> dict[str, list]:
    """The rows of a rebuild in the same database."""
    forget(database)
    Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY).catch_up()
    return rows_of(database)


def test_stopped_at_every_numbered_write(database: Database, lively: Lively) -> None:
    lively.live(15, seed=3)
    kill_at, seen = 0, []
    while True:
        writes = 0

        def count(name: str) -> None:
            nonlocal writes
            writes += 1
            if writes == kill_at:  # noqa: B023
                seen.append(name)
                raise Killed

        follower = Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY, on_write=count)
        follower.fetcher.span = 4
        kill_at += 1
        try:
            follower.catch_up()
        except Killed:
            continue
        break
    assert len(set(seen)) >= 10, seen
    found = rows_of(database)
    assert found == clean(database, lively)


def test_stopped_while_undoing(database: Database, lively: Lively) -> None:
    lively.live(10, seed=4)
    mark = lively.mark()
    lively.live(3, seed=5)
    follower = Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY)
    follower.catch_up()
    lively.go_back(mark)
    lively.live(4, seed=6)
    for kill_at in range(1, 40):
        writes = 0

        def count(_: str) -> None:
            nonlocal writes
            writes += 1
            if writes == kill_at:  # noqa: B023
                raise Killed

        try:
            Follower(
                database, lively.rpc, lively.client.deployment, finality=FINALITY, on_write=count
            ).catch_up()
        except Killed:
            continue
        break
    found = rows_of(database)
    assert found == clean(database, lively)


KILLED_PROCESS = """
import os, signal, sys
from pathlib import Path
from liandong.chain.deployment import read_deployment
from liandong.chain.rpc import RpcClient
from liandong.db.session import Database
from liandong.mirror.follower import Follower, Step
url, node, file, kill_at = sys.argv[1:]
left = int(kill_at)
def count(name):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
follower = Follower(Database(url), RpcClient(node), read_deployment(Path(file)), finality=4, on_write=count)
follower.fetcher.span = 6
follower.catch_up()
"""


@pytest.mark.parametrize("kill_at", [1, 7, 19])
def test_a_killed_process(
    database: Database, migrated_url: str, lively: Lively, tmp_path: Path, kill_at: int
) -> None:
    lively.live(12, seed=7)
    lively.client.deployment.write(tmp_path / "deployment.json")
    arguments = [migrated_url, lively.rpc.url, str(tmp_path / "deployment.json"), str(kill_at)]
    ended = subprocess.run([sys.executable, "-c", KILLED_PROCESS, *arguments], env=os.environ, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    Follower(database, lively.rpc, lively.client.deployment, finality=FINALITY).catch_up()
    found = rows_of(database)
    assert found == clean(database, lively)


def test_a_second_writer_loses_and_goes_on(database: Database, lively: Lively) -> None:
    lively.live(10, seed=8)
    first, second = (
        Follower(database, rpc, lively.client.deployment, finality=FINALITY)
        for rpc in (RpcClient(lively.rpc.url), RpcClient(lively.rpc.url))
    )
    first.fetcher.span = second.fetcher.span = 3
    first.step()
    fetch = first.fetcher.fetch

    def overtaken(*arguments: Any) -> Any:
        found = fetch(*arguments)
        second.step()
        return found

    first.fetcher.fetch = overtaken  # type: ignore[method-assign]
    with pytest.raises(AnotherWriter):
        first.step()
    first.fetcher.fetch = fetch  # type: ignore[method-assign]
    for one in (second, first, second, first):
        one.step()
    second.catch_up()
    found = rows_of(database)
    assert found == clean(database, lively)


BATCH = "0x" + abi_of("ISettlementEvents").topic("BatchRecorded").hex()


class Faulty(RpcClient):
    """A connection to the real node whose answers can be spoilt."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.most = 10**9
        self.refusals = 0
        self.lose = self.fail = False
        self.fork = False
        self.lose_batches = 0

    def batch_strict(self, requests: Sequence[Request]) -> list[Any]:
        if self.fail:
            raise NodeUnreachable("no node answers")
        answers = super().batch_strict(requests)
        for (method, params), answer in zip(requests, answers, strict=True):
            if method != "eth_getLogs" or "fromBlock" not in params[0]:
                continue
            if int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) >= self.most:
                self.refusals += 1
                raise NodeRefused(method, -32005, "query returned more than the limit")
            if self.lose and answer:
                last = answer[-1]["blockNumber"]
                answer[:] = [log for log in answer if log["blockNumber"] != last]
            if self.lose_batches and answer:
                self.lose_batches -= 1
                answer[:] = [log for log in answer if log["topics"][0] != BATCH]
            if self.fork and answer:
                answer[-1] = answer[-1] | {"blockHash": "0x" + "11" * 32}
        return answers


def test_a_node_that_refuses_long_ranges(database: Database, lively: Lively) -> None:
    lively.live(20, seed=9)
    node = Faulty(lively.rpc.url)
    node.most = 3
    follower = Follower(database, node, lively.client.deployment, finality=FINALITY)
    follower.catch_up()
    assert 1 <= node.refusals <= 8
    found = rows_of(database)
    assert found == clean(database, lively)


def test_logs_that_a_node_leaves_out_are_asked_for_again(database: Database, lively: Lively) -> None:
    lively.live(8, seed=10)
    node = Faulty(lively.rpc.url)
    follower = Follower(database, node, lively.client.deployment, finality=100)
    node.lose = True
    follower.catch_up()
    found = rows_of(database)
    follower = Follower(database, lively.rpc, lively.client.deployment, finality=100)
    forget(database)
    follower.catch_up()
    assert found == rows_of(database)


def test_logs_of_another_fork_and_silence_change_nothing(database: Database, lively: Lively) -> None:
    lively.live(8, seed=11)
    node = Faulty(lively.rpc.url)
    follower = Follower(database, node, lively.client.deployment, finality=FINALITY)
    node.fork = True
    with pytest.raises(NodeInconsistent):
        follower.step()
    node.fork, node.fail = False, True
    with pytest.raises(NodeUnreachable):
        follower.step()
    assert not rows_of(database)["chain_event"]
    node.fail = False
    follower.catch_up()
    found = rows_of(database)
    assert found == clean(database, lively)


def test_events_that_contradict_each_other_are_asked_for_again(database: Database, lively: Lively) -> None:
    lively.live(20, seed=12)
    assert lively.client.book.last > 0
    node = Faulty(lively.rpc.url)
    follower = Follower(database, node, lively.client.deployment, finality=FINALITY)
    follower.fetcher.span = 1000
    stop = threading.Event()
    troubles: list[Exception] = []

    def on_step(step: Step) -> None:
        if step.behind <= 0:
            stop.set()

    node.lose_batches = 1
    follower.run(stop, 0.01, on_step, troubles.append)
    assert [type(one) for one in troubles] == [EventsContradict]
    found = rows_of(database)
    assert found == clean(database, lively)
    forget(database)
    node.lose_batches = 10**9
    stop.clear()
    with pytest.raises(EventsContradict):
        follower.run(stop, 0.01, on_step)
    assert not rows_of(database)["sales_order"]
