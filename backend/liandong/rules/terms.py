"""The terms of an order: what is fixed for good when it is recorded (rules § 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a sale came about."""

    RETAIL = "retail"
    CAMPAIGN = "campaign"
    STORE = "store"
    CROSS_BORDER = "cross_border"


@dataclass(frozen=True, slots=True)
class Terms:
    """All that the split of an order needs to know, whatever happens later.

    ``price`` and the costs that it carries are in minor units. ``rate`` is the seller's tier_bps on the day
    of recording (starter's where there is no seller). ``leader`` is None where the seller is a boss or
    absent; ``partner`` is a campaign's host or a store; ``holder`` protects the ship-to region, where one
    is due. The plan's version is kept with the order.
    """

    channel: Channel
    price: int
    cost: int
    fees: int
    duty: int
    insurance: int
    supplier: str
    seller: str | None
    rate: int
    leader: str | None
    partner: str | None
    holder: str | None
