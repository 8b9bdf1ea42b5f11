"""Plan files: JSON objects that name a base plan and the parameters that differ (rules § 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar

from liandong.errors import InvalidPlan, LiandongError, PlanFormatError
from liandong.rules.plan import NAMED_PLANS, Plan, plan_from

STORED = {
    **dict.fromkeys(("return_days", "refund_days", "deposit_lock_days"), 2**16 - 1),
    **dict.fromkeys(
        ("bronze_directs", "silver_team", "gold_team", "diamond_team", "promotion_directs"), 2**32 - 1
    ),
    "activity_price": 2**48 - 1,
}
"""The most that the contracts can store of a parameter (contracts/types/Plan.sol)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: with which parameter (None: with the whole), the error's name, in words."""

    parameter: str | None
    error: str
    text: str


class PlanProblems(LiandongError):
    """A plan that cannot be used: every problem at once, each with the parameter that it is about."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, written: str, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(f"plan {written} cannot be used:\n" + "\n".join(f"  - {one}" for one in problems))


def read_plan(written: str) -> Plan:
    """The plan that a name (``seed``, ``case``, ``strict``) or the path of a file stands for.

    Raises ``PlanProblems`` with all that is wrong.
    """
    if written in NAMED_PLANS:
        return NAMED_PLANS[written]
    return plan_of_document(_document(written), written)


def plan_of_document(document: Mapping[str, Any], written: str = "as given") -> Plan:
    """The plan that a plan file's object stands for. Raises ``PlanProblems`` with all that is wrong."""
    problems = [one.text for one in problems_of(document)]
    if problems:
        raise PlanProblems(written, problems)
    return plan_from(document)


def document_of(text: str, written: str = "as given") -> Mapping[str, Any]:
    """The object that the text of a plan file holds, whatever is in it. Raises ``PlanProblems``."""
    try:
        document = json.loads(text, object_pairs_hook=_no_duplicates)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise PlanProblems(written, [f"the file is not JSON: {error.msg} at {where}"]) from error
    except RecursionError as error:
        raise PlanProblems(written, ["the file is nested too deep"]) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise PlanProblems(written, [f"the file cannot be read: {error}"]) from error
    except PlanFormatError as error:
        raise PlanProblems(written, [str(error)]) from error
    if not isinstance(document, dict):
        problem = 'the file must hold one object, such as {"base": "seed", "team_bps": 500}'
        raise PlanProblems(written, [problem])
    return document


def _document(written: str) -> Mapping[str, Any]:
    try:
        text = Path(written).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        known = ", ".join(NAMED_PLANS)
        problem = f"there is no such file, and no plan of this name; names are: {known}"
        raise PlanProblems(written, [problem]) from None
    except (OSError, UnicodeError) as error:
        raise PlanProblems(written, [f"the file cannot be read: {error}"]) from error
    return document_of(text, written)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PlanFormatError(f"{twice[0]} is given twice: keep one")
    return dict(pairs)


def problems_of(document: Mapping[str, Any]) -> Iterator[Problem]:
    """All that is wrong with a plan file's object; nothing: it can be used.

    What the rules forbid, they forbid of each parameter by itself: so each is tried alone.
    """
    base = document.get("base")
    if not isinstance(base, str) or base not in NAMED_PLANS:
        known, found = ", ".join(NAMED_PLANS), f", not {base!r}" if "base" in document else ""
        text = f'"base" must name the plan to start from, one of {known}{found}'
        yield Problem(None, "PlanFormatError", text)
    for name, value in document.items():
        if name == "base":
            continue
        try:
            plan_from({"base": "seed", name: value})
        except PlanFormatError as error:
            yield Problem(name, "PlanFormatError", str(error))
        except InvalidPlan as error:
            yield Problem(name, error.name, f"InvalidPlan: {error.detail}; {_remedy(name)}")
        else:
            if name in STORED and value > STORED[name]:
                text = f"AmountTooLarge: {name} is {value}, and the contracts store {STORED[name]} at most"
                yield Problem(name, "AmountTooLarge", text)


def _remedy(name: str) -> str:
    if name == "tier_bps":
        return "give five rates from starter to diamond, none above 10000, none below the one before"
    if name.endswith("_bps"):
        return "rates are basis points: 10000 is all of it, 2000 is 20 %"
    if name == "return_days":
        return "the statutory return window is 7 days; a plan may only be kinder"
    return "give 1 or more"
