"""One order, batch or account with everything that bears on it, for whoever takes it apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from liandong.audit.views import Views
from liandong.chain.state_words import FIRST_PARTICIPANT
from liandong.db.money import Account
from liandong.db.orders import OrderBatch, SalesOrder
from liandong.db.people import Participant
from liandong.db.session import Database
from liandong.errors import UnknownOrder, UnknownParticipant
from liandong.http.context import Context
from liandong.http.errors import NotReady
from liandong.mirror.events import PAYMENTS
from liandong.orders import repository
from liandong.orders.reckoning import Reckoning, reckoning
from liandong.orders.repository import EventRow
from liandong.payouts import statements
from liandong.plans.repository import plan_of
from liandong.transactions.repository import cursor


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """An order, its batch, its events, and how its lines come about.

    ``settling``: at the net price at which it settled or will; ``now``: at the present one, where later
    refunds made it another. ``paid``: by line, what events told of it.
    """

    row: SalesOrder
    batch: OrderBatch
    events: Sequence[EventRow]
    settling: Reckoning | None
    now: Reckoning | None
    paid: dict[str, int]
    settles_from: int | None


def order(session: Session, number: int) -> WholeOrder:
    """An order. Raises ``UnknownOrder``."""
    row = repository.get(session, number)
    batch = session.get(OrderBatch, row.batch_first)
    if batch is None:
        raise UnknownOrder(f"{number}: its batch is not in the mirror")
    events, plan, terms = (
        repository.events(session, number),
        plan_of(session, row.plan),
        repository.terms(row),
    )
    paid: Counter[str] = Counter()
    before, settled = 0, False
    for event, _, _ in events:
        settled |= event.name in PAYMENTS or event.name == "OrdersSettled"
        if event.name in PAYMENTS:
            paid[PAYMENTS[event.name]] += event.amount or 0
        elif event.name == "OrderRefunded" and not settled:
            before += event.amount or 0
    paying = row.state in ("recorded", "settled")
    return WholeOrder(
        row, batch, events, reckoning(replace(terms, refunded=before), plan) if paying else None,
        reckoning(terms, plan) if paying and before != row.refunded else None, dict(paid),
        None if row.delivered_on is None else row.delivered_on + plan.return_days + 1,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WholeBatch:
    """A batch; ``commitment`` is made of the mirror's orders, ``on_chain`` is what the contract stores."""

    row: OrderBatch
    orders: Sequence[SalesOrder]
    root: str
    commitment: str
    on_chain: str
    deliveries: list[tuple[int, int]]
    """Days of delivery, and how many orders arrived on each."""


def batch(context: Context, first: int) -> WholeBatch:
    """A batch by its first order. Raises ``UnknownOrder``, and chain errors."""
    with context.database.read() as session:
        row = session.get(OrderBatch, first)
        if row is None:
            raise UnknownOrder(f"no batch begins with order {first}")
        found = repository.batch(session, first)
        query = select(SalesOrder).where(SalesOrder.batch_first == first)
        orders = session.exec(query.order_by(col(SalesOrder.number))).all()
        at = cursor(session)
    if at is None:
        raise NotReady("the mirror has not begun")
    words = Views(context.node(), context.deployment, at.block_number).words([("batch", first)])[0]
    days = Counter(one.delivered_on for one in orders if one.delivered_on is not None)
    return WholeBatch(
        row, orders, "0x" + found.tree.root.hex(), "0x" + found.commitment.hex(), f"0x{words[0]:064x}",
        sorted(days.items()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WholeAccount:
    """An account as it is, and what its entries come to, entry by entry and balance by balance."""

    row: Account
    owner: Participant | None
    sums: dict[str, dict[str, int]]
    totals: dict[str, int]

    @property
    def agrees(self) -> bool:
        """Whether the entries come to what the account has; which of its balances paid is not told."""
        has = self.totals.get("available", 0) + self.totals.get("deposit", 0)
        return has == self.row.available + self.row.deposit and self.totals.get("debt", 0) == self.row.debt

    @property
    def is_brands(self) -> bool:
        """One of the brand's own: what is paid into those is told in sum for many orders."""
        return self.row.number < FIRST_PARTICIPANT


def account(database: Database, number: int) -> WholeAccount:
    """An account. Raises ``UnknownParticipant``."""
    with database.read() as session:
        owner, row = session.get(Participant, number), session.get(Account, number)
        if row is None and owner is None and number not in range(1, 6):
            raise UnknownParticipant(f"account {number}")
        found = statements.sums(session, number)
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    totals: dict[str, int] = defaultdict(int)
    for (entry, into), amount in found.items():
        sums[entry][into] = amount
        totals[into] += amount
    return WholeAccount(row or Account(number=number), owner, sums, totals)
