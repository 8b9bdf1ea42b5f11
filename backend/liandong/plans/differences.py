"""What changed from one plan version to the next (rules § 2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from liandong.db.orders import PlanVersion


@dataclass(frozen=True, slots=True)
class Changed:
    """One parameter, before and after."""

    name: str
    before: Any
    after: Any


def differences(
    versions: Sequence[PlanVersion],
) -> Iterator[tuple[PlanVersion, dict[str, Any], list[Changed]]]:
    """Each version with its parameters and what it changed; the first one changed nothing."""
    before: dict[str, Any] | None = None
    for version in versions:
        now = json.loads(version.parameters)
        changed = [
            Changed(name, before.get(name), value)
            for name, value in now.items()
            if before is not None and before.get(name) != value
        ]
        yield version, now, changed
        before = now
