"""Joining, leaders, levels, activity, tiers, leaving with the team staying (rules § 1)."""

from itertools import pairwise

import pytest

from liandong.errors import AgentFrozen, AlreadyRegistered, TeamTooDeep, UnknownParticipant
from liandong.rules.people import Agent, Tier, tier_reached
from liandong.rules.plan import SEED


def place(world, id):
    agent = world.ledger.people.agent(id)
    return agent.leader, agent.level


def counts(world, id):
    agent = world.ledger.people.agent(id)
    return agent.active_directs, agent.team_active, agent.tier.name


def test_the_leader_is_the_introducer_or_the_one_above_if_a_boss(world) -> None:
    world.ledger.join("bob", 0, "amy")
    assert place(world, "boss") == (None, 1)
    assert place(world, "amy") == ("boss", 2)
    assert place(world, "bob") == ("boss", 3)
    with pytest.raises(TeamTooDeep):
        world.ledger.join("cid", 0, "bob")


def test_a_leader_is_fixed_at_joining_whoever_leaves_later(world) -> None:
    world.ledger.join("bob", 0, "amy")
    world.ledger.join("bea", 0, "amy")
    world.sold("bob")
    assert place(world, "amy") == ("boss", 2)
    world.sold("bea")
    assert place(world, "amy") == (None, 1)
    assert place(world, "bob") == place(world, "bea") == ("boss", 3)
    world.ledger.join("ben", 0, "amy")
    world.ledger.join("cid", 0, "bob")
    assert place(world, "ben") == ("amy", 2)
    assert place(world, "cid") == ("amy", 3)
    assert world.ledger.people.agent("amy").introducer == "boss"


def test_leaving_looks_at_the_plan_in_force_when_the_count_rises(world) -> None:
    for id in ("bob", "bea", "ben"):
        world.ledger.join(id, 0, "amy")
    world.sold("bob")
    world.ledger.publish_plan(SEED.changed({"promotion_directs": 3}))
    world.sold("bea")
    world.ledger.publish_plan(SEED.changed({"promotion_directs": 1}))
    assert place(world, "amy") == ("boss", 2)
    world.sold("bob")
    assert place(world, "amy") == ("boss", 2)
    world.sold("ben")
    assert place(world, "amy") == (None, 1)


def test_an_active_agent_counts_for_three_introducers_above(make_world) -> None:
    world = make_world(SEED.changed({"promotion_directs": 1}))
    above = ["boss", "amy", "bob", "cid", "dan"]
    for introducer, agent in pairwise(above[1:]):
        world.ledger.join(agent, 0, introducer)
        world.sold(agent)
    # bob counted for amy, boss; cid for bob, amy, boss; dan for cid, bob, amy and no longer for boss.
    assert [counts(world, id)[:2] for id in above] == [(0, 2), (1, 3), (1, 2), (1, 1), (0, 0)]


@pytest.mark.parametrize(
    ("price", "refunded", "active"), [(4999, 0, False), (5000, 0, True), (6000, 1001, False)]
)
def test_active_by_the_net_price_of_a_settled_order(world, price, refunded, active) -> None:
    number = world.sell("amy", price)
    if refunded:
        world.ledger.refund(number, refunded)
    assert not world.ledger.people.agent("amy").active
    world.settle(number)
    assert world.ledger.people.agent("amy").active is active


def test_activity_price_is_of_the_plan_that_the_order_was_recorded_under(world) -> None:
    number = world.sell("amy", 4999)
    world.ledger.publish_plan(SEED.changed({"activity_price": 1}))
    world.settle(number)
    assert not world.ledger.people.agent("amy").active


def test_activity_stays_after_refunds_and_counts_once(world) -> None:
    first = world.sold("amy")
    world.sold("amy")
    world.ledger.refund(first, 10_000)
    assert world.ledger.people.agent("amy").active
    assert counts(world, "boss")[:2] == (1, 1)


@pytest.mark.parametrize(
    ("directs", "team", "tier"),
    [
        (4, 29, Tier.STARTER),
        (5, 0, Tier.BRONZE),
        (0, 30, Tier.SILVER),
        (9, 99, Tier.SILVER),
        (0, 100, Tier.GOLD),
        (0, 500, Tier.DIAMOND),
    ],
)
def test_tiers_by_their_own_conditions(directs, team, tier) -> None:
    agent = Agent("amy", 0, None, None, active_directs=directs, team_active=team)
    assert tier_reached(agent, SEED) is tier


def test_the_highest_tier_counts_even_if_a_lower_one_asks_for_more() -> None:
    plan = SEED.changed({"diamond_team": 1, "gold_team": 50})
    assert tier_reached(Agent("amy", 0, None, None, team_active=1), plan) is Tier.DIAMOND


def test_a_tier_never_falls_and_comes_with_the_plan_in_force(make_world) -> None:
    low = SEED.changed({"gold_team": 1})
    world = make_world(low)
    world.ledger.join("ann", 0, "boss")
    world.sold("amy")
    assert counts(world, "boss") == (1, 1, "GOLD")
    world.ledger.publish_plan(SEED)
    world.sold("ann")
    assert counts(world, "boss") == (2, 2, "GOLD")


def test_nobody_joins_twice_or_under_an_accounts_name(world) -> None:
    for id in ("amy", "sup", "shop", "platform", "treasury", "support"):
        with pytest.raises(AlreadyRegistered):
            world.ledger.join(id, 0, "boss")


def test_who_cannot_introduce(world) -> None:
    world.ledger.freeze("amy")
    with pytest.raises(AgentFrozen):
        world.ledger.join("bob", 0, "amy")
    for nobody in ("sup", "shop", "nobody", "platform"):
        with pytest.raises(UnknownParticipant):
            world.ledger.join("bob", 0, nobody)
    assert world.ledger.people.kind("bob") is None
