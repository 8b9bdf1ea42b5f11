"""Random histories through model and contracts side by side: every outcome, and the whole state after it.

How many is the environment's ``LIANDONG_HISTORIES``; ``LIANDONG_SEED`` begins elsewhere.
"""

from __future__ import annotations

import os

import pytest
from side_by_side import require_same

from liandong.cases.document import parse_case
from liandong.cases.histories.random_case import random_case
from liandong.cases.model_driver import ModelDriver
from liandong.simulation.stage import EmbeddedStage

HISTORIES = int(os.environ.get("LIANDONG_HISTORIES", "100"))
SEED = int(os.environ.get("LIANDONG_SEED", "0"))
TOGETHER = 10


@pytest.mark.parametrize("first", range(SEED, SEED + HISTORIES, TOGETHER))
def test_contracts_and_model_agree_on_random_histories(stage: EmbeddedStage, first: int) -> None:
    for seed in range(first, min(first + TOGETHER, SEED + HISTORIES)):
        require_same(stage, random_case(seed))


def test_a_disagreement_is_found_and_shortened(stage: EmbeddedStage, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = {"op": "order", "channel": "retail", "price": 100, "supplier": "sup", "seller": "boss"}
    steps = [
        {"op": "join", "agent": "boss"},
        {"op": "join", "agent": "amy", "introducer": "boss"},
        sale,
        {"op": "hold", "order": 1},
        {"op": "freeze", "agent": "amy"},
        {"op": "release", "order": 1},
    ]
    people = [{"id": "sup", "kind": "supplier"}]
    case = parse_case({"about": "A hold.", "participants": people, "steps": steps}, "hold")
    require_same(stage, case)
    monkeypatch.setattr(ModelDriver, "hold", lambda self, order: None)
    with pytest.raises(AssertionError) as caught:
        require_same(stage, case)
    assert "steps[0] {'op': 'hold', 'order': 1}" in str(caught.value)
    assert "by the rules {'ok': True}, on chain {'ok': False, 'error': 'UnknownOrder'}" in str(caught.value)
    assert "freeze" not in str(caught.value) and "amy" not in str(caught.value)
