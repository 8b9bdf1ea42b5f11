"""The command line `liandong`: one module a command; each is imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from liandong import __version__

COMMANDS = {
    "run": "Run node, contracts, mirror, outbox and API here, and a shop that lives in them, until Ctrl-C.",
    "demo": "Play the eight scenarios on an embedded chain: who is paid what, by which line of which rule.",
    "backtest": "What would this plan have paid? Lives through a history day by day on the contracts.",
    "simulate": "Run case files through the contracts on a node, and tell what they come to.",
    "plan": "Plans: check one before it goes live.",
    "node": "Run the embedded chain until Ctrl-C; what happens on it is kept in a folder.",
    "deploy": "Deploy all contracts and wire all roles; run again after an interruption, it goes on",
    "serve": "Serve the API, with the mirror and the outbox beside it, until Ctrl-C.",
    "worker": "Send what is in the outbox, until Ctrl-C.",
    "mirror": "The chain's events as rows of a database.",
    "audit": "Replay everything from the contract's logs by the rules, and compare with chain and mirror.",
    "verify-proof": "Check that an order's terms and delivery are on chain, by a node alone.",
    "keys": "API keys, and the keys of personal data.",
}  # fmt: skip
"""All commands and what they say of themselves, so that listing them imports none."""


class Commands(TyperGroup):
    """Imports a command's module when the command is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        """Enough of a command to be listed."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and load(command.name or ""), rest


def load(name: str) -> Any:
    """The command itself."""
    module = import_module(f"liandong.cli.{name.replace('-', '_')}")
    found = getattr(module, "app", None)
    if found is None:
        found = typer.Typer(add_completion=False)
        found.command(name)(getattr(module, name.replace("-", "_")))
    command = get_command(found)
    command.name = name
    return command


app = typer.Typer(
    name="liandong",
    cls=Commands,
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
