"""`liandong run`: everything on this machine, with a shop that lives in it; `make run` ends here."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from liandong.cli.demo import play, screen_console
from liandong.errors import LiandongError
from liandong.rules.plan import plan_from
from liandong.trial.life import Life
from liandong.trial.place import Place
from liandong.trial.services import Services, running
from liandong.trial.shop import PLAN

BROKEN = 3
"""Exit code where it cannot run, beside those of `liandong demo`."""


def run(
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Keeps chain, database, keys and logs between runs.")
    ] = Path("var/run"),
    port: Annotated[
        int, typer.Option(min=0, max=65535, envvar="LIANDONG_PORT", help="The API's; 0 takes a free one.")
    ] = 8600,
    node_port: Annotated[
        int,
        typer.Option(min=0, max=65535, envvar="LIANDONG_NODE_PORT", help="The node's; 0 takes a free one."),
    ] = 8545,
    day: Annotated[float, typer.Option(min=0.05, metavar="SECONDS", help="How long a day takes.")] = 3.0,
    opening: Annotated[
        bool,
        typer.Option("--opening/--no-opening", help="Play the eight scenarios of `liandong demo` first."),
    ] = True,
) -> None:
    """Run node, contracts, mirror, outbox and API here, and a shop that lives in them, until Ctrl-C.

    The eight scenarios come first, on a chain of their own. Then orders arrive over HTTP, are delivered,
    settle and are refunded, months are closed, a day every few seconds. The next run goes on from there.
    Exit code 0: stopped. 1: contracts and rules differ. 3: it cannot run.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    console = screen_console()
    if opening:
        code = play(console)
        if code:
            raise typer.Exit(code)
        console.print()
    if stop.is_set():
        return
    try:
        place = Place(folder)
        with running(place, "127.0.0.1", port, node_port, plan_from(PLAN), console.print) as services:
            _tell(console, services)
            Life(services, console, day, stop).run()
            console.print("stopping …")
    except LiandongError as error:
        Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {escape(str(error))}")
        raise typer.Exit(BROKEN) from None
    console.print(f"stopped; all is kept in {escape(str(folder))}, and the next run goes on from there")


def _tell(console: Console, services: Services) -> None:
    where = escape(str(services.place.folder))
    what = "a new chain" if services.new else "the chain of the last run"
    deployment = services.chain.deployment
    rows = (
        ("API", f"{services.url}/openapi.json (docs/api.md), ready: {services.url}/ready"),
        ("pages", f"{services.url}/app/ (docs/pages.md), for whoever has a wallet in the browser"),
        ("keys", f'. {where}/environment; curl -H "Authorization: Bearer $MALL_KEY" $API/v1/status'),
        ("chain", f"{services.node.url}, {what}, settlement at {deployment.settlement}"),
        ("log", f"{where}/services.log"),
    )
    console.print(
        "[bold]链动 Liandong[/bold]: node, contracts, mirror, outbox and API run, and a shop in them"
    )
    for name, text in rows:
        console.print(f"  {name:<6} {text}", soft_wrap=True)
    console.print("  Ctrl-C stops it; the next run goes on from there\n")
