"""The statement as one HTML page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import resources
from pathlib import Path

from liandong.backtest.charts import Series, legend, share_bar, stacked_areas, stacked_columns
from liandong.backtest.html_parts import folded, row_of, rows_table, section, table_of
from liandong.backtest.statement import NotPlayed, PayeeRow, Statement, bps
from liandong.figures import count, money, percent, short_money

PAYEES_SHOWN = 15
ROWS_SHOWN = 200

_COLOURS = {
    1: "direct",
    2: "team",
    3: "fund",
    4: "region",
    5: "dividend",
    6: "campaign",
    7: "store",
    8: "supply",
}


def write_html(path: Path, statement: Statement) -> None:
    """Writes the page."""
    path.write_text(page(statement), encoding="utf-8")


def page(s: Statement) -> str:
    """The whole page."""
    style = resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    title = f"Plan {s.setting.plan_name} on {s.setting.history}"
    body = "".join(
        (
            _header(s),
            _cards(s),
            _where_it_went(s),
            _by_month(s),
            _liabilities(s),
            '<div class="two">' + _scenarios(s) + _tiers(s) + "</div>",
            _payees(s),
            '<div class="two">' + _refunds(s) + _gas(s) + "</div>",
            _reconciliation(s),
            _not_played(s),
            _setting(s),
        )
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body><main>{body}</main></body>\n</html>\n"
    )


# --- top


def _header(s: Statement) -> str:
    agrees = s.reconciliation.agrees
    verdict = "分毫不差 agrees to the last minor unit" if agrees else "对账不符 does not agree"
    return (
        f"<header><h1>What would plan “{escape(s.setting.plan_name)}” have paid?</h1>"
        f"<p>{escape(s.setting.history)} · {s.setting.first_day} to {s.setting.last_day} · "
        f"{count(s.sales)} sales, {count(s.cancellations)} cancellations, "
        f"{count(s.setting.agents)} agents</p>"
        f"<p>Every order lived through on the contracts, and replayed by the rules in Python.</p>"
        f'<span class="verdict {"good" if agrees else "bad"}">{verdict}</span></header>'
    )


def _cards(s: Statement) -> str:
    t = s.totals
    refunds = t.refunded_before + t.refunded_after
    life = sum(s.gas[step].gas for step in ("record", "deliver", "settle") if step in s.gas)
    cards = (
        ("结算额 settled sales", money(t.settled), f"{count(t.settled_orders)} orders, net of refunds"),
        ("代理收入 paid to agents", money(t.to_agents), "commission, and claims on the pools"),
        ("有效佣金率 effective rate", percent(t.selling_bps), f"{percent(t.to_agents_bps)} with the pools"),
        (
            "品牌留存 brand keeps",
            money(t.platform),
            f"{percent(bps(t.platform, t.settled))} of settled sales",
        ),
        (
            "退款 refunds",
            money(refunds),
            f"{count(t.refunds_before + t.refunds_after)}, of them {count(t.refunds_after)} after settlement",
        ),
        ("欠款 debts", money(t.debt), f"{money(t.became_debt)} arose, {money(t.debt_repaid)} repaid"),
        ("燃料 gas an order", count(life // (t.orders or 1)), "recorded, delivered, settled"),
        ("速度 orders a second", f"{s.orders_a_second:,.0f}", f"{s.seconds:.0f} s, {count(s.blocks)} blocks"),
    )
    return (
        '<div class="cards">'
        + "".join(
            f'<div class="card"><span>{name}</span><b>{value}</b><small>{note}</small></div>'
            for name, value, note in cards
        )
        + "</div>"
    )


def _where_it_went(s: Statement) -> str:
    by_number = {row.number: row for row in s.scenarios}
    parts = [(8, "供货 supply", "supply", s.totals.supply), (8, "费用 fees", "fees", s.totals.fees)]
    duty = by_number[8].amount - s.totals.supply - s.totals.fees
    if duty:
        parts.append((8, "代购 duty, insurance, service", "store", duty))
    parts += [
        (number, f"{by_number[number].chinese} {by_number[number].english}", _COLOURS[number], amount)
        for number in (1, 2, 4, 6, 7, 3, 5)
        if (amount := by_number[number].amount)
    ]
    parts.append((0, "品牌 brand", "platform", s.totals.platform))
    written = [(name, css, part, percent(bps(part, s.totals.settled))) for _, name, css, part in parts]
    return section(
        "每一百元去向",
        "where settled sales went",
        "Lines of all settled orders, net of what refunds took back.",
        share_bar(written),
    )


# --- over time


def _by_month(s: Statement) -> str:
    rows = s.months
    series = [
        Series("直推 direct", "direct", [row.direct for row in rows]),
        Series("团队 team", "team", [row.team for row in rows]),
        Series("区域 region", "region", [row.region for row in rows]),
        Series("帮扶 support claimed", "fund", [row.support_claimed for row in rows]),
        Series("分红 dividend claimed", "dividend", [row.dividend_claimed for row in rows]),
    ]
    series = [one for one in series if any(one.values)]
    chart = stacked_columns(
        "Paid to agents by month", [row.month for row in rows], series, short_money, _money
    )
    table = table_of(
        (
            "month",
            "orders",
            "sales",
            "refunded",
            "settled",
            "direct",
            "team",
            "region",
            "support",
            "withdrawn",
        ),
        (
            (
                row.month,
                count(row.orders),
                money(row.sales),
                money(row.refunded),
                money(row.settled),
                money(row.direct),
                money(row.team),
                money(row.region),
                money(row.support_claimed),
                money(row.withdrawn),
            )
            for row in rows
        ),
    )
    note = "In the month in which it was paid: settled after the return window, claimed when a month closed."
    return section(
        "每月佣金", "paid to agents by month", note, chart + legend(series) + folded("figures", table)
    )


def _liabilities(s: Statement) -> str:
    balances = [one for _, one in s.balances]
    series = [
        Series("待结 escrow", "escrow", [one.escrow for one in balances]),
        Series("代理可提 agents", "direct", [one.agents for one in balances]),
        Series("供货商可提 suppliers", "supply", [one.suppliers for one in balances]),
        Series("帮扶基金 support pool", "fund", [one.support for one in balances]),
        Series("分红池 dividend pool", "dividend", [one.dividend for one in balances]),
    ]
    chart = stacked_areas("Liabilities over time", [date for date, _ in s.balances], series, short_money)
    note = "What is held for others at each day's end: escrow, what can be withdrawn, pools."
    return section("负债", "liabilities over time", note, chart + legend(series))


# --- who


def _scenarios(s: Statement) -> str:
    rows = [
        row_of(
            (
                str(row.number),
                f"{row.chinese} {row.english}",
                money(row.amount),
                percent(row.of_settled_bps),
                "" if row.claimed is None else money(row.claimed),
            ),
            text=2,
            css="" if row.amount else "none",
        )
        for row in s.scenarios
    ]
    table = rows_table(("§ 3", "scenario", "amount", "of settled", "claimed"), rows, text=2)
    return section("八个场景", "by scenario", "Grey: does not occur in this history.", table)


def _tiers(s: Statement) -> str:
    table = table_of(
        ("tier", "agents", "orders", "sales", "own lines", "rate"),
        (
            (
                row.tier,
                count(row.agents),
                count(row.orders),
                money(row.sales),
                money(row.earned),
                percent(row.effective_bps) if row.orders else "–",
            )
            for row in s.tiers
        ),
    )
    return section(
        "按等级", "by tier", "Sales by the tier of the seller on that day; agents at the end.", table
    )


def _payees(s: Statement) -> str:
    shown = s.payees[:PAYEES_SHOWN]
    most = max((row.total for row in shown), default=0)
    rows = [
        row_of(
            (
                _agent(row, most),
                row.tier,
                money(row.total),
                count(row.orders),
                money(row.direct),
                money(row.team),
                money(row.region),
                money(row.support),
            ),
            text=2,
            raw=1,
        )
        for row in shown
        if row.total
    ]
    table = rows_table(
        ("agent", "tier", "total", "orders", "direct", "team", "region", "support"), rows, text=2
    )
    earning = [row.total for row in s.payees if row.total > 0]
    top = sum(earning[: max(1, len(s.payees) // 10)])
    note = (
        f"{count(len(earning))} of {count(len(s.payees))} agents earned something; "
        f"the first tenth earned {percent(bps(top, sum(earning)))} of it."
    )
    return section("收入最高", "top payees", note, table)


def _agent(row: PayeeRow, most: int) -> str:
    parts = (("direct", row.direct), ("team", row.team), ("region", row.region), ("fund", row.support))
    cells = "".join(
        f'<span class="{css}" style="flex:{max(part, 0)}"></span>' for css, part in parts if part > 0
    )
    width = 100 * row.total / most if most else 0
    boss = '<span class="boss">老板</span>' if row.boss else ""
    return f'{escape(row.agent)}{boss}<span class="bar" style="width:{width:.1f}%">{cells}</span>'


def _refunds(s: Statement) -> str:
    t = s.totals
    table = table_of(
        ("", "count", "amount"),
        (
            ("before settlement, from escrow", count(t.refunds_before), money(t.refunded_before)),
            ("after settlement, from the payees", count(t.refunds_after), money(t.refunded_after)),
            ("taken back from accounts and pools", "", money(t.taken_back)),
            ("of it became debt", "", money(t.became_debt)),
            ("repaid from later earnings", "", money(t.debt_repaid)),
            ("debt at the end", "", money(t.debt)),
        ),
    )
    note = f"{count(s.shared)} cancellations were shared by several sales." if s.shared else ""
    return section("退款与欠款", "refunds and debts", note, table)


def _gas(s: Statement) -> str:
    table = table_of(
        ("step", "count", "transactions", "gas each"),
        (
            (step, count(use.units), count(use.transactions), count(use.gas // use.units))
            for step, use in s.gas.items()
            if use.units
        ),
    )
    return section("燃料", "gas", "Whole transactions, divided by what they did.", table)


# --- proof


def _reconciliation(s: Statement) -> str:
    r = s.reconciliation
    rows = [
        row_of(
            (one.name, money(one.on_chain), money(one.by_rules), "✓" if one.on_chain == one.by_rules else "✗")
        )
        for one in r.positions
    ]
    sums = (
        ("sum of all positions", r.held),
        ("tokens in − tokens out", r.tokens_in - r.tokens_out),
        ("token balance of the contract", r.token_balance),
    )
    rows += [
        row_of((name, money(amount), "", "✓" if amount == r.held else "✗"), css="sum")
        for name, amount in sums
    ]
    table = rows_table(("position", "contracts", "rules in Python", ""), rows)
    checks = "".join(
        f'<li class="{"ok" if check.difference is None else "no"}">{escape(check.what)} '
        f"<small>{count(check.compared)} compared"
        f"{': ' + escape(check.difference) if check.difference else ''}</small></li>"
        for check in r.checks
    )
    note = "Contracts, their events, the token, and the rules replaying every step, to the last minor unit."
    return section("对账", "reconciliation", note, f'{table}<ul class="checks">{checks}</ul>')


def _not_played(s: Statement) -> str:
    parts = "".join(_left_out(kind, rows) for kind, rows in s.not_played.items() if rows)
    note = f"{count(s.left_out)} rows moved no money; each is listed." if parts else "Every row was played."
    return section("未计入", "what was left out", note, parts)


def _left_out(kind: str, rows: Sequence[NotPlayed]) -> str:
    total = sum(row.amount for row in rows)
    shown = [
        row_of(
            ("" if row.line is None else str(row.line), row.what, row.reason, money(row.amount)),
            text=3,
            css="",
        )
        for row in rows[:ROWS_SHOWN]
    ]
    table = rows_table(("line", "what", "why", "amount"), shown, text=3)
    more = (
        f"<p>… and {count(len(rows) - ROWS_SHOWN)} more in not_played.csv</p>"
        if len(rows) > ROWS_SHOWN
        else ""
    )
    about = ", ".join([count(len(rows)), *([money(total)] if total else [])])
    summary = f"<b>{escape(kind.capitalize())}</b><small>{about}</small>"
    return f"<details><summary>{summary}</summary>{table}{more}</details>"


def _setting(s: Statement) -> str:
    setting = s.setting
    parameters = ", ".join(
        f"{name} {' '.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name in setting.plan.__slots__
        if (value := getattr(setting.plan, name)) is not None
    )
    facts = {
        "history": f"{setting.history}, {count(s.rows)} rows; amounts: {setting.amounts}",
        "team": setting.team,
        **{name: str(value) for name, value in setting.choices.items()},
        "plan": f"{setting.plan_name}: {parameters}",
    }
    terms = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return section("依据", "what this rests on", "", f"<dl>{terms}</dl>") + (
        "<footer>A past history under another plan is a trial, not a promise; it is no legal advice.</footer>"
    )


def _money(minor_units: float) -> str:
    return money(int(minor_units))
