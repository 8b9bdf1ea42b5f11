"""`liandong demo`: the eight scenarios on screen; `make run` begins with them."""

import time

import typer
from rich.console import Console
from rich.markup import escape

from liandong.cases.model_driver import ModelDriver
from liandong.chain.errors import ChainError
from liandong.demo.pair import Disagreement, Pair
from liandong.demo.scenes import PLAN, SCENES, epilogue, prologue
from liandong.demo.screen import Screen
from liandong.demo.stage import Stage
from liandong.rules.plan import plan_from
from liandong.simulation.stage import EmbeddedStage

DIFFERENT, BROKEN = 1, 3
"""Exit codes beside 0."""


def demo() -> None:
    """Play the eight scenarios on an embedded chain: who is paid what, by which line of which rule.

    Every figure comes from the contracts and is compared with the rules in Python as it goes. Exit code 0:
    all agrees. 1: contracts and rules differ. 3: the node failed.
    """
    raise typer.Exit(play(screen_console()))


def screen_console() -> Console:
    """Standard output; wide enough for the tables where it is no terminal."""
    return Console(highlight=False) if Console().is_terminal else Console(highlight=False, width=120)


def play(console: Console) -> int:
    """Plays all scenes; returns the exit code."""
    screen = Screen(console)
    begun = time.monotonic()
    try:
        with EmbeddedStage() as embedded:
            plan = plan_from(PLAN)
            pair = Pair(embedded.driver(plan), ModelDriver(plan))
            contract = pair.chain.client.deployment.settlement
            console.print(
                f"[bold]链动 Liandong[/bold]: the contracts on an embedded chain, settlement at {contract}"
            )
            stage = Stage(pair)
            prologue(stage, screen)
            for number, chinese, english, about, scene in SCENES:
                screen.open(number, chinese, english, about)
                scene(stage, screen)
            console.print()
            epilogue(stage, screen)
            agrees = screen.reconcile(pair)
    except Disagreement as error:
        return _failed(str(error), DIFFERENT)
    except ChainError as error:
        return _failed(str(error), BROKEN)
    console.print(f"[dim]{time.monotonic() - begun:.1f} s[/dim]")
    return 0 if agrees else DIFFERENT


def _failed(message: str, code: int) -> int:
    Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {escape(message)}")
    return code
