"""Whole backtests on a real embedded node: what was played, paid, refused and reconciled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from csv_files import Write

from liandong.backtest.costs import Costs, ratio
from liandong.backtest.play import Choices
from liandong.backtest.run import Request, prepare, run
from liandong.backtest.statement import Statement
from liandong.backtest.story import Delivery
from liandong.rules.plan import SEED, STRICT, Plan
from liandong.rules.split import split
from liandong.rules.terms import Channel, Terms

HEADER = "invoice,kind,invoiced_at,customer,country,amount,seller"
TEAM = ("id,introducer,region,joined", "lin,,North,", "mei,lin,North,", "bo,lin,South,", "hua,mei,South,")
EASY = replace(SEED, silver_team=2, gold_team=50)
"""Silver comes with two active agents below."""


def stated(
    write: Write, *rows: str, plan: Plan = SEED, team: tuple[str, ...] = TEAM, **more: object
) -> Statement:
    """The statement of these rows under a plan, sold by a team that the rows name."""
    orders, agents = write(HEADER, *rows), write(*team, name="agents.csv")
    request = Request(
        orders, "tried", plan, Costs(ratio("", "40%"), ratio("", "1%")), Delivery(2, 2), agents=agents
    )
    statement = run(prepare(replace(request, **more)))  # type: ignore[arg-type]
    assert statement.reconciliation.agrees, statement.reconciliation
    return statement


def amounts(statement: Statement) -> dict[str, int]:
    return {line: amount for row in statement.scenarios for line, amount in row.lines.items() if amount}


def test_a_sale_pays_what_the_split_says(write: Write) -> None:
    s = stated(write, "1,sale,2026-01-01T10:00,ann,North,20000,mei")
    terms = Terms(Channel.RETAIL, 20000, 8000, 200, 0, 0, "s", "mei", 2000, "lin", None, None)
    lines = split(terms, 20000, SEED)
    assert amounts(s) == {
        "direct": lines.direct,
        "team": lines.team,
        "fund": lines.fund,
        "dividend": lines.dividend,
        "supply": 8000,
        "fees": 200,
    }
    assert (s.totals.settled, s.totals.platform) == (20000, lines.platform)
    assert s.totals.selling_bps == 2800
    # recorded on day 0, delivered on day 2, settled on day 10; month 0 is closed and claimed on day 45
    by_date = dict(s.balances)
    assert by_date["2026-01-10"].escrow == 20000
    assert by_date["2026-01-11"].escrow == 0
    assert s.setting.last_day == "2026-02-15"
    mei = next(row for row in s.payees if row.agent == "mei")
    assert (mei.direct, mei.support) == (lines.direct, min(lines.fund, lines.direct))


def test_refunds_come_out_of_escrow_or_back_from_the_payees(write: Write) -> None:
    s = stated(
        write,
        "1,sale,2026-01-01T10:00,ann,North,20000,mei",
        "2,sale,2026-01-01T11:00,bob,North,10000,mei",
        "C1,cancellation,2026-01-02T10:00,bob,North,10000,",
        "C2,cancellation,2026-03-01T10:00,ann,North,5000,",
    )
    t = s.totals
    assert (t.refunds_before, t.refunded_before) == (1, 10000)
    assert (t.refunds_after, t.refunded_after) == (1, 5000)
    assert (t.settled_orders, t.settled) == (1, 15000)
    terms = Terms(Channel.RETAIL, 20000, 8000, 200, 0, 0, "s", "mei", 2000, "lin", None, None)
    assert amounts(s)["direct"] == split(terms, 15000, SEED).direct
    # everybody withdrew at the end of January, so what is taken back in March becomes debt
    assert t.became_debt > 0
    assert t.debt == t.became_debt - t.debt_repaid


def test_later_earnings_repay_debt(write: Write) -> None:
    rows = (
        "1,sale,2026-01-01T10:00,ann,North,20000,mei",
        "C1,cancellation,2026-02-10T10:00,ann,North,20000,",
        "2,sale,2026-03-02T10:00,bob,North,90000,mei",
    )
    s = stated(write, *rows)
    assert s.totals.debt_repaid == s.totals.became_debt > 0
    assert s.totals.debt == 0
    kept = stated(write, *rows, choices=Choices(withdraw_monthly=False))
    assert kept.totals.became_debt == 0


def test_what_the_rules_refuse_is_reported_with_error_and_line(write: Write) -> None:
    s = stated(
        write,
        "1,sale,2026-01-01T10:00,ann,North,20000,mei",
        "2,sale,2026-01-01T11:00,ann,North,20000,nobody",
        "3,sale,2026-01-01T12:00,ann,North,281474976710656,mei",
        "4,sale,2026-01-02T12:00,bob,North,300,lin",
        "C1,cancellation,2026-12-01T10:00,ann,North,20000,",
        "C2,cancellation,2026-01-03T10:00,eve,North,5,",
        "5,sale,2026-01-02T13:00,eve,North,300,",
    )
    refused = s.not_played["refused by the rules"]
    assert [(row.line, row.reason.partition(":")[0]) for row in refused] == [
        (3, "UnknownParticipant"),
        (4, "AmountTooLarge"),
    ]
    # both cancellations fit their customer's latest sale, which was not recorded
    assert {row.line for row in s.not_played["refunds of sales that were not recorded"]} == {6, 7}
    assert [row.line for row in s.not_played["sales without an agent"]] == [8]
    assert s.totals.orders == 2


def test_a_refund_that_comes_too_late_is_refused_by_both(write: Write) -> None:
    s = stated(
        write,
        "1,sale,2026-01-01T10:00,ann,North,20000,mei",
        "C1,cancellation,2026-12-01T10:00,ann,North,20000,",
    )
    (refusal,) = s.not_played["refused by the rules"]
    assert (refusal.line, refusal.amount) == (3, 20000)
    assert refusal.reason.startswith("RefundTooLate")
    assert s.totals.refunds_after == 0


def test_who_cannot_join_is_reported_and_sells_nothing(write: Write) -> None:
    team = (*TEAM, "deep,hua,,", "deeper,deep,,")
    s = stated(write, "1,sale,2026-01-01T10:00,ann,North,20000,deeper", team=team)
    assert [row.reason.partition(":")[0] for row in s.not_played["refused by the rules"]] == [
        "TeamTooDeep",
        "UnknownParticipant",
        "UnknownParticipant",
    ]


def test_costs_above_the_price_are_refused_and_cost_columns_are_used(write: Write) -> None:
    orders = write(
        "invoiced_at,amount,seller,cost,fees",
        "2026-01-01,100.00,mei,30.00,2.00",
        "2026-01-01,100.00,mei,99.00,2.00",
        "2026-01-01,100.00,mei,,",
    )
    agents = write(*TEAM, name="agents.csv")
    costs = Costs(ratio("", "0.4"), ratio("", "0"))
    s = run(prepare(Request(orders, "seed", SEED, costs, Delivery(0, 0), agents=agents)))
    assert amounts(s)["supply"] == 3000 + 4000
    assert amounts(s)["fees"] == 200
    (refused,) = s.not_played["refused by the rules"]
    assert (refused.line, refused.reason) == (3, "PriceBelowCost: by 100")
    assert s.reconciliation.agrees


def test_silver_protects_its_region_and_is_paid_for_it(write: Write) -> None:
    rows = [
        "1,sale,2026-01-01T10:00,ann,South,20000,mei",
        "2,sale,2026-01-01T10:00,bob,South,20000,hua",
        "3,sale,2026-02-01T10:00,eve,North,20000,bo",
    ]
    s = stated(write, *rows, plan=EASY)
    assert amounts(s)["region"] == 600
    assert next(row for row in s.payees if row.agent == "lin").region == 600
    assert "region" not in amounts(stated(write, *rows, plan=EASY, choices=Choices(protect_regions=False)))


def test_diamonds_share_the_year(write: Write) -> None:
    plan = replace(SEED, silver_team=1, gold_team=1, diamond_team=2)
    s = stated(
        write,
        "1,sale,2026-01-01T10:00,ann,South,20000,mei",
        "2,sale,2026-01-01T10:00,bob,South,20000,bo",
        "3,sale,2026-02-01T10:00,eve,North,40000,lin",
        "4,sale,2027-02-20T10:00,eve,North,20000,lin",
        plan=plan,
    )
    lin = s.payees[0]
    assert (lin.agent, lin.tier) == ("lin", "diamond")
    # a diamond alone gets half of the pool, the share cap
    gathered = next(row for row in s.scenarios if row.number == 5)
    assert 0 < lin.dividend == gathered.claimed == s.totals.dividend_claimed
    assert [row.month for row in s.months if row.dividend_claimed] == ["2027-01"]


def test_strict_pays_nobody_for_what_others_sell(write: Write) -> None:
    s = stated(write, "1,sale,2026-01-01T10:00,ann,North,20000,mei", plan=STRICT)
    assert amounts(s) == {"direct": 4000, "supply": 8000, "fees": 200}
    assert [row.agent for row in s.payees if row.total] == ["mei"]


@pytest.fixture
def season(write: Write) -> Path:
    """A hundred days of sales to thirty customers, with cancellations."""
    rows = []
    for n in range(240):
        day = date(2026, 1, 1) + timedelta(days=n * 100 // 240)
        rows.append(f"{n},sale,{day}T{8 + n % 12:02}:00,c{n * 7 % 30},R{n % 3},{5000 + n * 131 % 9000}")
        if n % 9 == 8:
            rows.append(f"C{n},cancellation,{day}T23:00,c{n * 7 % 30},R0,{1000 + n * 17 % 3000}")
    return write("invoice,kind,invoiced_at,customer,country,amount", *rows)


def request(season: Path, seed: int = 1, batch: int = 240) -> Request:
    costs = Costs(ratio("", "45%"), ratio("", "1%"))
    return Request(
        season, "tried", EASY, costs, Delivery(1, 9), team_size=40, seed=seed, choices=Choices(batch=batch)
    )


def test_a_season_reconciles_and_is_the_same_for_the_same_seed(season: Path) -> None:
    first, again = run(prepare(request(season))), run(prepare(request(season)))
    assert first.reconciliation.agrees
    assert {check.difference for check in first.reconciliation.checks} == {None}
    assert (first.totals, first.payees, first.months, first.gas) == (
        again.totals,
        again.payees,
        again.months,
        again.gas,
    )
    other = run(prepare(request(season, seed=2)))
    assert other.reconciliation.agrees
    assert other.payees != first.payees


def test_smaller_batches_pay_the_same(season: Path) -> None:
    whole, single = run(prepare(request(season))), run(prepare(request(season, batch=1)))
    assert single.gas["record"].transactions == single.totals.orders
    assert (whole.totals, whole.payees) == (single.totals, single.payees)


def test_totals_are_the_sums_of_their_parts(season: Path) -> None:
    s = run(prepare(request(season)))
    t = s.totals
    assert sum(row.orders for row in s.months) == sum(row.orders for row in s.tiers) == t.orders == 240
    assert sum(row.sales for row in s.tiers) == t.sales
    assert sum(row.total for row in s.payees) == t.to_agents
    assert sum(row.amount for row in s.scenarios) + t.platform == t.settled
    assert t.sales - t.refunded_before - t.refunded_after == t.settled
    assert s.left_out == sum(len(rows) for rows in s.not_played.values())


@pytest.mark.parametrize("orders", [255, 256, 257])
def test_the_last_order_of_a_page_lives_through_as_any_other(write: Write, orders: int) -> None:
    rows = [f"{n},sale,2026-01-01T10:00,ann,North,1000,mei" for n in range(orders)]
    assert stated(write, *rows, choices=Choices(batch=100)).totals.settled_orders == orders
