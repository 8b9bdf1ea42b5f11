"""The two words of an order's terms, packed and unpacked (contracts/types/Terms.sol; rules § 3).

``amounts``, from the lowest bit: price 48 | cost 48 | fees 48 | duty 48 | insurance 48 | channel 8.
``parties``: seller 32 | supplier 32 | partner 32 | campaign 32 | leader 32 | refunded 48 | rate 16 |
plan 16 | day 16. What is given to record an order has the ship-to region in place of the leader.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liandong.errors import AmountTooLarge

MAX_AMOUNT = 2**48 - 1
MAX_NUMBER = 2**32 - 1
MAX_SMALL = 2**16 - 1

RETAIL, CAMPAIGN, STORE, CROSS_BORDER = range(4)
CHANNELS = ("retail", "campaign", "store", "cross_border")
"""Channel names by their numbers on chain."""


@dataclass(frozen=True, slots=True)
class OrderInput:
    """An order as the mall knows it, before the contract fixes its terms.

    Amounts are minor units; seller, supplier, partner and campaign are numbers on chain, 0 for none.
    """

    channel: int
    price: int
    supplier: int
    cost: int = 0
    fees: int = 0
    duty: int = 0
    insurance: int = 0
    seller: int = 0
    partner: int = 0
    campaign: int = 0
    region: int = 0

    def words(self) -> tuple[int, int]:
        """What ``recordOrders`` takes. Raises ``AmountTooLarge`` for an amount of 2^48 or more.

        An order whose price is not above 0 is packed with price 0: the contract refuses it with
        ``InvalidPrice``, which the rules check first.
        """
        amounts = (self.price, self.cost, self.fees, self.duty, self.insurance)
        if self.price <= 0:
            amounts = (0, *(min(max(one, 0), MAX_AMOUNT) for one in amounts[1:]))
        parties = (self.seller, self.supplier, self.partner, self.campaign, self.region)
        return _packed(amounts, 48) | self.channel << 240, _packed(parties, 32)


@dataclass(frozen=True, slots=True)
class TermsOnRecord:
    """An order's terms as they are on record, and how much of it was refunded.

    ``partner`` is a campaign's host, a store, or the holder of a retail order's region. ``day`` is the day
    of recording, ``plan`` the plan version.
    """

    channel: int
    price: int
    cost: int
    fees: int
    duty: int
    insurance: int
    seller: int
    supplier: int
    partner: int
    campaign: int
    leader: int
    rate_bps: int
    plan: int
    day: int
    refunded: int = 0

    @classmethod
    def from_words(cls, amounts: int, parties: int) -> TermsOnRecord:
        """Unpacks the words of a recorded order."""
        price, cost, fees, duty, insurance = ((amounts >> 48 * place) & MAX_AMOUNT for place in range(5))
        seller, supplier, partner, campaign, leader = (
            (parties >> 32 * place) & MAX_NUMBER for place in range(5)
        )
        return cls(
            channel=amounts >> 240, price=price, cost=cost, fees=fees, duty=duty, insurance=insurance,
            seller=seller, supplier=supplier, partner=partner, campaign=campaign, leader=leader,
            rate_bps=(parties >> 208) & MAX_SMALL, plan=(parties >> 224) & MAX_SMALL, day=parties >> 240,
            refunded=(parties >> 160) & MAX_AMOUNT,
        )  # fmt: skip

    def words(self) -> tuple[int, int]:
        """The two words that the order's leaf is made of. Raises ``AmountTooLarge``."""
        amounts = _packed((self.price, self.cost, self.fees, self.duty, self.insurance), 48)
        parties = _packed((self.seller, self.supplier, self.partner, self.campaign, self.leader), 32)
        small = _packed((self.rate_bps, self.plan, self.day), 16)
        refunded = _packed((self.refunded,), 48)
        return amounts | self.channel << 240, parties | refunded << 160 | small << 208


REFUNDED_UNIT = 1 << 160
"""One minor unit of ``refunded`` in the parties' word."""


def net_of(amounts: int, parties: int) -> int:
    """Price less refunds, in minor units."""
    return (amounts & MAX_AMOUNT) - ((parties >> 160) & MAX_AMOUNT)


def _packed(values: Iterable[int], bits: int) -> int:
    """Values beside each other, the first one lowest. Raises ``AmountTooLarge``."""
    packed = place = 0
    for value in values:
        if value >> bits:  # one below 0 leaves -1
            raise AmountTooLarge(f"{value}, the limit is {(1 << bits) - 1}")
        packed |= value << place
        place += bits
    return packed
