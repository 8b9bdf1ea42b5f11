"""`liandong mirror`: follow the chain, or make the mirror anew."""

from __future__ import annotations

import signal
import threading
import time
from typing import Annotated

import typer

from liandong.cli.collector import leave_what_was_loaded
from liandong.cli.services import DatabaseUrl, DeploymentFile, RpcUrl, Services, services
from liandong.mirror.follower import Follower, Step
from liandong.mirror.rebuild import forget
from liandong.outbox.lost import send_lost_again

app = typer.Typer(
    help="The chain's events as rows of a database.", no_args_is_help=True, add_completion=False
)


@app.command()
def follow(
    database: DatabaseUrl = None,
    rpc: RpcUrl = None,
    deployment: DeploymentFile = None,
    once: Annotated[bool, typer.Option("--once", help="End when the head is reached.")] = False,
) -> None:
    """Take in what the chain has, and go on as it grows, until interrupted."""
    with services(database, rpc, deployment) as opened:
        follower = _follower(opened)
        if once:
            _catch_up(follower)
            return
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        leave_what_was_loaded()
        follower.run(stop, opened.settings.poll_seconds, _tell, lambda error: typer.echo(f"waiting: {error}"))


@app.command()
def rebuild(database: DatabaseUrl = None, rpc: RpcUrl = None, deployment: DeploymentFile = None) -> None:
    """Drop all mirrored rows and make them anew from the chain. Other rows of the database stay.

    What the outbox had mined on a fork that is gone is sent again.
    """
    with services(database, rpc, deployment) as opened:
        opened.deployment.require_chain(opened.rpc)
        forget(opened.database)
        _catch_up(_follower(opened))
        lost = send_lost_again(opened.database, opened.rpc)
    if lost:
        typer.echo(f"{lost} transactions were lost with the other fork: workers send them again")


def _follower(opened: Services) -> Follower:
    return Follower(opened.database, opened.rpc, opened.deployment, finality=opened.settings.finality)


def _catch_up(follower: Follower) -> None:
    begun, events = time.monotonic(), 0

    def told(step: Step) -> None:
        nonlocal events
        events += step.events
        _tell(step)

    last = follower.catch_up(told)
    seconds = max(time.monotonic() - begun, 1e-9)
    rate = f"{events / seconds:.0f} a second"
    typer.echo(f"at block {last.last}: {events} events in {seconds:.1f} s, {rate}")


def _tell(step: Step) -> None:
    if step.undone:
        typer.echo(f"took {step.undone} blocks back, to block {step.last}: the chain was reorganised")
    elif step.events:
        typer.echo(f"blocks {step.first} to {step.last} of {step.head}: {step.events} events")
