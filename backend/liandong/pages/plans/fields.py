"""The fields of the editor: each parameter of a plan, its unit, and how people write it (rules § 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from liandong.figures import count, money
from liandong.rules.people import Tier

LONGEST = 40
"""Characters of what is written into a field, at most: more is cut off, and then no number."""

_HUNDREDTHS = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")
_WHOLE = re.compile(r"\d{1,12}")


class Unit(StrEnum):
    """How a parameter is written: per cent for basis points, decimals for minor units, else whole numbers."""

    PERCENT = "percent"
    MONEY = "money"
    DAYS = "days"
    PEOPLE = "people"

    @property
    def is_hundredths(self) -> bool:
        """Whether people write it with two decimals of what is stored."""
        return self in (Unit.PERCENT, Unit.MONEY)


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter; ``tier_bps`` has a part for each tier, in order."""

    name: str
    unit: Unit
    parts: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs in the form."""
        return tuple(f"{self.name}_{part}" for part in self.parts) or (self.name,)


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that belong together."""

    name: str
    fields: tuple[Field, ...]


TIERS = tuple(tier.name.lower() for tier in Tier)

_P, _M, _D, _N = Unit.PERCENT, Unit.MONEY, Unit.DAYS, Unit.PEOPLE

GROUPS = (
    Group("shares", (Field("tier_bps", _P, TIERS), Field("cap_bps", _P))),
    Group("tiers", (
        Field("bronze_directs", _N), Field("silver_team", _N), Field("gold_team", _N),
        Field("diamond_team", _N), Field("activity_price", _M),
    )),
    Group("team", (Field("team_bps", _P), Field("promotion_directs", _N))),
    Group("support", (Field("fund_bps", _P),)),
    Group("region", (Field("region_bps", _P),)),
    Group("dividend", (Field("dividend_bps", _P), Field("dividend_share_cap_bps", _P))),
    Group("campaign", (Field("host_bps", _P),)),
    Group("store", (Field("guide_bps", _P),)),
    Group("abroad", (
        Field("service_bps", _P), Field("holdback_bps", _P), Field("deposit_lock_days", _D),
        Field("insurance_bps", _P),
    )),
    Group("windows", (Field("return_days", _D), Field("refund_days", _D))),
)  # fmt: skip
"""All parameters, as the rules group them."""

FIELDS: Mapping[str, Field] = {one.name: one for group in GROUPS for one in group.fields}
INPUTS = tuple(name for one in FIELDS.values() for name in one.inputs)


def value_of(text: str, unit: Unit) -> int | str:
    """What was written as the rules take it; what is no number stays as it is, for the rules to refuse."""
    written = text.strip().replace(",", "").removesuffix("%").strip()
    if unit.is_hundredths:
        found = _HUNDREDTHS.fullmatch(written)
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else text
    return int(written) if _WHOLE.fullmatch(written) else text


def text_of(value: object, unit: Unit) -> str:
    """A parameter's value as the form writes it: 850 basis points are ``8.5``."""
    if type(value) is not int or value < 0:
        return str(value)[:LONGEST]
    if unit is Unit.PERCENT:
        return f"{value // 100}.{value % 100:02}".rstrip("0").rstrip(".")
    return f"{value // 100}.{value % 100:02}" if unit is Unit.MONEY else str(value)


def shown(value: Any, unit: Unit) -> str:
    """A parameter's value for reading, without the words of its unit."""
    if isinstance(value, (list, tuple)):
        return " / ".join(shown(one, unit) for one in value)
    if unit is Unit.PERCENT:
        return text_of(value, unit) + " %"
    return f"¥{money(value)}" if unit is Unit.MONEY else count(value)


def texts_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """All inputs, filled with a plan's parameters."""
    return {name: text for one in FIELDS.values() for name, text in _texts(one, parameters[one.name])}


def parameters_of(texts: Mapping[str, str]) -> dict[str, Any]:
    """What the inputs say, by parameter; not yet held against the rules."""
    found: dict[str, Any] = {}
    for one in FIELDS.values():
        values = [value_of(texts.get(name, "")[:LONGEST], one.unit) for name in one.inputs]
        found[one.name] = values if one.parts else values[0]
    return found


def _texts(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    values = value if field.parts and isinstance(value, (list, tuple)) else [value]
    for at, name in enumerate(field.inputs):
        yield name, text_of(values[at], field.unit) if at < len(values) else ""
