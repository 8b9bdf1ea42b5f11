"""The first difference between two documents, by path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeGuard


class Absent(Enum):
    """Stands for a value that one of the documents does not have."""

    ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two documents part, e.g. ``accounts.amy.available`` or ``steps[3].error``."""

    path: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.path}: expected {_shown(self.expected)}, got {_shown(self.got)}"


def first_difference(expected: object, got: object, path: str = "") -> Difference | None:
    """The first place, in the order of ``expected``, where ``got`` is not the same; None if there is none.

    The order of keys means nothing, the order of lists does; 1, 1.0 and true are three values.
    """
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key in [*expected, *(key for key in got if key not in expected)]:
            below = f"{path}.{key}" if path else str(key)
            found = first_difference(expected.get(key, Absent.ABSENT), got.get(key, Absent.ABSENT), below)
            if found is not None:
                return found
        return None
    if _is_list(expected) and _is_list(got):
        for index in range(max(len(expected), len(got))):
            found = first_difference(_at(expected, index), _at(got, index), f"{path}[{index}]")
            if found is not None:
                return found
        return None
    if type(expected) is type(got) and expected == got:
        return None
    return Difference(path, expected, got)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _at(values: Sequence[object], index: int) -> object:
    return values[index] if index < len(values) else Absent.ABSENT


def _shown(value: object) -> str:
    return value.value if isinstance(value, Absent) else repr(value)
