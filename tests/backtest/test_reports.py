"""The statement as a page, as tables and in print."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from liandong.backtest.agents import read_team
from liandong.backtest.costs import Costs, ratio
from liandong.backtest.report_csv import write_csv
from liandong.backtest.report_html import page
from liandong.backtest.report_text import print_statement
from liandong.backtest.run import Prepared, Request, prepare, run
from liandong.backtest.statement import Statement
from liandong.backtest.story import Delivery
from liandong.rules.plan import SEED

NASTY = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Prepared, Statement]:
    """A small backtest with something in every part, and texts that must not be taken for HTML or markup."""
    orders = tmp_path_factory.mktemp("in") / f"orders of [red]{NASTY.replace('/', '')}.csv"
    rows = [f"{n},sale,2026-0{1 + n // 20}-{1 + n % 20:02}T09:00,c{n % 9},F,{9000 + n}" for n in range(60)]
    rows += [
        "C1,cancellation,2026-02-20,c1,F,4000",
        f"C2,cancellation,2026-02-20,{NASTY},F,4000",
        f'bad,{NASTY},2026-02-20,c1,F,"[bold]"',
    ]
    header = "invoice,kind,invoiced_at,customer,country,amount"
    orders.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    costs = Costs(ratio("", "45%"), ratio("", "1%"))
    prepared = prepare(Request(orders, "seed", SEED, costs, Delivery(3, 3), team_size=12))
    return prepared, run(prepared)


class Checker(HTMLParser):
    """Fails on tags that are not closed in order, on scripts, on anything fetched from elsewhere."""

    VOID = frozenset({"meta", "line", "rect", "polygon", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert tag not in ("script", "link", "img", "iframe", "object")
        for name, value in attrs:
            assert name not in ("src", "href", "xlink:href") and not name.startswith("on")
            assert "url(" not in (value or "")
        if tag not in self.VOID or tag == "rect":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "polygon":
            return
        assert self.open.pop() == tag


def test_the_page_stands_alone(played: tuple[Prepared, Statement]) -> None:
    text = page(played[1])
    checker = Checker()
    checker.feed(text)
    assert checker.open == []
    assert checker.seen.count("svg") == 4
    assert not re.search(r"https?://|url\(|@import|//[a-z]", text)
    assert NASTY not in text


def test_the_page_says_what_the_statement_says(played: tuple[Prepared, Statement]) -> None:
    statement = played[1]
    text = page(statement)
    t = statement.totals
    assert f"{t.settled // 100:,}.{t.settled % 100:02}" in text
    assert "分毫不差" in text
    assert statement.payees[0].agent in text
    for row in statement.not_played["cancellations without a sale"]:
        assert row.reason in text


def test_the_tables_hold_every_figure(played: tuple[Prepared, Statement], tmp_path: Path) -> None:
    prepared, statement = played
    written = write_csv(tmp_path, statement, prepared.team)
    assert all(path.is_file() for path in written)
    document = json.loads((tmp_path / "statement.json").read_text(encoding="utf-8"))
    assert document["agrees"] is True
    assert document["totals"]["orders"] == statement.totals.orders
    assert read_team(tmp_path / "agents.csv") == prepared.team
    with (tmp_path / "payees.csv").open(encoding="utf-8", newline="") as file:
        assert sum(int(row["total"]) for row in csv.DictReader(file)) == statement.totals.to_agents
    with (tmp_path / "not_played.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == statement.left_out
    with (tmp_path / "balances.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(statement.balances)


def test_the_print_takes_texts_as_they_are(played: tuple[Prepared, Statement]) -> None:
    console = Console(file=io.StringIO(), width=200)
    print_statement(console, played[1])
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "[bold]" in text
    assert "orders of [red]" in text
    assert "agrees to the last minor unit" in text
