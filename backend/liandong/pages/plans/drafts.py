"""A draft lives in the page's address: what each input of the editor says. Nothing of it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Request

from liandong.pages.plans import fields
from liandong.pages.plans.fields import FIELDS, INPUTS, Unit
from liandong.plans.file import Problem, plan_of_document, problems_of
from liandong.rules.plan import NAMED_PLANS, Plan

BASE = "seed"
"""The plan that a draft's file names; it gives every parameter, so that nothing is left to it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the inputs say, what that means, and what is wrong with it; ``plan`` None where something is."""

    texts: Mapping[str, str]
    parameters: Mapping[str, Any]
    problems: Sequence[Problem]
    plan: Plan | None

    @property
    def document(self) -> dict[str, Any]:
        """The plan file."""
        return {"base": BASE, **self.parameters}

    @property
    def query(self) -> str:
        """As the part of an address after ``?``."""
        return urlencode(self.texts, quote_via=quote)

    @property
    def wrong(self) -> dict[str, Problem]:
        """Problems by parameter."""
        return {one.parameter: one for one in self.problems if one.parameter is not None}

    def usable(self) -> Plan:
        """The plan. Raises ``PlanProblems``."""
        return plan_of_document(self.document) if self.plan is None else self.plan


def read(texts: Mapping[str, str]) -> Draft:
    """A draft from what the inputs say, held against the rules as `liandong plan check` does."""
    parameters = fields.parameters_of(texts)
    document = {"base": BASE, **parameters}
    problems = list(problems_of(document))
    plan = None if problems else plan_of_document(document)
    return Draft({name: texts.get(name, "") for name in INPUTS}, parameters, problems, plan)


def of_plan(plan: Plan) -> Draft:
    """A draft that says what a plan says."""
    return read(fields.texts_of(asdict(plan)))


def beyond_fields(document: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a plan file's object that no field could show."""
    return [one for one in problems_of(document) if not _has_field(one, document)]


def of_document(document: Mapping[str, Any]) -> Draft:
    """A draft from a plan file's object; what is wrong comes with it, to be put right in its field."""
    base = NAMED_PLANS[document["base"]]
    return read(fields.texts_of(asdict(base) | {k: v for k, v in document.items() if k != "base"}))


def _has_field(problem: Problem, document: Mapping[str, Any]) -> bool:
    field = FIELDS.get(problem.parameter or "")
    if field is None:
        return False
    value = document[field.name]
    return not field.parts or (isinstance(value, list) and len(value) == len(field.parts))


async def _from_address(request: Request) -> Draft | None:
    given = request.query_params
    return read(given) if any(name in given for name in INPUTS) else None


InAddress = Annotated[Draft | None, Depends(_from_address)]
"""The draft of the address; None where it has none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter in which two plans differ."""

    name: str
    unit: Unit
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """All parameters in which they differ, as the editor orders them."""
    return [
        Difference(name, field.unit, before[name], after[name])
        for name, field in FIELDS.items()
        if _plain(before[name]) != _plain(after[name])
    ]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
