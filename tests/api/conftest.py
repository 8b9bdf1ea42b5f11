"""One node, one deployment with a small market, one API on a socket, for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from eth_account import Account
from market import AMY, BOSS, Market, open_market
from served import Served, served

from liandong.access.principals import KEY_SCOPES, Scope
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
def api(
    request: pytest.FixtureRequest, market: Market, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """On SQLite, or on what a module's ``DATABASE`` names: PostgreSQL refuses more of what is strange."""
    folder: Path = tmp_path_factory.mktemp("api")
    url = f"sqlite:///{folder / 'api.sqlite'}"
    if getattr(request.module, "DATABASE", "sqlite") == "postgresql":
        url = request.getfixturevalue("postgresql_database")(None)
    # the market's own client sends in these tests: a worker with the same keys would be in its way
    with served(market.client, url, folder, run_worker=False) as running:
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


@pytest.fixture(scope="module")
def callers(api: Served, market: Market) -> Iterator[dict[str, httpx.Client]]:
    """A caller of each kind: without a key, with a key of each scope, two wallets, a wallet of nobody."""
    found = {"anonymous": api.caller(), "amy": api.sign_in(AMY.account), "boss": api.sign_in(BOSS.account)}
    found["stranger"] = api.sign_in(Account.create())
    found |= {scope.value: api.caller(scope) for scope in KEY_SCOPES}
    yield found
    for client in found.values():
        client.close()


@pytest.fixture(scope="module")
def order(market: Market, api: Served) -> int:
    """An order of amy's that is recorded."""
    (number,) = market.sell(1)
    api.caught_up()
    return number
