"""Rules § 6.1 day by day: what came in and went out, and what each position held, from the events alone.

Nothing is taken from the mirror's totals, so that the last day can be held against them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from liandong.chain.state_words import Account
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorCursor
from liandong.db.orders import SalesOrder
from liandong.mirror.events import PAYMENTS, RECORDED

DAY = 86_400

PLACES = ("tokens_in", "tokens_out", "treasury", "escrow", "pools", "accounts")
Change = tuple[int, int, int, int, int, int]
"""What an event of amount 1 adds to each of :data:`PLACES`."""

_PER_AMOUNT: dict[str, Change] = {
    "TreasuryFunded": (1, 0, 1, 0, 0, 0),
    "Withdrawn": (0, 1, 0, 0, 0, -1),
    "DepositPaid": (1, 0, 0, 0, 0, 1),
    "DepositReleased": (0, 1, 0, 0, 0, -1),
    "OrderVoided": (0, 0, 1, -1, 0, 0),
    "DebtRepaid": (0, 0, 1, 0, 0, -1),
    "PaymentAdded": (0, 0, -1, 0, 0, 1),
    "PaymentTakenBack": (0, 0, 1, 0, 0, -1),
    "DebtIncurred": (0, 0, -1, 0, 0, 1),
    "PoolsLacked": (0, 0, 0, 0, 1, -1),
    "BuyerCompensated": (0, 0, 1, 0, 0, -1),
    "SupportClaimed": (0, 0, 0, 0, -1, 1),
    "DividendClaimed": (0, 0, 0, 0, -1, 1),
    **dict.fromkeys(RECORDED, (0, 0, -1, 1, 0, 0)),
    **dict.fromkeys(PAYMENTS, (0, 0, 0, -1, 0, 1)),
}
_WITHDRAWN_BY_TREASURY: Change = (0, 1, -1, 0, 0, 0)
_REFUNDED_FROM_ESCROW: Change = (0, 0, 1, -1, 0, 0)

_DETAILED = ("BrandLinesPaid", "BrandLinesAdded", "BrandLinesTakenBack", "DutyTakenBack", "DepositPaid")
_BRAND = ("fees", "duty", "insurance", "platform")
_POOLS = ("fund", "dividend")


@dataclass(frozen=True, slots=True)
class DayEnd:
    """The positions at the end of a day since deployment, in minor units."""

    day: int
    tokens_in: int
    tokens_out: int
    treasury: int
    escrow: int
    pools: int
    accounts: int

    @property
    def held(self) -> int:
        """The sum of all positions."""
        return self.treasury + self.escrow + self.pools + self.accounts

    @property
    def difference(self) -> int:
        """What is held beyond what came in and did not go out: 0, or the books are wrong."""
        return self.held - (self.tokens_in - self.tokens_out)


def by_day(changes: Mapping[int, Sequence[int]]) -> list[DayEnd]:
    """Every day on which something moved, oldest first, of how each one changed :data:`PLACES`."""
    found: list[DayEnd] = []
    sums = [0] * len(PLACES)
    for at in sorted(changes):
        sums = [one + other for one, other in zip(sums, changes[at], strict=True)]
        found.append(DayEnd(at, *sums))
    return found


def changes(session: Session, cursor: MirrorCursor, after: int, until: int | None) -> dict[int, list[int]]:
    """How events of the blocks after one, up to another (None: all), changed :data:`PLACES`, by day."""
    day = (col(MirrorBlock.timestamp) + cursor.utc_offset) // DAY - cursor.day_zero
    within = between(after, until)
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(PLACES))
    for moved in (_summed, _detailed, _refunded):
        for at, change in moved(session, day, within):
            for place, amount in enumerate(change):
                found[at][place] += amount
    return dict(found)


def between(after: int, until: int | None) -> list[Any]:
    """Conditions for events of these blocks."""
    block = col(ChainEvent.block_number)
    return [block > after] if until is None else [block > after, block <= until]


def _summed(session: Session, day: Any, within: list[Any]) -> Iterator[tuple[int, list[int]]]:
    """Events that move their amount, whatever else they tell."""
    by_treasury = col(ChainEvent.account).is_not_distinct_from(int(Account.TREASURY))
    columns = (day, ChainEvent.name, by_treasury)
    moving = [col(ChainEvent.name).in_(_PER_AMOUNT), *within]
    joined = col(MirrorBlock.number) == ChainEvent.block_number
    amount = ChainEvent.amount
    if session.get_bind().dialect.name == "sqlite":
        # what is too wide for its integers is a text there, which it cannot sum
        wide = (
            select(*columns, amount).join(MirrorBlock, joined).where(func.typeof(amount) == "text", *moving)
        )
        yield from (_moved(*row) for row in session.execute(wide))
        moving.append(func.typeof(amount) == "integer")
    query = select(*columns, func.sum(amount)).join(MirrorBlock, joined).where(*moving).group_by(*columns)
    yield from (_moved(*row) for row in session.execute(query))


def _moved(at: int, name: str, of_treasury: bool, amount: int | None) -> tuple[int, list[int]]:
    change = _WITHDRAWN_BY_TREASURY if name == "Withdrawn" and of_treasury else _PER_AMOUNT[name]
    return int(at), [int(amount or 0) * one for one in change]


def _detailed(session: Session, day: Any, within: list[Any]) -> Iterator[tuple[int, list[int]]]:
    """Events that tell several amounts."""
    query = (
        select(day, ChainEvent.name, ChainEvent.detail)
        .join(MirrorBlock, col(MirrorBlock.number) == ChainEvent.block_number)
        .where(col(ChainEvent.name).in_(_DETAILED), *within)
    )
    for at, name, written in session.execute(query):
        told = {key: _number(value) for key, value in json.loads(written or "{}").items()}
        yield int(at), _of_detail(name, told)


def _of_detail(name: str, told: dict[str, int]) -> list[int]:
    brand, pools = (sum(told.get(one, 0) for one in some) for some in (_BRAND, _POOLS))
    match name:
        case "BrandLinesPaid":
            return [0, 0, 0, -brand - pools, pools, brand]
        case "BrandLinesAdded":
            return [0, 0, -brand - pools, 0, pools, brand]
        case "BrandLinesTakenBack" | "DutyTakenBack":
            return [0, 0, brand + pools, 0, -pools, -brand]
        case _:  # a deposit pays debt first, into the treasury
            return [0, 0, told.get("repaid", 0), 0, 0, -told.get("repaid", 0)]


def _refunded(session: Session, day: Any, within: list[Any]) -> Iterator[tuple[int, list[int]]]:
    """Refunds before settlement leave escrow; later ones are told by what they take back."""
    unsettled = col(SalesOrder.settled_block).is_(None) | (
        col(SalesOrder.settled_block) > ChainEvent.block_number
    )
    query = (
        select(day, func.sum(ChainEvent.amount))
        .join(MirrorBlock, col(MirrorBlock.number) == ChainEvent.block_number)
        .join(SalesOrder, col(SalesOrder.number) == ChainEvent.order_number)
        .where(ChainEvent.name == "OrderRefunded", unsettled, *within)
        .group_by(day)
    )
    for at, amount in session.execute(query):
        yield int(at), [int(amount or 0) * one for one in _REFUNDED_FROM_ESCROW]


def _number(value: object) -> int:
    return int(value, 16) if isinstance(value, str) else int(value) if isinstance(value, int) else 0
