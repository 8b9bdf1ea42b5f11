"""The pair stops at the first thing on which contracts and rules do not agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from liandong.cases.model_driver import ModelDriver
from liandong.demo.pair import Disagreement, Pair, Payment
from liandong.demo.stage import Stage
from liandong.rules.plan import SEED
from liandong.simulation.stage import EmbeddedStage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Lin leads Mei; a factory supplies."""
    with EmbeddedStage() as embedded:
        stage = Stage(Pair(embedded.driver(SEED), ModelDriver(SEED)))
        stage.do("register", id="factory", kind="supplier")
        stage.do("fund", amount=1_000_000)
        stage.do("join", agent="Lin")
        stage.do("join", agent="Mei", introducer="Lin")
        yield stage


def test_payments_are_those_of_the_contracts_events(stage: Stage) -> None:
    settled = stage.sale(seller="Mei", price=20_000, cost=8_000, fees=200)
    assert Payment("direct", "Mei", 4_000, 1) in settled.payments
    assert Payment("team", "Lin", 1_600, 1) in settled.payments
    assert Payment("fees", "fees", 200) in settled.payments
    assert sum(payment.amount for payment in settled.payments) == 20_000
    assert ("AgentActivated", {"agent": "Mei", "order": 1}) in settled.news


def test_what_both_refuse_is_no_step(stage: Stage) -> None:
    with pytest.raises(Disagreement, match="contracts say AlreadyRegistered, rules say AlreadyRegistered"):
        stage.do("join", agent="Mei")


def test_another_split_is_found(stage: Stage) -> None:
    stage.do("order", channel="retail", supplier="factory", seller="Mei", price=20_000)
    stage.do("deliver", orders=[1])
    stage.do("advance", days=8)
    stage.pair.model.ledger.orders[0].plan = replace(SEED, team_bps=801)
    with pytest.raises(Disagreement, match="contracts paid"):
        stage.pair.settle([1])


def test_an_account_that_differs_is_found(stage: Stage) -> None:
    stage.pair.model.ledger.books.accounts["Lin"].available += 1
    with pytest.raises(Disagreement, match="account Lin"):
        stage.pair.account("Lin")
