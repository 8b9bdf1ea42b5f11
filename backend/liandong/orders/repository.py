"""Reads orders from the mirror, and requests about them from the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from liandong.chain.deliveries import words_of
from liandong.chain.orders import Batch
from liandong.chain.words import TermsOnRecord
from liandong.db.chain import ChainEvent, MirrorBlock, MirrorTransaction
from liandong.db.orders import Campaign, PlanVersion, SalesOrder
from liandong.db.outbox import OutboxRequest
from liandong.db.people import Participant, Region
from liandong.errors import UnknownOrder
from liandong.mirror.many_orders import OF_MANY, orders_of

EventRow = tuple[ChainEvent, str | None, int | None]
"""An event, its transaction's hash, its block's time."""


def get(session: Session, number: int) -> SalesOrder:
    """An order. Raises ``UnknownOrder``."""
    found = session.get(SalesOrder, number)
    if found is None:
        raise UnknownOrder(str(number))
    return found


_WHOLE = (
    select(SalesOrder, PlanVersion.parameters, OutboxRequest.key, OutboxRequest.caller)
    .join(PlanVersion, col(PlanVersion.version) == SalesOrder.plan)
    .outerjoin(
        OutboxRequest,
        (col(OutboxRequest.order_number) == SalesOrder.number)
        & (col(OutboxRequest.kind) == "order")
        & col(OutboxRequest.state).in_(("mined", "final")),
    )
    .where(SalesOrder.number == bindparam("number"))
)


def whole(session: Session, number: int) -> tuple[SalesOrder, str, str | None, str | None]:
    """An order, its plan's parameters, and key and caller of the request that recorded it, if one did.

    Raises ``UnknownOrder``.
    """
    found = session.exec(_WHOLE, params={"number": number}).first()
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


def terms(row: SalesOrder) -> TermsOnRecord:
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


_RECORDING = select(OutboxRequest).where(
    OutboxRequest.kind == "order", OutboxRequest.order_number == bindparam("number"),
    col(OutboxRequest.state).in_(("mined", "final")),
)  # fmt: skip
_ABOUT = (
    select(OutboxRequest)
    .where(
        or_(
            col(OutboxRequest.subject).in_((bindparam("order"), bindparam("request"))),
            col(OutboxRequest.id) == bindparam("recorder"),
        )
    )
    .order_by(col(OutboxRequest.id))
)


def recording_request(session: Session, number: int) -> OutboxRequest | None:
    """The request that recorded an order; none where it was recorded otherwise."""
    return session.exec(_RECORDING, params={"number": number}).first()


def requests_about(session: Session, number: int, recorder: OutboxRequest | None) -> Sequence[OutboxRequest]:
    """Requests about an order, in the order of their coming."""
    id_ = recorder.id if recorder is not None else 0  # ids begin with 1
    named = {"order": f"order:{number}", "request": f"request:{id_}", "recorder": id_}
    return session.exec(_ABOUT, params=named).all()


def with_transactions(query: Any) -> Any:
    """A query for events, with each one's transaction's hash and its block's time."""
    return (
        query.add_columns(MirrorTransaction.hash, MirrorBlock.timestamp)
        .outerjoin(
            MirrorTransaction,
            (col(MirrorTransaction.block_number) == ChainEvent.block_number)
            & (col(MirrorTransaction.transaction_index) == ChainEvent.transaction_index),
        )
        .outerjoin(MirrorBlock, col(MirrorBlock.number) == ChainEvent.block_number)
    )


_EVENTS = with_transactions(
    select(ChainEvent)
    .where(col(ChainEvent.order_number).in_((bindparam("number"), bindparam("first"))))
    .order_by(col(ChainEvent.block_number), col(ChainEvent.log_index))
)


def events(session: Session, number: int) -> Sequence[EventRow]:
    """Events that name an order, alone or among others of its batch, in their order."""
    named = {"number": number, "first": get(session, number).batch_first}
    found: list[EventRow] = [tuple(row) for row in session.execute(_EVENTS, named)]
    return [
        row
        for row in found
        if (number in orders_of(row[0]) if row[0].name in OF_MANY else row[0].order_number == number)
    ]


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


def events_of_transaction(session: Session, one: MirrorTransaction) -> list[EventRow]:
    """All that a transaction told, in order."""
    query = select(ChainEvent).where(
        ChainEvent.block_number == one.block_number,
        ChainEvent.transaction_index == one.transaction_index,
    )
    found = session.execute(with_transactions(query.order_by(col(ChainEvent.log_index))))
    return [tuple(row) for row in found]
