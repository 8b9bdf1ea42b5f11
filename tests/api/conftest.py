"""One node, one deployment with a small market, one API on a socket, for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from market import Market, open_market
from served import Served, served

from liandong.access.principals import Scope
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock


@pytest.fixture(scope="module")
def node() -> Iterator[EmbeddedNode]:
    with EmbeddedNode() as running:
        yield running


@pytest.fixture(scope="module")
def clock(node: EmbeddedNode) -> NodeClock:
    return NodeClock(node.client())


@pytest.fixture(scope="module")
def market(node: EmbeddedNode) -> Market:
    return open_market(deploy_locally(node.client()))


@pytest.fixture(scope="module")
def api(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("api")
    # the market's own client sends in these tests: a worker with the same keys would be in its way
    with served(market.client, f"sqlite:///{folder / 'api.sqlite'}", folder, run_worker=False) as running:
        running.caught_up()
        yield running


@pytest.fixture(scope="module")
def mall(api: Served) -> Iterator[httpx.Client]:
    with api.caller(Scope.MALL) as client:
        yield client


@pytest.fixture(scope="module")
def auditor(api: Served) -> Iterator[httpx.Client]:
    with api.caller(Scope.AUDITOR) as client:
        yield client


@pytest.fixture(scope="module")
def anybody(api: Served) -> Iterator[httpx.Client]:
    with api.caller() as client:
        yield client
