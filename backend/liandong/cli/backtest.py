"""`liandong backtest`: what would this plan have paid on a brand's own past orders?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from liandong.backtest.amounts import Money
from liandong.backtest.costs import Costs, ratio
from liandong.backtest.history import COLUMNS
from liandong.backtest.play import Choices, OnDay
from liandong.backtest.report_csv import write_csv
from liandong.backtest.report_html import write_html
from liandong.backtest.report_text import print_statement
from liandong.backtest.run import Prepared, Request, prepare, run
from liandong.backtest.story import Delivery
from liandong.chain.errors import ChainError
from liandong.errors import LiandongError
from liandong.plans.file import read_plan

DIFFERENT, BAD_INPUT, BROKEN = 1, 2, 3
"""Exit codes beside 0."""


def backtest(
    orders: Annotated[Path, typer.Argument(metavar="ORDERS.csv", help="Sales and cancellations, one a row.")],
    plan: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="seed, case, strict, or a plan file.")
    ] = "seed",
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=NAME",
            help="Read a field from this column; may be given often. Fields: "
            + ", ".join(f"{name} ({usual})" if name != usual else name for name, usual in COLUMNS.items())
            + ". Without a column for the kind, amounts below zero are cancellations.",
        ),
    ] = None,
    money: Annotated[
        Money, typer.Option(help="How amounts are written; auto: decimals if one has a decimal point.")
    ] = Money.AUTO,
    encoding: Annotated[str, typer.Option(help="Of the files, e.g. gb18030.")] = "utf-8-sig",
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at bad rows instead of listing them.")
    ] = False,
    agents: Annotated[
        Path | None,
        typer.Option(
            metavar="AGENTS.csv", help="The team: id, introducer, region, joined. Else one is made up."
        ),
    ] = None,
    team_size: Annotated[int, typer.Option(min=1, max=20_000, help="Agents of a made-up team.")] = 1000,
    seed: Annotated[
        int, typer.Option(help="For all that is made up: team, who sells to whom, delivery.")
    ] = 1,
    cost: Annotated[str, typer.Option(help="Cost, where no column has it, as part of the price.")] = "45%",
    fees: Annotated[str, typer.Option(help="Fees, where no column has them, as part of the price.")] = "1%",
    delivery: Annotated[
        str, typer.Option(metavar="DAYS", help="Days to delivery: 3, or a range: 1-9.")
    ] = "3",
    batch: Annotated[int, typer.Option(min=1, max=240, help="Orders recorded in one transaction.")] = 240,
    regions: Annotated[
        bool,
        typer.Option("--regions/--no-regions", help="Silver agents protect their region, where it is free."),
    ] = True,
    withdraw: Annotated[
        bool, typer.Option("--withdraw/--no-withdraw", help="Everybody withdraws at each month's end.")
    ] = True,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the statement as CSV, JSON and one HTML page.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")] = False,
) -> None:
    """What would this plan have paid? Lives through a history day by day on the contracts.

    A cancellation refunds its customer's latest sale that has enough left (several, if none alone has). Each
    customer has one agent, unless the file has a column `seller`. The Python rules replay every step, and the
    statement ends with a reconciliation of both to the last minor unit.

    Exit code 0: done, and everything agrees. 1: contracts and rules differ. 2: a file or an option is no
    good. 3: the node failed.
    """
    # Wide enough for the tables also where the output goes to a file.
    screen = Console(highlight=False) if Console().is_terminal else Console(highlight=False, width=150)
    try:
        request = Request(
            orders=orders,
            plan_name=plan,
            plan=read_plan(plan),
            costs=Costs(ratio("--cost", cost), ratio("--fees", fees)),
            delivery=Delivery.parse(delivery),
            columns=_columns(column or []),
            money=money,
            encoding=encoding,
            strict=strict,
            agents=agents,
            team_size=team_size,
            seed=seed,
            choices=Choices(batch, regions, withdraw),
        )
        prepared = prepare(request)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
    except LiandongError as error:
        _fail(str(error), BAD_INPUT)
    except OSError as error:
        _fail(f"{out}: cannot be made a folder: {error.strerror}", BAD_INPUT)
    try:
        with _progress(prepared, quiet=as_json) as on_day:
            statement = run(prepared, on_day)
    except ChainError as error:
        _fail(str(error), BROKEN)
    if out is not None:
        write_csv(out, statement, prepared.team)
        write_html(out / "report.html", statement)
    if as_json:
        typer.echo(json.dumps(statement.document(), ensure_ascii=False, indent=1, default=str))
    else:
        print_statement(screen, statement)
        if out is not None:
            screen.print(f"written to {escape(str(out))}: report.html, statement.json and CSV tables")
    raise typer.Exit(0 if statement.reconciliation.agrees else DIFFERENT)


def _columns(given: list[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for one in given:
        field, separator, name = one.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{one!r} is not FIELD=NAME", param_hint="--column")
        columns[field.strip()] = name.strip()
    return columns


@contextmanager
def _progress(prepared: Prepared, *, quiet: bool) -> Iterator[OnDay]:
    """A bar over the orders, with the day that is played, where somebody is looking."""
    screen = Console(stderr=True)
    total = sum(len(orders) for orders in prepared.story.orders.values())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    hidden = quiet or not screen.is_terminal
    with Progress(*columns, console=screen, transient=True, disable=hidden) as bar:
        task = bar.add_task("starting the node", total=total)

        def on_day(day: int, recorded: int) -> None:
            bar.update(task, completed=recorded, description=prepared.story.calendar.date(day).isoformat())

        yield on_day


def _fail(message: str, code: int) -> None:
    Console(stderr=True, soft_wrap=True).print(f"[red]error:[/red] {escape(message)}", highlight=False)
    raise typer.Exit(code)
