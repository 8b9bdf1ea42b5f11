"""`liandong node`: the embedded chain in the foreground, kept on disk between runs."""

import json
import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from liandong.chain.deployment import Deployment, chain_identity, read_deployment
from liandong.chain.errors import ChainError, NodeNotStarted
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.chain.rpc import RpcClient
from liandong.chain.state_folder import CHAIN_FILE, DEPLOYMENT_FILE, locked

SAVE_SECONDS = 60.0
"""How often the chain is saved while it runs, if it has new blocks."""


def node(
    state: Annotated[
        Path, typer.Option(metavar="DIR", help="Keeps the chain, and its deployment file, between runs.")
    ] = Path("var/chain"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8545,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Deploy with trial keys, if nothing is deployed there yet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print where all is as one JSON document.")] = False,
) -> None:
    """Run the embedded chain until Ctrl-C; what happens on it is kept in a folder.

    Gas is free on it. Exit code 0: stopped. 3: it cannot run.
    """
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with locked(state), EmbeddedNode(host=host, port=port, state=state / CHAIN_FILE) as running:
            client = running.client()
            deployment = _deployment(client, state / DEPLOYMENT_FILE, deploy)
            _tell(running, client, state, deployment, as_json)
            _keep_saving(running, client, stop)
    except ChainError as error:
        errors.print(f"[red]error:[/red] {escape(str(error))}")
        raise typer.Exit(3) from None
    if not as_json:
        errors.print(f"stopped; the chain is kept in {escape(str(state))}")


def _deployment(client: RpcClient, path: Path, wanted: bool) -> Deployment | None:
    """The deployment that the folder's file tells of, made now where that is wanted."""
    if wanted:
        return deploy_locally(client, path=path).deployment
    if not path.exists():
        return None
    deployment = read_deployment(path)
    deployment.require_chain(client)
    return deployment


def _tell(
    running: EmbeddedNode, client: RpcClient, state: Path, deployment: Deployment | None, as_json: bool
) -> None:
    chain_id, _ = chain_identity(client)
    block = int(client.call("eth_blockNumber"), 16)
    addresses = {name: one.address for name, one in deployment.contracts.items()} if deployment else {}
    if as_json:
        document: dict[str, Any] = {"rpc": running.url, "chainId": chain_id, "block": block}
        typer.echo(json.dumps(document | {"state": str(state), "contracts": addresses}))
        return
    screen = Console(soft_wrap=True, highlight=False)
    where = escape(str(state))
    screen.print(f"[bold]{running.url}[/bold]   chain {chain_id}, block {block}, kept in {where}")
    for name, address in addresses.items():
        screen.print(f"{name:<16} {address}")
    if not addresses:
        screen.print(f"nothing deployed: liandong deploy --rpc {running.url} --out {where}/{DEPLOYMENT_FILE}")
    screen.print("Ctrl-C stops it")


def _keep_saving(running: EmbeddedNode, client: RpcClient, stop: threading.Event) -> None:
    saved = None
    while not stop.wait(SAVE_SECONDS):
        if not running.running:
            raise NodeNotStarted("anvil ended by itself; what was saved last is kept")
        block = client.call("eth_blockNumber")
        if block != saved:
            running.save()
            saved = block
