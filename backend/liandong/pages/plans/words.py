"""What is said of a draft, as names of texts and the values in them."""

from __future__ import annotations

from typing import Any

from liandong.figures import count, money
from liandong.pages.language import Catalogue
from liandong.pages.plans.fields import FIELDS, Unit, shown
from liandong.plans.file import STORED, Problem
from liandong.plans.notices import Notice
from liandong.rules.plan import NAMED_PLANS

_UNITS = {Unit.PERCENT: "percent", Unit.MONEY: "money", Unit.DAYS: "whole", Unit.PEOPLE: "whole"}
_HOUR, _DAY = 3600, 86_400


def wrong(problem: Problem) -> tuple[str, dict[str, str]]:
    """What is wrong with a field: the text's name after ``wrong_``, and the values in it."""
    field = FIELDS[problem.parameter or ""]
    if problem.error == "AmountTooLarge":
        return "large", {"most": shown(STORED[field.name], field.unit)}
    if problem.error == "PlanFormatError":
        return _UNITS[field.unit], {}
    if field.name in ("return_days", "promotion_directs"):
        return field.name, {}
    return ("tiers" if field.parts else "rate"), {}


def wrong_in_file(problem: Problem) -> tuple[str, dict[str, str]]:
    """What is wrong with a plan file, of what has no field: as :func:`wrong`, after ``file_``."""
    if problem.parameter is None:
        return "base", {"known": ", ".join(NAMED_PLANS)}
    return ("rates", {}) if problem.parameter in FIELDS else ("parameter", {"parameter": problem.parameter})


def values_of(t: Catalogue, notice: Notice) -> dict[str, Any]:
    """The values in a notice's text."""
    return {name: _value(t, name, value) for name, value in notice.values.items()}


def span_of(seconds: int | None) -> tuple[str, int] | None:
    """A delay in the largest unit that it is whole in, and how many; None: not known."""
    if seconds is None:
        return None
    for name, size in (("days", _DAY), ("hours", _HOUR)):
        if seconds and seconds % size == 0:
            return name, seconds // size
    return "seconds", seconds


def amount(minor: int | None) -> str:
    """An amount, or a dash where there is none."""
    return "–" if minor is None else money(minor)


def _value(t: Catalogue, name: str, value: Any) -> Any:
    if name == "tiers":
        return t("plans.and").join(t(f"layout.tier_{tier}") for tier in value)
    if name == "parameters":
        return t("plans.and").join(t(f"plans.field_{one}") for one in value)
    if name in ("parameter", "other"):
        return t(f"plans.field_{value}")
    return shown(value, Unit.PERCENT) if name.endswith("_bps") else count(value)
