"""Reads orders from the mirror, and requests about them from the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Text, bindparam, cast, literal
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased, outerjoin
from sqlmodel import Session, col, func, or_, select

from liandong.chain.deliveries import words_of
from liandong.chain.orders import Batch
from liandong.chain.words import TermsOnRecord
from liandong.db.base import in_words
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorTransaction
from liandong.db.orders import Campaign, PlanVersion, SalesOrder
from liandong.db.outbox import OutboxCall, OutboxRequest
from liandong.db.people import Participant, Region
from liandong.db.session import Reader
from liandong.errors import UnknownOrder
from liandong.mirror.many_orders import OF_MANY, orders_of


class Event(NamedTuple):
    """An event, as :class:`ChainEvent` has it."""

    block_number: int
    log_index: int
    transaction_index: int
    name: str
    order_number: int | None
    account: int | None
    amount: int | None
    detail: str | None


EventRow = tuple[Event, str | None, int | None]
"""An event, its transaction's hash, its block's time."""


def get(session: Session, number: int) -> SalesOrder:
    """An order. Raises ``UnknownOrder``."""
    found = session.get(SalesOrder, number)
    if found is None:
        raise UnknownOrder(str(number))
    return found


_WHOLE = (
    select_columns(
        SalesOrder.__table__,
        PlanVersion.parameters,
        OutboxRequest.key,
        OutboxRequest.caller,
    )
    .join(PlanVersion, col(PlanVersion.version) == SalesOrder.plan)
    .outerjoin(
        OutboxRequest,
        (col(OutboxRequest.order_number) == SalesOrder.number)
        & (col(OutboxRequest.kind) == "order")
        & col(OutboxRequest.state).in_(in_words(("mined", "final"))),
    )
    .where(SalesOrder.number == bindparam("number"))
)


def whole(reader: Reader, number: int) -> Row[Any]:
    """An order, its plan's parameters, and key and caller of the request that recorded it, if one did.

    Raises ``UnknownOrder``.
    """
    found = reader.execute(_WHOLE, {"number": number}).first()
    if found is None:
        raise UnknownOrder(str(number))
    return found


def is_party(session: Session, number: int, participant: int) -> bool:
    """Whether an order names the participant, as whatever."""
    row = session.get(SalesOrder, number)
    return row is not None and participant in (row.seller, row.supplier, row.partner, row.leader)


def page(
    session: Session, *, state: str | None, seller: int | None, after: int, rows: int
) -> Sequence[SalesOrder]:
    """Orders by number."""
    query = select(SalesOrder).where(SalesOrder.number > after).order_by(col(SalesOrder.number)).limit(rows)
    for column, wanted in ((SalesOrder.state, state), (SalesOrder.seller, seller)):
        if wanted is not None:
            query = query.where(column == wanted)
    return session.exec(query).all()


def terms(row: SalesOrder | Row[Any]) -> TermsOnRecord:
    """An order's terms as its leaf has them."""
    return TermsOnRecord(
        channel=row.channel, price=row.price, cost=row.cost, fees=row.fees, duty=row.duty,
        insurance=row.insurance, seller=row.seller, supplier=row.supplier, partner=row.partner,
        campaign=row.campaign, leader=row.leader, rate_bps=row.rate_bps, plan=row.plan, day=row.day,
        refunded=row.refunded,
    )  # fmt: skip


def batch(session: Session, first: int) -> Batch:
    """A batch with its tree, as it is now."""
    rows = session.exec(
        select(SalesOrder).where(SalesOrder.batch_first == first).order_by(col(SalesOrder.number))
    ).all()
    words = [word for row in rows for word in terms(row).words()]
    return Batch(first, words, words_of((row.number - first, row.delivered_on) for row in rows))


_RECORDING = aliased(OutboxRequest)
_RECORDER = (
    select(func.min(_RECORDING.id))
    .where(
        _RECORDING.kind == "order", _RECORDING.order_number == bindparam("number"),
        col(_RECORDING.state).in_(in_words(("mined", "final"))),
    )
    .scalar_subquery()
)  # fmt: skip
_SHOWN = (
    OutboxRequest.id, OutboxRequest.kind, OutboxRequest.key, OutboxRequest.state, OutboxRequest.order_number,
    OutboxRequest.result, OutboxRequest.error_name, OutboxRequest.error_detail, OutboxRequest.created_at,
    OutboxRequest.changed_at, OutboxCall.transaction_hash,
)  # fmt: skip
_ABOUT = (
    select_columns(*_SHOWN)
    .outerjoin(OutboxCall, col(OutboxCall.id) == OutboxRequest.call_id)
    .where(
        or_(
            col(OutboxRequest.subject).in_((bindparam("order"), literal("request:") + cast(_RECORDER, Text))),
            col(OutboxRequest.id) == _RECORDER,
        ),
        OutboxRequest.caller == bindparam("caller"),
    )
    .order_by(col(OutboxRequest.id))
)


def requests_about(reader: Reader, number: int, caller: str) -> Sequence[Row[Any]]:
    """A caller's requests about an order in the order of their coming, each with its transaction's hash."""
    return reader.execute(_ABOUT, {"number": number, "order": f"order:{number}", "caller": caller}).all()


def _with_transactions(of: Any) -> Any:
    """Events of this, each with its transaction's hash and its block's time."""
    columns = [getattr(ChainEvent, name) for name in Event._fields]
    return (
        select_columns(*columns, MirrorTransaction.hash, MirrorBlock.timestamp)
        .select_from(of)
        .outerjoin(
            MirrorTransaction,
            (col(MirrorTransaction.block_number) == ChainEvent.block_number)
            & (col(MirrorTransaction.transaction_index) == ChainEvent.transaction_index),
        )
        .outerjoin(MirrorBlock, col(MirrorBlock.number) == ChainEvent.block_number)
    )


EVENTS = _with_transactions(ChainEvent)
"""All events, each with its transaction's hash and its block's time; for :func:`event_row`."""


def event_row(row: Row[Any]) -> EventRow:
    """A row of a query on :data:`EVENTS`."""
    return Event(*row[:8]), row[8], row[9]


_NAMES_IT = col(ChainEvent.order_number).in_((col(SalesOrder.number), col(SalesOrder.batch_first)))
_OF_ORDER = (
    _with_transactions(outerjoin(SalesOrder, ChainEvent, _NAMES_IT))
    .add_columns(SalesOrder.state)
    .where(SalesOrder.number == bindparam("number"))
    .order_by(col(ChainEvent.block_number), col(ChainEvent.log_index))
)


def life(reader: Reader, number: int) -> tuple[str, list[EventRow]]:
    """An order's state, and events that name it, alone or among others of its batch, in their order.

    Raises ``UnknownOrder``.
    """
    found = reader.execute(_OF_ORDER, {"number": number}).all()
    if not found:
        raise UnknownOrder(str(number))
    rows = [event_row(row) for row in found if row[0] is not None]
    return found[0].state, [
        row
        for row in rows
        if (number in orders_of(row[0]) if row[0].name in OF_MANY else row[0].order_number == number)
    ]


def events(reader: Reader, number: int) -> Sequence[EventRow]:
    """Events that name an order. Raises ``UnknownOrder``."""
    return life(reader, number)[1]


def campaign(session: Session, number: int) -> Campaign | None:
    """A campaign."""
    return session.get(Campaign, number)


def campaigns(session: Session, after: int, rows: int) -> Sequence[Campaign]:
    """Campaigns by number."""
    query = select(Campaign).where(Campaign.number > after).order_by(col(Campaign.number)).limit(rows)
    return session.exec(query).all()


def person(session: Session, number: int) -> Participant | None:
    """A participant, for quotes."""
    return session.get(Participant, number)


def holder(session: Session, region: int) -> int:
    """Who protects a region; 0: nobody."""
    found = session.get(Region, region)
    return found.holder if found is not None else 0


def events_of_transaction(reader: Reader, one: MirrorTransaction) -> list[EventRow]:
    """All that a transaction told, in order."""
    query = EVENTS.where(
        ChainEvent.block_number == one.block_number,
        ChainEvent.transaction_index == one.transaction_index,
    )
    return [event_row(row) for row in reader.execute(query.order_by(col(ChainEvent.log_index)))]
