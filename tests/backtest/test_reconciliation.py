"""The reconciliation finds what does not agree, and names it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from csv_files import Write

from liandong.backtest.agents import read_team
from liandong.backtest.calendar import PlayCalendar
from liandong.backtest.contract_side import ContractSide
from liandong.backtest.costs import Costs, ratio
from liandong.backtest.history import read_history
from liandong.backtest.matching import match
from liandong.backtest.play import Choices, Played, play
from liandong.backtest.reconciliation import reconcile
from liandong.backtest.sellers import sellers
from liandong.backtest.story import Delivery, tell
from liandong.chain.deployment import CHINA
from liandong.chain.node import EmbeddedNode
from liandong.rules.plan import SEED
from liandong.rules.state import Ledger


@pytest.fixture
def played(write: Write) -> Iterator[Played]:
    """Two orders of one seller, one of them refunded in part after settlement; the node is still up."""
    history = read_history(
        write(
            "invoice,kind,invoiced_at,customer,amount,seller",
            "1,sale,2026-01-01,ann,20000,mei",
            "2,sale,2026-01-02,bob,30000,mei",
            "C2,cancellation,2026-01-20,bob,7001,",
        )
    )
    team = read_team(write("id,introducer", "lin,", "mei,lin", name="agents.csv"))
    first = history.sales[0].time.date()
    story = tell(
        history,
        match(history.sales, history.cancellations),
        team,
        sellers(history, team, first, 1),
        calendar=PlayCalendar(first, CHINA),
        costs=Costs(ratio("", "0.4"), ratio("", "0.01")),
        delivery=Delivery(1, 1),
        seed=1,
    )
    with EmbeddedNode(timestamp=story.calendar.morning(0) - 3600) as node:
        contracts = ContractSide(node, SEED, CHINA, "1")
        yield play(story, Ledger(SEED), contracts, Choices(), lambda day, orders: None)


def differences(played: Played) -> dict[str, str]:
    reconciliation = reconcile(played)
    found = {check.what: check.difference for check in reconciliation.checks if check.difference}
    for position in reconciliation.positions:
        if position.on_chain != position.by_rules:
            found[position.name] = f"{position.on_chain}, not {position.by_rules}"
    assert reconciliation.agrees == (not found)
    return found


def test_nothing_differs(played: Played) -> None:
    assert differences(played) == {}


def test_a_minor_unit_in_an_account(played: Played) -> None:
    played.ledger.books.accounts["mei"].withdrawn += 1
    assert list(differences(played)) == ["accounts: contracts = rules"]
    assert differences(played)["accounts: contracts = rules"].startswith("mei: ")


def test_a_minor_unit_in_the_treasury(played: Played) -> None:
    played.ledger.books.accounts.treasury += 1
    assert {"treasury", "what always holds (rules § 6)"} <= set(differences(played))


def test_a_line_that_the_events_did_not_tell(played: Played) -> None:
    played.contracts.tally.orders[1].lines["team"] -= 1
    assert differences(played)["payees' lines of orders: events = rules"].startswith("order 1: ")


def test_a_payment_that_the_account_does_not_have(played: Played) -> None:
    played.contracts.tally.earned[played.contracts.numbers["lin"]]["team"] += 1
    assert differences(played)["accounts: events = contracts"].startswith("lin: ")


def test_an_order_that_is_in_another_state(played: Played) -> None:
    played.ledger.orders[1].settled_on = 3
    assert differences(played)["orders' states: contracts = rules"].startswith("order 2: ")


def test_an_order_that_was_delivered_on_another_day(played: Played) -> None:
    played.ledger.orders[1].delivered_on = 5
    assert differences(played)["batches with their deliveries: contracts = rules"].startswith("batch 2: ")


def test_a_tier_that_was_not_reached(played: Played) -> None:
    played.ledger.people.agent("lin").active_directs += 1
    assert differences(played)["agents: contracts = rules"].startswith("lin: ")


def test_a_refund_that_took_something_else(played: Played) -> None:
    played.contracts.tally.faults.append("order 2: moved 1, by the split 2")
    assert differences(played)["what refunds took back: events = rules"] == "order 2: moved 1, by the split 2"


def test_a_brand_line_that_is_missing(played: Played) -> None:
    played.contracts.tally.days[10].paid["fund"] -= 1
    assert differences(played)["the brand's lines in sum: events = rules"].startswith("fund: ")


def test_a_day_on_which_the_treasury_differed(played: Played) -> None:
    played.differing_days.append(9)
    assert "treasury and escrow, every day" in differences(played)
