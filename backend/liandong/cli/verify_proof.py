"""`liandong verify-proof`: an order's proof, checked against a node and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from liandong.chain.errors import ChainError
from liandong.chain.order_proof import ProofRefused, read_proof, verify
from liandong.chain.rpc import RpcClient


def verify_proof(
    file: Annotated[Path, typer.Argument(help="The proof, as GET /v1/orders/NUMBER/proof gives it.")],
    rpc: Annotated[str, typer.Option(help="URL of a node that you trust.")],
    settlement: Annotated[
        str | None, typer.Option(help="The contract that you trust; without it, the one that the file names.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Check that an order's terms and delivery are on chain, by a node alone.

    Exit code 0: they are. 1: they are not. 3: it cannot be told.
    """
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        proof = read_proof(file)
        if settlement is not None and settlement.lower() != proof.settlement.lower():
            raise ProofRefused(f"the proof is of the contract {proof.settlement}, not of {settlement}")
        state = verify(proof, RpcClient(rpc))
    except ProofRefused as error:
        errors.print(f"[red]not proved:[/red] {escape(str(error))}")
        raise typer.Exit(1) from None
    except ChainError as error:
        errors.print(f"[red]error:[/red] {escape(str(error))}")
        raise typer.Exit(3) from None
    if as_json:
        document = {"proved": True, "order": proof.order, "settlement": proof.settlement, "state": state}
        more = {"delivered_on": proof.delivered_on, "terms": proof.document()["terms"]}
        typer.echo(json.dumps(document | more))
        return
    screen = Console(soft_wrap=True, highlight=False)
    screen.print(f"[green]proved[/green]: order {proof.order} on chain {proof.chain_id}, {proof.settlement}")
    for name, value in proof.document()["terms"].items():
        screen.print(f"  {name:<10} {value}")
    if proof.delivered_on is not None:
        screen.print(f"  {'delivered':<10} on day {proof.delivered_on}")
    screen.print("state: " + (", ".join(name for name, is_so in state.items() if is_so) or "recorded"))
