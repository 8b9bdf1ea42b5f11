"""`liandong plan check`: is a plan valid, and what would it pay?"""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from liandong.figures import money
from liandong.plans.file import PlanProblems, read_plan
from liandong.plans.notices import notices
from liandong.plans.sample import Row, SampleOrder, table
from liandong.rules.people import Tier
from liandong.rules.plan import Plan
from liandong.rules.split import LINE_NAMES

app = typer.Typer(help="Plans: check one before it goes live.", no_args_is_help=True, add_completion=False)

_PAYEES = {
    "supply": "supplier 供货商",
    "fees": "fees 费用",
    "duty": "duty 关税",
    "insurance": "insurance 保险",
    "service": "seller 代购服务费",
    "direct": "seller 直推",
    "region": "region's holder 区域",
    "host": "host 活动",
    "guide": "guide 导购",
    "store": "store 门店",
    "team": "leader 团队",
    "fund": "support fund 帮扶基金",
    "dividend": "dividend pool 分红",
    "platform": "brand keeps 品牌",
}


@app.callback()
def plans() -> None:
    """Plans: check one before it goes live."""


@app.command()
def check(
    plan: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A plan file, or seed, case, strict.")],
    cost: Annotated[
        float, typer.Option(help="What the sample order of 100.00 costs.", min=0, max=100)
    ] = 40.0,
    fees: Annotated[float, typer.Option(help="Its payment and logistics fees.", min=0, max=100)] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Validate a plan and say what it would pay on an order of 100.00 for each tier and scenario.

    Exit code 0: the plan can be used (there may be warnings). 1: it cannot; every problem is named.
    """
    order = SampleOrder(cost=round(cost * 100), fees=round(fees * 100))
    try:
        checked = read_plan(plan)
    except PlanProblems as error:
        if as_json:
            typer.echo(
                json.dumps(
                    {"plan": plan, "valid": False, "problems": error.problems}, ensure_ascii=False, indent=1
                )
            )
        else:
            Console(stderr=True, soft_wrap=True).print(f"[red]✗[/red] {escape(str(error))}")
        raise typer.Exit(1) from None
    found = [one.text for one in notices(checked, order)]
    rows = list(table(checked, order))
    if as_json:
        typer.echo(json.dumps(_document(plan, checked, order, rows, found), ensure_ascii=False, indent=1))
        return
    console = Console(soft_wrap=False)
    console.print(f"[green]✓[/green] plan [bold]{escape(plan)}[/bold] can be used")
    console.print(_table(rows, order))
    for notice in found:
        console.print(f"[yellow]![/yellow] {escape(notice)}")


def _document(name: str, plan: Plan, order: SampleOrder, rows: list[Row], found: list[str]) -> dict[str, Any]:
    return {
        "plan": name,
        "valid": True,
        "parameters": asdict(plan),
        "order": asdict(order),
        "pays": [
            {
                "scenarios": list(row.situation.scenarios),
                "title": row.situation.title,
                "channel": row.situation.channel.value,
                "tiers": {
                    tier.name.lower(): None if lines is None else lines.not_zero()
                    for tier, lines in zip(Tier, row.lines, strict=True)
                },
            }
            for row in rows
        ],
        "warnings": found,
    }


def _table(rows: list[Row], order: SampleOrder) -> Table:
    shown = Table(
        title=f"An order of {money(order.price)} with cost {money(order.cost)} and fees {money(order.fees)}"
        f" (cross-border: duty {money(order.duty)} and insurance {money(order.insurance)} besides)",
        title_justify="left",
    )
    shown.add_column("§ 3", justify="right")
    shown.add_column("line → who")
    for tier in Tier:
        shown.add_column(tier.name.lower(), justify="right")
    for row in rows:
        shown.add_row(",".join(map(str, row.situation.scenarios)), f"[bold]{row.situation.title}[/bold]")
        if None in row.lines:
            refused = ["refused" if lines is None else "" for lines in row.lines]
            shown.add_row("", "PriceBelowCost", *refused, end_section=True)
            continue
        by_line = {
            name: amounts
            for name in LINE_NAMES
            if any(amounts := [getattr(lines, name) for lines in row.lines]) or name == "platform"
        }
        for name, amounts in by_line.items():
            shown.add_row(
                "",
                f"  {name} → {_PAYEES[name]}",
                *(f"{amount / 100:.2f}" for amount in amounts),
                end_section=name == "platform",
            )
    return shown
