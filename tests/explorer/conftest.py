"""One node with a small market, its deployment file, and the API before it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from command import LIANDONG, Run
from market import Market, open_market
from served import Served, served

from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.chain.rpc import RpcClient

EXPLORER = "http://127.0.0.1:5100"


@pytest.fixture(scope="session")
def node() -> Iterator[EmbeddedNode]:
    with EmbeddedNode() as running:
        yield running


@pytest.fixture(scope="session")
def market(node: EmbeddedNode) -> Market:
    return open_market(deploy_locally(node.client()))


@pytest.fixture(scope="session")
def deployment_file(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deployment") / "deployment.json"
    market.client.deployment.write(path)
    return path


@pytest.fixture(scope="session")
def api(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("api")
    url = f"sqlite:///{folder / 'api.sqlite'}"
    with served(market.client, url, folder, run_worker=False, explorer_url=EXPLORER) as running:
        running.caught_up()
        yield running


@pytest.fixture(scope="session")
def anybody(api: Served) -> Iterator[httpx.Client]:
    with api.caller() as client:
        yield client


@pytest.fixture
def rpc(node: EmbeddedNode) -> Iterator[RpcClient]:
    """The node, put back to what it was when the test is over."""
    client = node.client()
    snapshot = client.call("evm_snapshot")
    yield client
    client.call("evm_revert", snapshot)
    client.close()


@pytest.fixture
def verify(node: EmbeddedNode, deployment_file: Path, tmp_path: Path) -> Run:
    """Runs `liandong verify …` on the deployment, or on what is given in its place."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        words = map(str, ["--deployment", deployment_file, "--rpc", node.url, *arguments])
        return subprocess.run(
            [LIANDONG, "verify", *words], cwd=tmp_path, capture_output=True, text=True, timeout=120,
            env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", **environment}, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def changed_file(deployment_file: Path, tmp_path: Path):
    """A copy of the deployment file in which one contract's field is another."""

    def change(contract: str, **fields: str) -> Path:
        document = json.loads(deployment_file.read_text())
        document["contracts"][contract].update(fields)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(document))
        return path

    return change
