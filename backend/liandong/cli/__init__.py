"""The command line `liandong`: one module a command, put together here."""

from typing import Annotated

import typer

from liandong import __version__
from liandong.cli import (
    audit,
    backtest,
    demo,
    deploy,
    keys,
    mirror,
    node,
    plan,
    run,
    serve,
    simulate,
    verify_proof,
    worker,
)

app = typer.Typer(
    name="liandong",
    help="链动: commission settlement on chain.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"liandong {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """链动: commission settlement on chain."""


app.add_typer(plan.app, name="plan")
app.add_typer(mirror.app, name="mirror")
app.command()(audit.audit)
app.command()(backtest.backtest)
app.command()(demo.demo)
app.command()(simulate.simulate)
app.command()(node.node)
app.command()(deploy.deploy)
app.add_typer(keys.app, name="keys")
app.command()(run.run)
app.command()(serve.serve)
app.command("verify-proof")(verify_proof.verify_proof)
app.command()(worker.worker)
