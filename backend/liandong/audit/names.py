"""Names for what the three sources say. Amounts in minor units, days since deployment, 0 for nobody."""

from __future__ import annotations

from typing import Any

POOLS = ("support", "dividend")

Source = dict[str, Any]
"""Values by name, e.g. ``account 16 available``."""


def named(prefix: str, values: dict[str, Any]) -> Source:
    """The values of one thing."""
    return {f"{prefix} {name}": value for name, value in values.items()}


def day(value: int | None) -> int | str:
    """A day or block that may not have come."""
    return "never" if value is None else value


def parameter(value: Any) -> Any:
    """A plan parameter as JSON has it."""
    return list(value) if isinstance(value, tuple) else value
