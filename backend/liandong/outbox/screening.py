"""Which parts the chain would take: all of them in one call, or all but those that it refuses.

Parts take effect one after the other, so a call of the first n parts fails exactly if one of them fails
after those before it. A part that fails alone fails in every call, since earlier parts of the kinds that go
together never make a later one possible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from liandong.chain.errors import (
    AccessManagerNotReady,
    ChainError,
    ContractError,
    MissingRole,
    NodeRefused,
    Paused,
    TermsMismatch,
    TransactionReverted,
)
from liandong.errors import LiandongError, OutOfSequence, RuleError
from liandong.outbox.errors import NotYet, TooMuchGas

PASSING = (Paused, MissingRole, TermsMismatch, OutOfSequence, AccessManagerNotReady, NotYet)
"""Refusals that pass: the mirror is behind, a part is paused, a delay runs, a role or a batch is changing."""

WHOLE = (Paused, MissingRole, OutOfSequence)
"""Refusals that are not about any one part."""

Estimate = Callable[[Sequence[Any]], int]
"""Gas of one call of these parts; raises what it would revert with."""

Alone = Callable[[Sequence[Any]], list[LiandongError | None]]
"""What each part would be refused with in a call of its own; None: it would not."""


@dataclass(slots=True)
class Screened:
    """Places of the parts that can go together, the gas that takes, and the errors of the others.

    A place that is in neither is left for another call: all together would take too much gas.
    """

    accepted: list[int] = field(default_factory=list)
    gas: int = 0
    refused: dict[int, LiandongError] = field(default_factory=dict)


def screen(parts: Sequence[Any], estimate: Estimate, alone: Alone) -> Screened:
    """Takes out one after the other what the chain refuses. Raises what is no refusal: no node, no answer."""
    found = Screened(list(range(len(parts))))
    alone_asked = False
    while found.accepted:
        try:
            found.gas = estimate([parts[place] for place in found.accepted])
            break
        except TooMuchGas as error:
            if len(found.accepted) == 1:
                found.refused[found.accepted.pop()] = error
            found.accepted = found.accepted[: len(found.accepted) // 2]
        except (RuleError, ContractError, TransactionReverted) as error:
            if len(found.accepted) == 1 or isinstance(error, WHOLE):
                found.refused.update(dict.fromkeys(found.accepted, error))
                found.accepted.clear()
            elif not alone_asked:
                alone_asked = True
                errors = alone([parts[place] for place in found.accepted])
                _take_out(found, errors)
            else:
                _take_out_first(found, parts, estimate)
    return found


def _take_out(found: Screened, errors: Sequence[LiandongError | None]) -> None:
    for place, error in zip(list(found.accepted), errors, strict=True):
        if error is not None:
            found.refused[place] = error
            found.accepted.remove(place)


def _take_out_first(found: Screened, parts: Sequence[Any], estimate: Estimate) -> None:
    """Finds the first part that fails after those before it, by halving; the whole is known to fail."""
    good, bad = 0, len(found.accepted)
    reason: LiandongError | None = None
    while reason is None or bad - good > 1:
        middle = bad if reason is None else (good + bad) // 2
        try:
            estimate([parts[place] for place in found.accepted[:middle]])
            if reason is None:
                return  # a block came in between, and now all can go
            good = middle
        except (RuleError, ContractError, TransactionReverted) as error:
            bad, reason = middle, error
    found.refused[found.accepted.pop(bad - 1)] = reason


def require_refusal(error: LiandongError) -> LiandongError:
    """The error if it is a refusal by the contract; raises it if the node itself failed."""
    if isinstance(error, (RuleError, ContractError, TransactionReverted)):
        return error
    assert isinstance(error, ChainError | NodeRefused)
    raise error
