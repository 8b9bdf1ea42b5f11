"""Recording an order: its checks in the order of the table, and the terms that it fixes (rules §§ 3, 4)."""

import pytest

from liandong.errors import rule_error
from liandong.rules.campaigns import CampaignKind
from liandong.rules.people import Tier
from liandong.rules.plan import SEED
from liandong.rules.terms import Channel

LIMIT = 2**48


@pytest.fixture
def busy(make_world):
    """A world in which every check of ``order`` can fail on its own."""
    world = make_world(treasury=50_000)
    world.ledger.join("ice", 0, "boss")
    world.ledger.freeze("ice")
    world.ledger.certify("amy")
    world.ledger.open_campaign("open", CampaignKind.GROUP, 2, 5)
    world.ledger.open_campaign("over", CampaignKind.PRESALE, 0, 0)
    world.ledger.advance(1)
    return world


RIGHT = {
    "retail": {},
    "campaign": {"partner": "boss", "campaign": "open"},
    "store": {"partner": "shop"},
    "cross_border": {"duty": 900, "insurance": 200},
}

# Each line of the table: what is wrong, and the error; a line earlier in the table wins over all later ones.
FAULTS = {
    "retail": [
        ({"price": 0}, "InvalidPrice"),
        ({"price": -1}, "InvalidPrice"),
        ({"fees": LIMIT}, "AmountTooLarge"),
        ({"supplier": "nobody"}, "UnknownParticipant"),
        ({"supplier": "shop"}, "WrongKind"),
        ({"supplier": "amy"}, "WrongKind"),
        ({"seller": "sup"}, "UnknownParticipant"),
        ({"seller": None}, "UnknownParticipant"),
        ({"seller": "ice"}, "AgentFrozen"),
        ({"partner": "boss"}, "WrongChannel"),
        ({"partner": "nobody"}, "WrongChannel"),
        ({"campaign": "none"}, "WrongChannel"),
        ({"duty": 1}, "WrongChannel"),
        ({"insurance": 1}, "WrongChannel"),
        ({"cost": 10_001}, "PriceBelowCost"),
        ({"price": 50_001, "cost": 0}, "InsufficientTreasury"),
    ],
    "campaign": [
        ({"supplier": "amy"}, "WrongKind"),
        ({"seller": None}, "UnknownParticipant"),
        ({"seller": "ice"}, "AgentFrozen"),
        ({"partner": None}, "UnknownParticipant"),
        ({"partner": "shop"}, "UnknownParticipant"),
        ({"campaign": None}, "UnknownCampaign"),
        ({"campaign": "none"}, "UnknownCampaign"),
        ({"campaign": "over"}, "CampaignClosed"),
        ({"duty": 1}, "WrongChannel"),
        ({"cost": 10_001}, "PriceBelowCost"),
    ],
    "store": [
        ({"seller": "shop"}, "UnknownParticipant"),
        ({"seller": "ice"}, "AgentFrozen"),
        ({"partner": None}, "UnknownParticipant"),
        ({"partner": "nobody"}, "UnknownParticipant"),
        ({"partner": "boss"}, "WrongKind"),
        ({"campaign": "open"}, "WrongChannel"),
        ({"cost": 10_001}, "PriceBelowCost"),
    ],
    "cross_border": [
        ({"price": LIMIT}, "AmountTooLarge"),
        ({"duty": LIMIT}, "AmountTooLarge"),
        ({"insurance": LIMIT}, "AmountTooLarge"),
        ({"supplier": "shop"}, "WrongKind"),
        ({"seller": "boss"}, "NotCertified"),
        ({"partner": "boss"}, "WrongChannel"),
        ({"campaign": "open"}, "WrongChannel"),
        ({"cost": 7_901}, "PriceBelowCost"),
    ],
}
ALONE = [(channel, *fault) for channel, faults in FAULTS.items() for fault in faults]
TOGETHER = [
    (channel, {**later, **first}, error)
    for channel, faults in FAULTS.items()
    for index, (first, error) in enumerate(faults)
    for later, _ in faults[index + 1 :]
    if not first.keys() & later.keys()
]


def record(world, channel, **fields):
    fields = {"price": 10_000, "cost": 4_000, "supplier": "sup", "seller": "amy", **RIGHT[channel], **fields}
    return world.ledger.order(Channel(channel), fields.pop("price"), fields.pop("supplier"), **fields)


@pytest.mark.parametrize("channel", RIGHT)
def test_what_is_right_is_recorded(busy, channel) -> None:
    assert record(busy, channel) == 1
    assert (busy.ledger.books.treasury, busy.ledger.books.escrow) == (40_000, 10_000)


@pytest.mark.parametrize(("channel", "fault", "error"), ALONE)
def test_what_is_wrong_is_refused_and_takes_no_number(busy, channel, fault, error) -> None:
    with pytest.raises(rule_error(error)):
        record(busy, channel, **fault)
    assert busy.ledger.books.escrow == 0
    assert busy.ledger.campaigns["open"].recorded == 0
    assert record(busy, channel) == 1


@pytest.mark.parametrize(("channel", "faults", "error"), TOGETHER)
def test_of_two_faults_the_earlier_in_the_table_is_named(busy, channel, faults, error) -> None:
    with pytest.raises(rule_error(error)):
        record(busy, channel, **faults)


def test_duty_of_nothing_is_no_duty_and_the_price_may_be_all_cost(busy) -> None:
    record(busy, "retail", cost=10_000, duty=0, insurance=0)
    record(busy, "cross_border", cost=7_900)


def test_a_store_may_lack_a_guide_and_a_frozen_host_is_still_one(busy) -> None:
    guideless = busy.ledger.order_numbered(record(busy, "store", seller=None))
    assert (guideless.terms.seller, guideless.terms.leader, guideless.terms.rate) == (None, None, 2000)
    assert guideless.lines.store == 2000
    record(busy, "campaign", partner="ice")


def test_a_host_who_sells_is_no_host(busy) -> None:
    number = record(busy, "campaign", partner="amy")
    assert "host" not in busy.ledger.order_numbered(number).lines.not_zero()


def test_terms_are_fixed_when_recorded(busy) -> None:
    number = record(busy, "retail")
    before = busy.ledger.order_numbered(number).lines
    busy.ledger.publish_plan(SEED.changed({"tier_bps": [0] * 5, "team_bps": 0}))
    busy.ledger.people.agent("amy").tier = Tier.DIAMOND
    busy.ledger.people.agent("amy").leader = None
    assert busy.ledger.order_numbered(number).lines == before


@pytest.mark.parametrize(
    ("seller", "region", "paid"),
    [
        ("far", 310000, True),
        ("amy", 310000, False),
        ("boss", 310000, False),
        ("far", 0, False),
        ("far", 440100, False),
    ],
)
def test_a_regions_holder_is_paid_for_sales_from_elsewhere_only(busy, seller, region, paid) -> None:
    busy.ledger.join("far", 510100, "boss")
    busy.ledger.people.agent("boss").tier = Tier.SILVER
    busy.ledger.protect_region(310000, "boss")
    number = record(busy, "retail", seller=seller, region=region)
    assert busy.ledger.order_numbered(number).terms.holder == ("boss" if paid else None)


def test_only_retail_has_regions(busy) -> None:
    busy.ledger.join("far", 510100, "boss")
    busy.ledger.people.agent("boss").tier = Tier.SILVER
    busy.ledger.protect_region(310000, "boss")
    number = record(busy, "campaign", seller="far", region=310000)
    assert busy.ledger.order_numbered(number).terms.holder is None


@pytest.mark.parametrize("cost", [-1])
def test_negative_costs_are_no_matter_of_the_rules(busy, cost) -> None:
    with pytest.raises(ValueError, match="never negative"):
        record(busy, "retail", cost=cost)


@pytest.mark.parametrize(
    ("tier", "region", "holder", "error"),
    [
        ("SILVER", 310000, "sup", "UnknownParticipant"),
        ("BRONZE", 310000, "boss", "TierTooLow"),
        ("BRONZE", 440100, "boss", "TierTooLow"),
        ("DIAMOND", 440100, "boss", "RegionTaken"),
        ("GOLD", 510100, "boss", "RegionMismatch"),
        ("GOLD", 0, "boss", "RegionMismatch"),
        ("GOLD", 0, "rootless", "RegionMismatch"),
    ],
)
def test_what_regions_are_not_protected(busy, tier, region, holder, error) -> None:
    for id, own in (("other", 440100), ("rootless", 0)):
        busy.ledger.join(id, own, "boss")
        busy.ledger.people.agent(id).tier = Tier.SILVER
    busy.ledger.protect_region(440100, "other")
    busy.ledger.people.agent("boss").tier = Tier[tier]
    with pytest.raises(rule_error(error)):
        busy.ledger.protect_region(region, holder)


def test_a_released_region_is_free_again(busy) -> None:
    busy.ledger.people.agent("boss").tier = Tier.SILVER
    busy.ledger.protect_region(310000, "boss")
    busy.ledger.release_region(310000)
    with pytest.raises(rule_error("RegionFree")):
        busy.ledger.release_region(310000)
    busy.ledger.protect_region(310000, "boss")


def test_campaigns_are_opened_once(busy) -> None:
    with pytest.raises(rule_error("CampaignExists")):
        busy.ledger.open_campaign("open", CampaignKind.GROUP, 0)
    with pytest.raises(rule_error("InvalidAmount")):
        busy.ledger.open_campaign("new", CampaignKind.GROUP, 0, 3)
    busy.ledger.open_campaign("new", CampaignKind.PRESALE, 0, 3)
