"""Orders as the API takes them and shows them. Amounts are minor units."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from liandong.chain.words import CHANNELS
from liandong.db.orders import SalesOrder
from liandong.participants.schemas import Amount, Body, Bytes32, Number, RegionNumber
from liandong.transactions.schemas import EXPLORER, Rejection, RequestView

Channel = Literal["retail", "campaign", "store", "cross_border"]
State = Literal["recorded", "settled", "refunded", "void"]
OrderPath = Annotated[int, Path(ge=1, lt=2**40, description="The order's number on chain.", examples=[1])]
OrderNumber = Annotated[int, Field(strict=True, ge=1, lt=2**40, examples=[1])]
MallId = Annotated[
    str, StringConstraints(pattern=r"^[\x21-\x7e]{1,120}$"),
    Field(description="The mall's id of the order; also the idempotency key.", examples=["M-2026-000017"]),
]  # fmt: skip
CampaignNumber = Annotated[int, Field(strict=True, ge=1, lt=2**32, examples=[7])]


class Sale(Body):
    """A paid sale as the mall knows it. Which fields a channel has, rules § 3 say."""

    channel: Channel
    price: Annotated[int, Field(strict=True, gt=-(2**63), lt=2**63, examples=[19900])]
    supplier: Number
    cost: Amount = 0
    fees: Amount = 0
    duty: Amount = 0
    insurance: Amount = 0
    seller: Number | None = None
    partner: Number | None = Field(default=None, description="A campaign's host, or a store.")
    campaign: CampaignNumber | None = None
    region: RegionNumber = 0

    def outbox_body(self) -> dict[str, Any]:
        """As the outbox takes it: 0 for nobody."""
        values = self.model_dump(exclude={"order_id"}) | {"channel": CHANNELS.index(self.channel)}
        return {name: 0 if value is None else value for name, value in values.items()}


class NewOrder(Sale):
    """A sale to be recorded."""

    order_id: MallId


class OrderOutcome(BaseModel):
    """What became of one order of many: its request, or why there is none."""

    order_id: str | None
    accepted: bool
    request: RequestView | None = None
    error: Rejection | None = None


class BulkOutcome(BaseModel):
    """Each order's own result, in the order given."""

    accepted: int
    refused: int
    items: list[OrderOutcome]


class OrderList(Body):
    """Orders by number, or by the mall's ids (also of orders that are still on their way)."""

    orders: list[OrderNumber] = Field(default=[], max_length=1000)
    order_ids: list[MallId] = Field(default=[], max_length=1000)


class Settlement(Body):
    """Orders to be settled now; those that cannot be are left out, and told in the request's result."""

    orders: list[OrderNumber] = Field(min_length=1, max_length=250)


class ItemOutcome(BaseModel):
    """What became of one order of a list."""

    order: int | None = None
    order_id: str | None = None
    accepted: bool
    request: RequestView | None = None
    error: Rejection | None = None


class ListOutcome(BaseModel):
    """Each order's own result, in the order given: first those by number."""

    items: list[ItemOutcome]


class Refund(Body):
    """A refund of a part of the price, or of what is left of it."""

    amount: Amount
    receipt: Bytes32 = "0x" + "00" * 32


class Compensation(Body):
    """What the protection account pays for the buyer."""

    amount: Amount


class Loss(Body):
    """A duty loss that the insurance answers for."""

    loss: Amount


class LineView(BaseModel):
    """One line of the split: which rule, how much, to whom (`account`, null where it is a pool)."""

    line: str = Field(examples=["direct"])
    rule: str = Field(examples=["直推 direct: the seller's share"])
    amount: int
    account: int | None
    pool: Literal["support", "dividend"] | None = None


class TermsView(BaseModel):
    """An order's terms, fixed for good when it is recorded."""

    channel: Channel
    price: int
    cost: int
    fees: int
    duty: int
    insurance: int
    seller: int | None
    supplier: int
    partner: int | None
    campaign: int | None
    leader: int | None
    rate_bps: int
    plan: int
    day: int


class QuoteView(BaseModel):
    """What an order would pay, to whom, by which line, were it recorded now. The lines sum to the price."""

    terms: TermsView
    lines: list[LineView]


class OrderView(BaseModel):
    """An order as it is now. Days count from deployment."""

    number: int
    state: State
    order_id: str | None = None
    terms: TermsView
    refunded: int
    lines: list[LineView] = Field(description="What it pays at its present net price.")
    delivered_on: int | None
    settles_from: int | None = Field(description="First day after the return window.")
    settled_on: int | None
    held: bool
    balance_paid: bool
    compensated: int
    insurance_claimed: bool


class OrderRow(BaseModel):
    """An order in a list."""

    number: int
    state: State
    channel: Channel
    price: int
    refunded: int
    seller: int | None
    supplier: int
    day: int
    delivered_on: int | None
    settled_on: int | None
    held: bool

    @classmethod
    def of(cls, row: SalesOrder) -> OrderRow:
        """From its row."""
        return cls(
            number=row.number, state=row.state, channel=CHANNELS[row.channel], price=row.price,
            refunded=row.refunded, seller=row.seller or None, supplier=row.supplier, day=row.day,
            delivered_on=row.delivered_on, settled_on=row.settled_on, held=row.held,
        )  # fmt: skip


class EventView(BaseModel):
    """An event that the contract told, and the transaction that it is in."""

    event: str
    block: int
    log_index: int
    at: int | None = Field(description="Unix seconds of its block.")
    transaction: str | None
    explorer: str | None = Field(default=None, description=EXPLORER)
    order: int | None = Field(default=None, description="The order, or the first of a batch's.")
    account: int | None = None
    amount: int | None = None
    detail: dict[str, Any] | None = None


class OrderHistory(BaseModel):
    """An order's whole life: what was asked for, and what the chain told, in order."""

    number: int
    state: State
    requests: list[RequestView]
    events: list[EventView]
