"""What an audit finds: the first thing on which chain, mirror and rules do not agree, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from liandong.errors import LiandongError


@dataclass(frozen=True, slots=True)
class Difference:
    """``name`` says what differs; None where a source says nothing about it."""

    name: str
    rules: Any = None
    chain: Any = None
    mirror: Any = None
    block: int | None = None

    def __str__(self) -> str:
        told = [
            f"{source} {value}"
            for source, value in (("rules", self.rules), ("chain", self.chain), ("mirror", self.mirror))
            if value is not None
        ]
        at = "" if self.block is None else f" (block {self.block})"
        return f"{self.name}: {', '.join(told)}{at}"


class AuditDiffers(LiandongError):
    """Something was found that does not agree; ``difference`` names it."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


Values = Mapping[str, Any]
"""What one source says, by names that all sources share."""


def require_agreement(rules: Values, chain: Values, mirror: Values) -> int:
    """Compares three sources, and raises :class:`AuditDiffers` for the first name on which they differ.

    The rules and the mirror know the same names; the chain need not show all of them. Returns how many
    names were compared.
    """
    names: Iterable[str] = dict.fromkeys((*rules, *mirror, *chain))
    count = 0
    for name in names:
        count += 1
        by_rules, on_chain, in_mirror = rules.get(name), chain.get(name), mirror.get(name)
        # the chain has zeros where the others have nothing
        if by_rules == in_mirror and (on_chain is None or on_chain == (0 if by_rules is None else by_rules)):
            continue
        absent = "nothing"
        raise AuditDiffers(
            Difference(
                name,
                rules=absent if by_rules is None else by_rules,
                chain=on_chain,
                mirror=absent if in_mirror is None else in_mirror,
            )
        )
    return count
