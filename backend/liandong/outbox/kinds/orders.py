"""Bodies of requests about orders and campaigns (rules §§ 3, 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from liandong.chain.selections import deliveries, proved, selections
from liandong.chain.words import CAMPAIGN, CROSS_BORDER, OrderInput
from liandong.outbox.kinds.body import (
    MOST_ORDERS,
    NO_REASON,
    Amount,
    Body,
    Bytes32,
    ContractCall,
    Number,
    OrderNumber,
    Scene,
    raw,
)


class AboutOrder(Body):
    """A body about one order: by its number on chain, or by the request that records it."""

    order: OrderNumber | None = None
    order_request: Annotated[int, Field(gt=0, lt=2**63)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> AboutOrder:
        if (self.order is None) == (self.order_request is None):
            raise ValueError("give either order or order_request")
        return self

    def subject(self) -> str | None:
        return f"order:{self.order}" if self.order is not None else f"request:{self.order_request}"


class Order(Body):
    """Records an order (rules § 4). Channels: 0 retail, 1 campaign, 2 store, 3 cross-border."""

    role: ClassVar[str] = "operator"
    most: ClassVar[int] = MOST_ORDERS

    channel: Annotated[int, Field(ge=0, le=3)]
    price: Amount
    supplier: Number
    cost: Amount = 0
    fees: Amount = 0
    duty: Amount = 0
    insurance: Amount = 0
    seller: Number = 0
    partner: Number = 0
    campaign: Number = 0
    region: Number = 0

    def waits_on(self) -> str | None:
        if self.channel == CAMPAIGN:
            return f"campaign:{self.campaign}"
        return f"participant:{self.seller}" if self.channel == CROSS_BORDER else None

    def parts(self, order: int | None) -> list[Any]:
        """The order's two words. Raises ``AmountTooLarge``."""
        given = OrderInput(
            channel=self.channel, price=self.price, supplier=self.supplier, cost=max(self.cost, 0),
            fees=max(self.fees, 0), duty=max(self.duty, 0), insurance=max(self.insurance, 0),
            seller=self.seller, partner=self.partner, campaign=self.campaign, region=self.region,
        )  # fmt: skip
        return [given.words()]

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        return "Settlement", "recordOrders", (scene.first, [word for words in parts for word in words])


class _OneOfMany(AboutOrder):
    most: ClassVar[int] = 250
    proves: ClassVar[bool] = True

    def parts(self, order: int | None) -> list[Any]:
        return [order]


class Deliver(_OneOfMany):
    """Puts the day on which it is mined on record as the order's day of delivery."""

    role: ClassVar[str] = "operator"
    changes: ClassVar[bool] = True

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        return "Settlement", "deliver", (deliveries(scene.book, parts, scene.today),)


class Void(_OneOfMany):
    """Gives an order's escrow back to the treasury."""

    role: ClassVar[str] = "anyone"

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        return "Settlement", "voidOrders", (selections(scene.book, parts),)


class Settle(Body):
    """Settles orders. Those that the chain refuses are left out and told in the result."""

    role: ClassVar[str] = "anyone"
    most: ClassVar[int] = 250
    proves: ClassVar[bool] = True

    orders: Annotated[list[OrderNumber], Field(min_length=1, max_length=250)]

    def parts(self, order: int | None) -> list[Any]:
        return list(dict.fromkeys(self.orders))

    @classmethod
    def call(cls, parts: Sequence[Any], scene: Scene) -> ContractCall:
        return "Settlement", "settle", (selections(scene.book, parts),)


class PayBalance(AboutOrder):
    """The balance of a presale order was paid."""

    role: ClassVar[str] = "operator"
    proves: ClassVar[bool] = True

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "payBalance", proved(scene.book, order or 0)


class Refund(AboutOrder):
    """Refunds a part of an order's price, or what is left of it."""

    role: ClassVar[str] = "operator"
    proves: ClassVar[bool] = True
    changes: ClassVar[bool] = True

    amount: Amount
    receipt: Bytes32 = NO_REASON

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        entry, *proof = proved(scene.book, order or 0)
        return "refund", (entry, raw(self.receipt), max(self.amount, 0), *proof)


class Hold(AboutOrder):
    """Holds an order."""

    role: ClassVar[str] = "operator"

    reason: Bytes32 = NO_REASON

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "hold", (order, raw(self.reason))


class Release(AboutOrder):
    """Ends a hold."""

    role: ClassVar[str] = "risk"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        return "release", (order,)


class Compensate(AboutOrder):
    """Pays from protection into the treasury, for an order's buyer."""

    role: ClassVar[str] = "operator"
    proves: ClassVar[bool] = True

    amount: Amount

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        entry, *proof = proved(scene.book, order or 0)
        return "compensate", (entry, max(self.amount, 0), *proof)


class InsuranceClaim(AboutOrder):
    """Pays a cross-border seller for a duty loss."""

    role: ClassVar[str] = "operator"
    proves: ClassVar[bool] = True

    loss: Amount

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        entry, *proof = proved(scene.book, order or 0)
        return "claimInsurance", (entry, max(self.loss, 0), *proof)


class OpenCampaign(Body):
    """Opens a group buy (``target`` orders wanted) or a live presale, under a number of one's choice."""

    role: ClassVar[str] = "operator"

    type: Literal["group_buy", "presale"]
    campaign: Number
    days: Annotated[int, Field(ge=0, lt=2**32)]
    target: Amount = 0

    def subject(self) -> str | None:
        return f"campaign:{self.campaign}"

    def one(self, scene: Scene, order: int | None) -> tuple[str, tuple[Any, ...]]:
        if self.type == "presale":
            return "openPresale", (self.campaign, self.days)
        return "openGroupBuy", (self.campaign, max(self.target, 0), self.days)
