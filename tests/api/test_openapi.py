"""The API's own description: valid, complete, and true."""

from __future__ import annotations

import itertools
from collections import Counter

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import Draft202012Validator
from market import Market
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from served import Served

from liandong.access.matrix import MATRIX, Own
from liandong.app import operations
from liandong.errors import rule_error_names
from liandong.http.problems import MEDIA_TYPE, all_errors

DATABASE = "postgresql"

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def document(anybody: httpx.Client) -> dict:
    return anybody.get("/openapi.json").json()


def test_it_is_openapi_3_1_and_its_schemas_are_json_schemas(document: dict) -> None:
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator({"$defs": {}, **schema, "components": document["components"]})
    schemathesis.openapi.from_dict(document).validate()


def test_every_operation_is_described_with_its_errors_and_callers(document: dict) -> None:
    paths = document["paths"].values()
    described = {operation["operationId"]: operation for path in paths for operation in path.values()}
    assert set(described) == set(MATRIX)
    for name, operation in described.items():
        assert operation["summary"] and operation["description"], name
        assert (operation.get("security") == []) == MATRIX[name].public, name
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                for code, example in answer["content"][MEDIA_TYPE]["examples"].items():
                    assert example["value"]["code"] == code
                    assert example["value"]["status"] == int(status)
    assert len(list(operations())) == len(described)


def test_every_error_has_a_stable_code_that_is_explained(document: dict, anybody: httpx.Client) -> None:
    listed = {one["code"]: one for one in anybody.get("/v1/problems").json()}
    assert set(listed) == set(all_errors()) >= rule_error_names()
    assert set(document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(listed)
    for code, one in listed.items():
        assert 400 <= one["status"] < 600 and len(one["title"]) > 10, code
        assert anybody.get(f"/v1/problems/{code}").json() == one
    assert listed["OrderHeld"]["status"] == 409 and listed["UnknownOrder"]["status"] == 404


@pytest.mark.parametrize("operation", sorted(MATRIX))
def test_nothing_unexpected_is_answered(
    api: Served, document: dict, operation: str, callers: dict[str, httpx.Client], market: Market, order: int,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    """Generated requests, right and wrong, by everybody who may: no fault, and nothing that is not described.

    Every other request is about somebody and something that is there.
    """
    rule = MATRIX[operation]
    allowed = ["anonymous"] if rule.public else sorted(rule.scopes)
    if rule.own is not Own.NOTHING and operation != "sign_out":
        allowed += ["amy", "boss"]
    who = itertools.cycle(allowed or ["anonymous"])
    there = {"participant": market.amy, "order": order, "region": 310000, "campaign": 1, "request": 1}
    known = itertools.cycle([True, False])
    described = schemathesis.openapi.from_dict(document).find_operation_by_id(operation)
    raw = described.definition.raw
    # what takes nothing cannot be asked wrongly
    modes = [GenerationMode.POSITIVE] + [GenerationMode.NEGATIVE] * bool(
        raw.get("parameters") or raw.get("requestBody")
    )
    seen: Counter[int] = Counter()
    for mode in modes:

        @settings(
            max_examples=request.config.getoption("--generated"), deadline=None, database=None,
            derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=described.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case) -> None:
            if next(known):
                case.path_parameters.update(
                    {name: there[name] for name in case.path_parameters if name in there}
                )
            headers = {"Idempotency-Key": f"generated {sum(seen.values())}"}
            caller = callers[next(who)]
            if "authorization" in caller.headers:
                headers["Authorization"] = caller.headers["authorization"]
            answer = case.call_and_validate(base_url=api.url, headers=headers, checks=CHECKS, timeout=30)
            seen[answer.status_code] += 1

        check()
    if operation != "sign_out":
        assert set(seen) - {401, 403}, f"nobody came further than the door: {dict(seen)}"
