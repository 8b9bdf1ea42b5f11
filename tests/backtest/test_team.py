"""Teams: made up from a seed, or read from a file."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from csv_files import Write

from liandong.backtest.agents import TeamMember, made_up_team, read_team, write_team
from liandong.backtest.errors import BadRows, MissingColumn
from liandong.backtest.history import read_history
from liandong.backtest.sellers import sellers
from liandong.rules.plan import SEED
from liandong.rules.state import Ledger

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


def test_a_made_up_team_is_the_same_for_the_same_seed_only() -> None:
    team = made_up_team(300, 7, FIRST, LAST, {"North": 3, "South": 1})
    assert team == made_up_team(300, 7, FIRST, LAST, {"North": 3, "South": 1})
    assert team != made_up_team(300, 8, FIRST, LAST, {"North": 3, "South": 1})


@pytest.mark.parametrize("size", [1, 2, 50, 700])
def test_the_rules_let_everybody_of_a_made_up_team_join(size: int) -> None:
    team = made_up_team(size, 1, FIRST, LAST, Counter())
    ledger = Ledger(SEED)
    for member in team:
        ledger.join(member.id, 0, member.introducer)
    assert len(ledger.people.agents()) == size
    assert team == sorted(team, key=lambda member: member.joined or FIRST)
    assert all(FIRST <= (member.joined or FIRST) <= LAST for member in team)


def test_a_team_is_written_and_read_again(tmp_path: Path) -> None:
    team = made_up_team(40, 1, FIRST, LAST, {"上海": 1})
    write_team(tmp_path / "agents.csv", team)
    assert read_team(tmp_path / "agents.csv") == team


def test_a_team_file_needs_ids_and_introducers_only(write: Write) -> None:
    path = write("id,introducer", "lin,", "mei,lin", name="agents.csv")
    assert read_team(path) == [TeamMember("lin"), TeamMember("mei", "lin")]


def test_all_faults_of_a_team_file_are_named_at_once(write: Write) -> None:
    path = write(
        "id,introducer,joined", "lin,,", ",lin,", "lin,,", "mei,lin,soon", "fees,,", name="agents.csv"
    )
    with pytest.raises(BadRows) as caught:
        read_team(path)
    told = str(caught.value)
    assert "line 3: the id is missing" in told
    assert "line 4: agent lin is on line 2 already" in told
    assert "line 5: joined: 'soon' is not a day" in told
    assert "line 6: fees is the name of an account" in told
    with pytest.raises(MissingColumn, match="no column 'introducer'"):
        read_team(write("id", "lin", name="agents.csv"))


def test_customers_stay_with_one_agent_that_had_joined_by_then(write: Write) -> None:
    days = [FIRST + timedelta(days=n) for n in range(60)]
    rows = [f"{n},sale,{day},{n % 13 or ''},F,100" for n, day in enumerate(days)]
    history = read_history(write("invoice,kind,invoiced_at,customer,country,amount", *rows))
    team = made_up_team(30, 3, FIRST, LAST, {"F": 1})
    joined = {member.id: member.joined or FIRST for member in team}
    sold = sellers(history, team, FIRST, 1)
    assert sold == sellers(history, team, FIRST, 1)
    assert sold != sellers(history, team, FIRST, 2)
    by_customer: dict[str, set[str | None]] = {}
    for sale in history.sales:
        seller = sold[sale.line]
        assert seller is not None
        assert joined[seller] <= sale.time.date()
        if sale.customer:
            by_customer.setdefault(sale.customer, set()).add(seller)
    assert all(len(agents) == 1 for agents in by_customer.values())


def test_a_history_that_names_sellers_is_believed(write: Write) -> None:
    history = read_history(write("invoiced_at,amount,seller", "2026-01-01,5,mei", "2026-01-02,5,"))
    assert list(sellers(history, [TeamMember("lin")], FIRST, 1).values()) == ["mei", None]
