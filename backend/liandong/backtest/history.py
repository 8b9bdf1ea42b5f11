"""Reads a history of sales and cancellations from CSV. Rows that cannot be read are kept, with the reason.

A sale is a row of kind ``sale``; a ``cancellation`` gives a customer money back without naming the sale. A
file without a column for the kind tells them apart by the sign of the amount.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from liandong.backtest.amounts import Money, Writing, how_written, minor_units
from liandong.backtest.errors import BadRows, EmptyHistory, MissingColumn, UnknownField, UnreadableFile

COLUMNS: Mapping[str, str] = {
    "invoice": "invoice",
    "kind": "kind",
    "time": "invoiced_at",
    "customer": "customer",
    "region": "country",
    "amount": "amount",
    "cost": "cost",
    "fees": "fees",
    "seller": "seller",
}
"""The fields of a history, and the columns that they are read from unless another is named."""

REQUIRED = ("time", "amount")
MONEY_FIELDS = ("amount", "cost", "fees")

_SALE = frozenset({"sale", "order", "销售", "订单"})
_CANCELLATION = frozenset({"cancellation", "cancel", "refund", "return", "退款", "退货", "取消"})


@dataclass(frozen=True, slots=True)
class Sale:
    """A paid sale. Amounts in minor units; ``line`` is where the file has it. None: the file does not say."""

    line: int
    invoice: str
    time: datetime
    customer: str | None
    region: str | None
    amount: int
    cost: int | None = None
    fees: int | None = None
    seller: str | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Money that a customer got back, in minor units; which sale it belongs to is not said."""

    line: int
    invoice: str
    time: datetime
    customer: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, and why."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """All of a file: sales and cancellations by time, and the rows that could not be read.

    ``sellers_drawn``: the file named no sellers, and those that were drawn from a seed have been put in.
    """

    path: Path
    rows: int
    writing: Writing
    names_sellers: bool
    sales: Sequence[Sale]
    cancellations: Sequence[Cancellation]
    bad_rows: Sequence[BadRow] = field(default=())
    sellers_drawn: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    fields: Mapping[str, str]
    text: str
    fault: str | None = None


def read_history(
    path: Path,
    columns: Mapping[str, str] | None = None,
    *,
    money: Money = Money.AUTO,
    encoding: str = "utf-8-sig",
    strict: bool = False,
) -> History:
    """Reads a history; ``columns`` maps fields of :data:`COLUMNS` to the file's own column names.

    Times are ISO 8601; the wall clock of the row counts, whatever its offset. Raises ``UnreadableFile``,
    ``MissingColumn``, ``UnknownField``, ``EmptyHistory``, and ``BadRows`` if ``strict`` and there is one.
    """
    rows, present = _read_rows(path, columns or {}, encoding)
    writing = how_written(
        ((row.line, text) for row in rows for name in MONEY_FIELDS if (text := row.fields.get(name))), money
    )
    sales: list[Sale] = []
    cancellations: list[Cancellation] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for row in rows:
        try:
            # Exports overlap: a row that is there twice, to the last character, is one sale.
            if row.fields.get("invoice") and (first := seen.setdefault(row.text, row.line)) != row.line:
                raise ValueError(f"the same as line {first}")
            entry = _entry(row, writing.money)
        except ValueError as error:
            bad.append(BadRow(row.line, str(error), row.text))
            continue
        if isinstance(entry, Sale):
            sales.append(entry)
        else:
            cancellations.append(entry)
    if strict and bad:
        raise BadRows(path, [(row.line, row.reason) for row in bad])
    if not sales:
        raise EmptyHistory(path, len(rows))
    return History(
        path=path,
        rows=len(rows),
        writing=writing,
        names_sellers="seller" in present,
        sales=sorted(sales, key=lambda sale: (sale.time, sale.line)),
        cancellations=sorted(cancellations, key=lambda one: (one.time, one.line)),
        bad_rows=bad,
    )


def _read_rows(path: Path, columns: Mapping[str, str], encoding: str) -> tuple[list[_Row], set[str]]:
    for name in columns:
        if name not in COLUMNS:
            raise UnknownField(name, COLUMNS)
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            places = _places(path, header, columns)
            return list(_rows(reader, header, places)), set(places)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    except UnicodeError as error:
        raise UnreadableFile(
            path, f"not {encoding} text ({error})", "name its encoding with --encoding"
        ) from error
    except LookupError as error:
        raise UnreadableFile(path, str(error), "name the file's encoding with --encoding") from error


def _places(path: Path, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for name, usual in COLUMNS.items():
        column = columns.get(name, usual)
        if column in header:
            places[name] = header.index(column)
        elif name in columns or name in REQUIRED:
            raise MissingColumn(path, name, column, header)
    return places


def _rows(reader: Iterator[list[str]], header: Sequence[str], places: Mapping[str, int]) -> Iterator[_Row]:
    line = reader.line_num + 1  # type: ignore[attr-defined]
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row(line, {}, "", f"not CSV: {error}")
            line = reader.line_num + 1  # type: ignore[attr-defined]
            continue
        if values:
            fault = None
            if len(values) != len(header):
                fault = f"has {len(values)} columns, the header has {len(header)}"
            fields = {} if fault else {name: values[place].strip() for name, place in places.items()}
            yield _Row(line, fields, ",".join(values), fault)
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _entry(row: _Row, money: Money) -> Sale | Cancellation:
    if row.fault:
        raise ValueError(row.fault)
    fields = row.fields
    amount = minor_units(fields["amount"], money)
    is_sale = _is_sale(fields.get("kind"), amount)
    if "kind" not in fields:
        amount = abs(amount)
    if amount <= 0:
        raise ValueError(f"the amount must be above zero, not {fields['amount']}")
    invoice = fields.get("invoice") or f"line {row.line}"
    time = _time(fields["time"])
    customer = fields.get("customer") or None
    if not is_sale:
        return Cancellation(row.line, invoice, time, customer, amount)
    return Sale(
        line=row.line,
        invoice=invoice,
        time=time,
        customer=customer,
        region=fields.get("region") or None,
        amount=amount,
        cost=_cost("cost", fields, money),
        fees=_cost("fees", fields, money),
        seller=fields.get("seller") or None,
    )


def _is_sale(kind: str | None, amount: int) -> bool:
    if kind is None:
        return amount >= 0
    if kind.lower() in _SALE:
        return True
    if kind.lower() in _CANCELLATION:
        return False
    raise ValueError(f"kind {kind!r} is neither sale nor cancellation" if kind else "the kind is missing")


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise ValueError(f"{text!r} is not a time in ISO 8601, such as 2026-01-31T09:30") from None


def _cost(name: str, fields: Mapping[str, str], money: Money) -> int | None:
    text = fields.get(name)
    if not text:
        return None
    try:
        amount = minor_units(text, money)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if amount < 0:
        raise ValueError(f"{name} must not be negative, not {text}")
    return amount
