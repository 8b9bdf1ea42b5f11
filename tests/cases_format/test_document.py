"""Reading and writing case files: what is out of place is named with file, step and field (rules § 7)."""

import json
from pathlib import Path
from typing import get_args

import pytest

from liandong.cases.document import AnyStep, parse_case, read_case, write_case
from liandong.cases.driver import Driver
from liandong.cases.model_driver import ModelDriver
from liandong.cases.play import play
from liandong.errors import CaseFileError

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.json"))
GOOD_ORDER = {"op": "order", "channel": "retail", "price": 1, "supplier": "s", "seller": "a"}


def case_with(*steps, **more):
    return {"plan": "seed", "participants": [], "steps": list(steps), **more}


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ([], "the whole: Input should be"),
        ({}, "steps: Field required"),
        (case_with(expected={}), "expected: Extra inputs are not permitted"),
        (case_with(plan="gold"), "plan: unknown plan 'gold'"),
        (case_with(plan={"base": "seed", "return_days": 3}), "plan: .*return_days is 3, below 7"),
        (case_with(treasury=-1), "treasury: .*greater than or equal to 0, not -1"),
        (case_with(participants=[{"id": "a", "kind": "agent"}]), r"participants\[0\].kind: .*not 'agent'"),
        (case_with({"op": "fund", "amount": 1}, {"op": "steal"}), r"steps\[1\]: .*'steal'"),
        (case_with({"amount": 1}), r"steps\[0\]: Unable to extract tag"),
        (case_with({"op": "fund"}), r"steps\[0\].amount \(fund\): Field required"),
        (case_with({"op": "fund", "amount": 1, "to": "me"}), r"steps\[0\].to \(fund\): Extra inputs"),
        (case_with({"op": "fund", "amount": 1.0}), r"steps\[0\].amount \(fund\): .*integer, not 1.0"),
        (case_with({"op": "fund", "amount": True}), r"steps\[0\].amount \(fund\): .*integer, not True"),
        (case_with({"op": "fund", "amount": "1"}), r"steps\[0\].amount \(fund\): .*integer, not '1'"),
        (case_with({"op": "fund", "amount": 2**96}), r"steps\[0\].amount \(fund\): .*less than"),
        (case_with({"op": "advance", "days": -1}), r"steps\[0\].days \(advance\)"),
        (case_with({"op": "certify", "agent": "a", "certified": 1}), r"steps\[0\].certified \(certify\)"),
        (case_with({"op": "join", "agent": ""}), r"steps\[0\].agent \(join\): .*at least 1 character"),
        (case_with({"op": "deliver", "orders": 1}), r"steps\[0\].orders \(deliver\): .*list"),
        (case_with({"op": "deliver", "orders": [1, "2"]}), r"steps\[0\].orders\[1\] \(deliver\)"),
        (case_with({**GOOD_ORDER, "cost": -1}), r"steps\[0\].cost \(order\)"),
        (case_with({**GOOD_ORDER, "channel": "shop"}), r"steps\[0\].channel \(order\)"),
        (
            case_with({"op": "publish_plan", "team": 1}),
            r"steps\[0\] \(publish_plan\): unknown plan parameter 'team'",
        ),
        (case_with({"op": "publish_plan", "tier_bps": [1]}), r"steps\[0\] \(publish_plan\): .*5 rates"),
    ],
)
def test_what_is_out_of_place_is_named(written, says) -> None:
    with pytest.raises(CaseFileError, match=f"^my.json: is not a case file:\n  {says}"):
        parse_case(written, "my.json")


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(CaseFileError) as caught:
        parse_case(case_with({"op": "fund"}, {"op": "withdraw", "account": 3, "amount": 1}), "my.json")
    assert str(caught.value).count("\n") == 2


@pytest.mark.parametrize("price", [0, -5])
def test_amounts_that_the_rules_refuse_are_the_rules_business(price) -> None:
    case = parse_case(case_with({**GOOD_ORDER, "price": price}, {"op": "fund", "amount": price}), "my.json")
    result = play(case, ModelDriver(case.starting_plan))
    assert [step.get("error") for step in result["steps"]] == ["InvalidPrice", "InvalidAmount"]


def test_a_plan_that_the_rules_refuse_is_the_steps_failure() -> None:
    case = parse_case(case_with({"op": "publish_plan", "return_days": 6}), "my.json")
    assert play(case, ModelDriver(case.starting_plan))["steps"] == [{"ok": False, "error": "InvalidPlan"}]


def test_a_field_of_null_is_absent() -> None:
    case = parse_case(case_with({"op": "join", "agent": "a", "introducer": None}), "my.json")
    assert case.steps[0].arguments() == {"agent": "a"}


@pytest.mark.parametrize("id", ["sup", "platform"])
def test_participants_that_cannot_be_registered(id) -> None:
    written = case_with(participants=[{"id": "sup", "kind": "supplier"}, {"id": id, "kind": "store"}])
    case = parse_case(written, "my.json")
    with pytest.raises(CaseFileError, match=rf"participants\[1\].*\({id}\)"):
        play(case, ModelDriver(case.starting_plan))


def test_files_that_are_none(tmp_path) -> None:
    with pytest.raises(CaseFileError, match=r"none\.json: cannot be read: No such file"):
        read_case(tmp_path / "none.json")
    broken = tmp_path / "broken.json"
    broken.write_text('{"steps": [')
    with pytest.raises(CaseFileError, match=r"broken\.json: is not JSON: .*line 1"):
        read_case(broken)
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(CaseFileError, match=r"broken\.json: is not JSON"):
        read_case(broken)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_written_is_what_was_read(path, tmp_path) -> None:
    copy = tmp_path / path.name
    write_case(copy, read_case(path))
    assert json.loads(copy.read_text(encoding="utf-8")) == json.loads(path.read_text(encoding="utf-8"))


def test_every_step_of_a_case_file_is_a_drivers_method() -> None:
    steps = get_args(get_args(AnyStep)[0])
    ops = {op for step in steps for op in get_args(step.model_fields["op"].annotation)}
    assert len(ops) == 29
    assert all(callable(getattr(Driver, op)) and callable(getattr(ModelDriver, op)) for op in ops)
