"""The statement on a terminal."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from liandong.backtest.statement import NotPlayed, Statement
from liandong.figures import count, money, percent

PAYEES_SHOWN = 10
ROWS_SHOWN = 8


def print_statement(console: Console, statement: Statement) -> None:
    """Prints the whole statement; long lists are cut, and say so."""
    for part in (
        _head(statement),
        _totals(statement),
        _scenarios(statement),
        _tiers(statement),
        _months(statement),
        _payees(statement),
        _liabilities(statement),
        _gas(statement),
        *_not_played(statement),
        _reconciliation(statement),
    ):
        console.print(part)
        console.print()


def _head(s: Statement) -> RenderableType:
    setting = s.setting
    lines = [
        f"[bold]What would plan {escape(setting.plan_name)} have paid?[/bold]  {escape(setting.history)}, "
        f"{setting.first_day} to {setting.last_day}",
        f"{count(s.rows)} rows: {count(s.sales)} sales, {count(s.cancellations)} cancellations; "
        f"amounts are {escape(setting.amounts)}",
        f"team: {escape(setting.team)}; "
        + "; ".join(f"{name}: {escape(str(value))}" for name, value in setting.choices.items()),
    ]
    return Text.from_markup("\n".join(lines))


def _table(title: str, *columns: str, text: int = 1) -> Table:
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=None,
        pad_edge=False,
    )
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < text else "right", no_wrap=place >= text)
    return table


def _totals(s: Statement) -> RenderableType:
    t = s.totals
    table = _table("Totals 总计", "", "count", "amount", "of settled")
    rows = (
        ("recorded", t.orders, t.sales, None),
        ("refunded before settlement", t.refunds_before, t.refunded_before, None),
        ("refunded after settlement", t.refunds_after, t.refunded_after, None),
        ("settled, net of refunds", t.settled_orders, t.settled, 10_000),
        ("selling commission 销售佣金", None, t.selling, t.selling_bps),
        ("all to agents, with claims on the pools", None, t.to_agents, t.to_agents_bps),
        ("taken back from payees by refunds", None, t.taken_back, None),
        ("  of it became debt", None, t.became_debt, None),
        ("  of that repaid since", None, t.debt_repaid, None),
    )
    for name, number, amount, rate in rows:
        table.add_row(
            name,
            "" if number is None else count(number),
            money(amount),
            "" if rate is None else percent(rate),
        )
    return table


def _scenarios(s: Statement) -> RenderableType:
    table = _table(
        "By scenario 按场景", "§ 3", "scenario", "lines", "amount", "of settled", "claimed", text=3
    )
    for row in s.scenarios:
        lines = ", ".join(f"{line} {money(amount)}" for line, amount in row.lines.items() if amount)
        table.add_row(
            str(row.number),
            f"{row.chinese} {row.english}",
            lines if len(row.lines) > 1 else ", ".join(row.lines),
            money(row.amount),
            percent(row.of_settled_bps),
            "" if row.claimed is None else money(row.claimed),
            style="" if row.amount else "dim",
        )
    table.add_row("", "品牌 brand", "platform", money(s.totals.platform), "", "")
    return table


def _tiers(s: Statement) -> RenderableType:
    table = _table(
        "By tier of the seller 按等级", "tier", "agents", "orders", "sales", "own lines", "rate", "effective"
    )
    for row in s.tiers:
        table.add_row(
            row.tier,
            count(row.agents),
            count(row.orders),
            money(row.sales),
            money(row.earned),
            percent(row.rate_bps),
            percent(row.effective_bps) if row.orders else "",
        )
    return table


def _months(s: Statement) -> RenderableType:
    columns = ("orders", "sales", "refunded", "settled", "direct", "team", "region", "support", "dividend")
    table = _table("By month 按月", "month", *columns)
    for row in s.months:
        amounts = (row.sales, row.refunded, row.settled, row.direct, row.team, row.region)
        claims = (row.support_claimed, row.dividend_claimed)
        table.add_row(row.month, count(row.orders), *(money(one) for one in (*amounts, *claims)))
    return table


def _payees(s: Statement) -> RenderableType:
    shown = s.payees[:PAYEES_SHOWN]
    table = _table(
        f"Top {len(shown)} of {count(len(s.payees))} agents 收入前{len(shown)}",
        "agent", "tier", "orders", "direct", "team", "region", "support", "dividend", "total", text=2,
    )  # fmt: skip
    for row in shown:
        amounts = (row.direct, row.team, row.region, row.support, row.dividend, row.total)
        name = f"{escape(row.agent)}{' 老板' if row.boss else ''}"
        table.add_row(name, row.tier, count(row.orders), *(money(one) for one in amounts))
    return table


def _liabilities(s: Statement) -> RenderableType:
    columns = ("escrow", "agents", "suppliers", "support", "dividend", "debt owed")
    table = _table("Liabilities at months' ends 负债", "date", *columns)
    ends = {date[:7]: (date, balances) for date, balances in s.balances}
    for date, b in ends.values():
        amounts = (b.escrow, b.agents, b.suppliers, b.support, b.dividend, b.debt)
        table.add_row(date, *(money(one) for one in amounts))
    highest = max(s.balances, key=lambda one: one[1].escrow)
    note = Text(f"escrow was highest on {highest[0]}: {money(highest[1].escrow)}", style="dim")
    return Group(table, note)


def _gas(s: Statement) -> RenderableType:
    table = _table("Gas 燃料", "step", "count", "transactions", "gas each")
    for step, use in s.gas.items():
        if use.units:
            table.add_row(step, count(use.units), count(use.transactions), count(use.gas // use.units))
    orders = s.totals.orders or 1
    life = sum(s.gas[step].gas for step in ("record", "deliver", "settle") if step in s.gas) // orders
    note = (
        f"whole life of an order: {count(life)} gas; {s.orders_a_second:,.0f} orders a second on contracts "
        f"and rules together ({s.seconds:.1f} s, {count(s.blocks)} blocks, {count(s.events)} events)"
    )
    return Group(table, Text(note, style="dim"))


def _not_played(s: Statement) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for kind, rows in s.not_played.items():
        if rows:
            parts.append(_left_out(kind, rows))
    return parts or [Text("Every row of the history was played.")]


def _left_out(kind: str, rows: tuple[NotPlayed, ...]) -> RenderableType:
    total = sum(row.amount for row in rows)
    title = f"{kind.capitalize()}: {count(len(rows))}" + (f", {money(total)}" if total else "")
    table = _table("", "line", "what", "why", "amount", text=3)
    for row in rows[:ROWS_SHOWN]:
        line = "" if row.line is None else str(row.line)
        table.add_row(line, escape(row.what), escape(row.reason), money(row.amount) if row.amount else "")
    parts = [Text(title, style="bold"), table]
    if len(rows) <= ROWS_SHOWN:
        return Group(*parts)
    return Group(*parts, Text(f"… and {count(len(rows) - ROWS_SHOWN)} more; --out lists all", style="dim"))


def _reconciliation(s: Statement) -> RenderableType:
    r = s.reconciliation
    table = _table("Reconciliation 对账 (rules § 6.1)", "position", "contracts", "rules", "")
    for one in r.positions:
        same = one.on_chain == one.by_rules
        table.add_row(
            one.name, money(one.on_chain), money(one.by_rules), "[green]=[/]" if same else "[red]≠[/]"
        )
    table.add_section()
    table.add_row("sum of all positions", money(r.held), "", "")
    table.add_row("tokens in − tokens out", money(r.tokens_in - r.tokens_out), "", "")
    table.add_row("token balance of the contract", money(r.token_balance), "", "")
    checks = Text()
    for check in r.checks:
        good = check.difference is None
        checks.append("✓ " if good else "✗ ", "green" if good else "red")
        checks.append(f"{check.what} ({count(check.compared)} compared)")
        checks.append("\n" if good else f": {check.difference}\n")
    verdict = "agrees to the last minor unit 分毫不差" if r.agrees else "DOES NOT AGREE"
    checks.append(verdict, "bold green" if r.agrees else "bold red")
    return Group(table, checks)
