"""How the demonstration looks: scenes, who was paid by which line of which rule, and the reconciliation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from liandong.demo.pair import Event, Pair, Payment, Settled
from liandong.demo.rule import rule_of
from liandong.demo.stage import Stage
from liandong.figures import money
from liandong.rules.orders import Order

CHINESE = {
    "supply": "供货", "fees": "费用", "duty": "关税", "insurance": "保险", "service": "服务费",
    "direct": "直推", "region": "区域", "host": "主持", "guide": "导购", "store": "门店", "team": "团队",
    "fund": "帮扶", "dividend": "分红", "platform": "品牌",
    "support claim": "领帮扶", "dividend claim": "领分红",
}  # fmt: skip

NEWS: dict[str, Callable[[dict[str, Any]], str]] = {
    "AgentActivated": lambda e: f"{e['agent']} is active 激活 (§ 1)",
    "TierReached": lambda e: f"{e['agent']} reaches {e['name']} (§ 1)",
    "BecameBoss": lambda e: (
        f"{e['agent']} leaves {e['formerLeader']}'s team as a boss; who is there stays 走人留人 (§ 1)"
    ),
    "InsurancePaid": lambda e: (
        f"insurance pays {e['seller']} {money(e['amount'])} for a loss of {money(e['loss'])} (§ 4)"
    ),
    "PaymentTakenBack": lambda e: f"{money(e['amount'])} taken back from {e['account']} (§ 4)",
    "BrandLinesTakenBack": lambda e: (
        f"{money(e['fees'] + e['platform'])} taken back from the brand, "
        f"{money(e['fund'] + e['dividend'])} from the pools (§ 4)"
    ),
    "DutyTakenBack": lambda e: f"{money(e['duty'] + e['insurance'])} taken back of duty and insurance (§ 4)",
    "PoolsLacked": lambda e: f"{money(e['amount'])} lacking in the pools is the platform's to pay (§ 5)",
    "DebtIncurred": lambda e: f"{e['account']} owes {money(e['amount'])} (§ 4)",
}
"""Events that are told besides payments."""


class Screen:
    """Prints; plain text where the output is no terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def open(self, number: int, chinese: str, english: str, about: str) -> None:
        """A scene begins."""
        self.console.print()
        self.console.print(
            Text.assemble(
                (f" {number} ", "reverse bold"), (f" {chinese} {english}", "bold"), (f"  {about}", "dim")
            )
        )

    def say(self, text: str) -> None:
        """A sentence of the story."""
        self.console.print(Text("    " + text))

    def paid(self, settled: Settled, *shown: str) -> None:
        """What a settlement paid: the scene's own lines one by one, all others in a sentence."""
        by_number = {order.number: order for order in settled.orders}
        own = [one for one in settled.payments if one.line in shown]
        self._table(own, by_number, settled.orders[0])
        others = [one for one in settled.payments if one.line not in shown]
        besides = ", ".join(
            f"{one.line} {money(one.amount)}" + ("" if one.order is None else f" → {one.payee}")
            for one in others
        )
        net = sum(order.net for order in settled.orders)
        self.console.print(Text(f"    besides: {besides}; all lines: {money(net)}", "dim"))
        self._tell(settled.news)

    def claimed(self, *payments: Payment) -> None:
        """What claims paid."""
        self._table(payments, {}, None)

    def happened(self, stage: Stage) -> None:
        """What the contracts' events told since the last look."""
        self._tell(stage.pair.news())

    def _tell(self, news: Sequence[Event]) -> None:
        for event, values in news:
            if event in NEWS:
                self.console.print(Text(f"    ▸ {NEWS[event](values)}", "cyan"))

    def _table(self, payments: Sequence[Payment], orders: dict[int, Order], usual: Order | None) -> None:
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        for width, justify in ((2, "left"), (10, "right"), (15, "left"), (22, "left"), (0, "left")):
            table.add_column(min_width=width, justify=justify, no_wrap=True)  # type: ignore[arg-type]
        for one in payments:
            order = orders.get(one.order, usual) if one.order is not None else usual
            table.add_row(
                "",
                Text(money(one.amount), "bold green"),
                f"→ {one.payee}",
                f"{CHINESE[one.line]} {one.line}",
                Text(rule_of(one.line, order), "dim"),
            )
        self.console.print(table)

    def reconcile(self, pair: Pair) -> bool:
        """The closing reconciliation (rules § 6.1): positions on both sides, their sum, the token."""
        chain, model = pair.chain, pair.model
        pools, pools_by_rules = chain.pools(), model.pools()
        rows = [
            ("treasury 资金池", chain.treasury(), model.treasury()),
            ("escrow 待结", chain.escrow(), model.escrow()),
            ("support pool 帮扶基金", pools["support"]["balance"], pools_by_rules["support"]["balance"]),
            ("dividend pool 分红池", pools["dividend"]["balance"], pools_by_rules["dividend"]["balance"]),
        ]
        accounts = chain.accounts()
        for id, by_rules in model.accounts().items():
            seen = accounts[id]["available"] + accounts[id]["deposit"]
            rows.append((id, seen, by_rules["available"] + by_rules["deposit"]))
        books = model.ledger.books
        held, flow, balance = (
            sum(row[1] for row in rows),
            books.tokens_in - books.tokens_out,
            pair.token_balance(),
        )
        table = Table(title="对账 reconciliation (§ 6.1)", title_justify="left", title_style="bold", box=None)
        for name in ("", "contracts", "rules", " "):
            table.add_column(name, justify="left" if not name else "right")
        for name, one, other in rows:
            table.add_row(name, money(one), money(other), "=" if one == other else "≠")
        table.add_row(
            "sum", money(held), money(model.held()), "=" if held == model.held() else "≠", style="bold"
        )
        self.console.print()
        self.console.print(table)
        agrees = held == flow == balance and all(one == other for _, one, other in rows)
        sums = f"tokens in {money(books.tokens_in)} − tokens out {money(books.tokens_out)} = {money(flow)}"
        verdict = ("分毫不差 all equal", "bold green") if agrees else ("NOT EQUAL", "bold red")
        self.console.print(Text.assemble(f"{sums}; token balance {money(balance)}: ", verdict))
        return agrees
