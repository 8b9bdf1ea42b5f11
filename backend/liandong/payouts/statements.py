"""Statements: what changed an account, entry by entry, from the contract's own events."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import and_, col, func, or_, select

from liandong.db.base import in_words
from liandong.db.chain import ChainEvent
from liandong.db.session import Database, Reader
from liandong.http.explorer import NO_EXPLORER, Explorer
from liandong.orders.lines import RULES
from liandong.orders.repository import EVENTS, Event, EventRow, event_row
from liandong.payouts.schemas import StatementEntry

LINES = {
    "SupplyPaid": "supply", "ServicePaid": "service", "DirectPaid": "direct", "RegionPaid": "region",
    "HostPaid": "host", "GuidePaid": "guide", "StorePaid": "store", "TeamPaid": "team",
}  # fmt: skip
"""Events that pay a line of an order to a participant, and the line."""

_OTHERS: dict[str, tuple[str, str, int]] = {
    "PaymentTakenBack": ("taken back", "a refund after settlement took lines back", -1),
    "PaymentAdded": ("rounding", "a refund's rounding made lines higher", 1),
    "SupportClaimed": ("support", "帮扶基金: share of a month's support fund", 1),
    "DividendClaimed": ("dividend", "年度分红: share of a year's dividend", 1),
    "InsurancePaid": ("insurance", "the insurance's part of a duty loss", 1),
    "Withdrawn": ("withdrawal", "paid out to the wallet", -1),
    "DebtRepaid": ("debt repaid", "a credit paid debt first", -1),
    "DebtIncurred": ("debt", "what a refund took and the account lacked became debt", 1),
    "DepositPaid": ("deposit", "paid in by the agent", 1),
    "DepositReleased": ("deposit released", "paid back to the agent", -1),
    "DepositSlashed": ("deposit slashed", "moved to protection", -1),
}

NAMES = (*LINES, *_OTHERS)
_DETAILED = ("ServicePaid", "DepositPaid")
"""Those whose detail says how much of them changed which balance."""

ROWS_AT_ONCE = 1000

HEADER = ("block", "log_index", "at", "entry", "rule", "order", "change", "into", "transaction")


def entries(
    reader: Reader, account: int, after: tuple[int, ...] | None, rows: int, *, newest_first: bool = True
) -> list[EventRow]:
    """Events of an account from a place on, by (block, log index)."""
    values = {"account": account, "rows": rows}
    if after is not None:
        values |= {"at_block": after[0], "at_index": after[1]}
    return [event_row(row) for row in reader.execute(_entries(after is not None, newest_first), values)]


@cache
def _entries(goes_on: bool, newest_first: bool) -> Any:
    block, index = col(ChainEvent.block_number), col(ChainEvent.log_index)
    query = EVENTS.where(
        ChainEvent.account == bindparam("account"), col(ChainEvent.name).in_(in_words(NAMES))
    )
    if goes_on:
        at_block, at_index = bindparam("at_block"), bindparam("at_index")
        beyond = block < at_block if newest_first else block > at_block
        beside = index < at_index if newest_first else index > at_index
        query = query.where(or_(beyond, and_(block == at_block, beside)))
    order = (block.desc(), index.desc()) if newest_first else (block, index)
    return query.order_by(*order).limit(bindparam("rows"))


def views(row: EventRow, explorer: Explorer = NO_EXPLORER) -> Iterator[StatementEntry]:
    """What an event means for the account, an entry for each balance that it changed."""
    event, transaction, at = row
    amount = event.amount or 0
    detail = json.loads(event.detail) if event.detail else {}

    def entry(name: str, rule: str, change: int, into: str) -> StatementEntry:
        return StatementEntry(
            block=event.block_number, log_index=event.log_index, at=at, entry=name, rule=rule,
            order=event.order_number, change=change, into=into, transaction=transaction,
            explorer=explorer.transaction(transaction),
        )  # fmt: skip

    if event.name in LINES:
        line = LINES[event.name]
        held_back = int(detail.get("heldBack", 0)) if event.name == "ServicePaid" else 0
        yield entry(line, RULES[line], amount - held_back, "available")
        if held_back:
            yield entry(
                "held back", "a part of the service fee is kept as deposit, debt first", held_back, "deposit"
            )
        return
    name, rule, sign = _OTHERS[event.name]
    if event.name in ("DebtRepaid", "DebtIncurred"):
        yield entry(name, rule, sign * amount, "available")
        yield entry(name, rule, sign * amount, "debt")
    elif event.name == "DepositPaid":
        repaid = int(detail.get("repaid", 0))
        yield entry(name, rule, amount - repaid, "deposit")
        if repaid:
            yield entry("debt repaid", "a deposit pays debt first", -repaid, "debt")
    elif event.name.startswith("Deposit"):
        yield entry(name, rule, sign * amount, "deposit")
    else:
        yield entry(name, rule, sign * amount, "available")


def sums(reader: Reader, account: int) -> dict[tuple[str, str], int]:
    """What all entries of an account come to, by entry and balance."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    mine, names = ChainEvent.account == account, col(ChainEvent.name)
    # what an event of these means grows with its amount alone, so that one stands for all
    plain = select(ChainEvent.name, func.sum(ChainEvent.amount)).where(
        mine, names.in_(set(NAMES) - set(_DETAILED))
    )
    summed = [
        Event(0, 0, 0, name, None, account, int(amount), None)
        for name, amount in reader.execute(plain.group_by(ChainEvent.name))
    ]
    detailed = (event_row(row)[0] for row in reader.execute(EVENTS.where(mine, names.in_(_DETAILED))))
    for event in (*summed, *detailed):
        for one in views((event, None, None)):
            found[one.entry, one.into] += one.change
    return dict(found)


def every(database: Database, account: int) -> Iterator[EventRow]:
    """All of an account's events, oldest first, a part at a time, so that it fits into memory."""
    after: tuple[int, ...] | None = None
    while True:
        with database.look() as reader:
            rows = entries(reader, account, after, ROWS_AT_ONCE, newest_first=False)
        yield from rows
        if len(rows) < ROWS_AT_ONCE:
            return
        after = (rows[-1][0].block_number, rows[-1][0].log_index)


def csv_lines(rows: Iterator[EventRow]) -> Iterator[str]:
    """A statement as CSV, line by line, with a header."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(HEADER)
    for row in rows:
        for one in views(row):
            values = one.model_dump()
            writer.writerow([values[name] for name in HEADER])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    if line.tell():
        yield line.getvalue()
