"""What the rules come to, from a replay of the logs, by the names that all sources share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from liandong.audit.names import POOLS, Source, day, named, parameter
from liandong.audit.replay import Replay, Touched, name_of
from liandong.chain.batch_tree import commitment
from liandong.chain.deliveries import words_of
from liandong.chain.plan_parameters import FIELDS
from liandong.mirror.order_events import CHANNELS
from liandong.rules.orders import Order


def totals(r: Replay) -> Source:
    """Rules § 6.1, and what else there is once."""
    books = r.state.books
    return named(
        "book",
        {
            "treasury": books.treasury, "escrow": books.escrow, "tokens_in": books.tokens_in,
            "tokens_out": books.tokens_out, "orders": len(r.state.orders),
            "last_participant": 15 + len(r.kinds), "plan": r.version, "paused": r.paused,
            "months_closed": r.clocks["support"][0], "month_closed_on": r.clocks["support"][1],
            "years_closed": r.clocks["dividend"][0], "year_closed_on": r.clocks["dividend"][1],
        },
    )  # fmt: skip


def accounts(r: Replay, numbers: Iterable[int]) -> Source:
    """Accounts and, where they have one, their owners."""
    found: Source = {}
    for number in numbers:
        name = name_of(number)
        if name in r.state.books.accounts:
            one = r.state.books.accounts[name]
            values = {
                "available": one.available, "withdrawn": one.withdrawn, "deposit": one.deposit,
                "debt": one.debt, "locked_until": r.state.books.deposit_locked_until.get(name, 0),
            }  # fmt: skip
            found |= named(f"account {number}", values)
        if number in r.kinds:
            found |= named(f"participant {number}", _participant(r, number))
    return found


def _participant(r: Replay, number: int) -> dict[str, Any]:
    values = {
        "kind": r.kinds[number], "wallet": r.wallet_of[number], "introducer": 0, "leader": 0, "region": 0,
        "tier": 0, "active": False, "active_directs": 0, "team_active": 0, "frozen": False,
        "certified": False, "joined_on": r.joined[number][0], "joined_block": r.joined[number][1],
    }  # fmt: skip
    if values["kind"] == "agent":
        agent = r.state.people.agent(str(number))
        values |= {
            "introducer": int(agent.introducer or 0), "leader": int(agent.leader or 0),
            "region": agent.region, "tier": int(agent.tier), "active": agent.active,
            "active_directs": agent.active_directs, "team_active": agent.team_active,
            "frozen": agent.frozen, "certified": agent.certified,
        }  # fmt: skip
    return values


def places(r: Replay, numbers: Iterable[int]) -> Source:
    """Who stands one, two and three introductions above agents."""
    found: Source = {}
    for number in numbers:
        if r.kinds.get(number) == "agent":
            above = dict(zip(("first", "second", "third"), _above(r, number), strict=True))
            found |= named(f"team place {number}", above)
    return found


def _above(r: Replay, agent: int) -> tuple[int, int, int]:
    """0: nobody."""
    found, at = [0, 0, 0], agent
    for level in range(3):
        introducer = r.state.people.agent(str(at)).introducer
        if introducer is None:
            break
        found[level] = at = int(introducer)
    return found[0], found[1], found[2]


TeamCounts = dict[int, dict[tuple[int, int], list[int]]]
"""By agent, then by level below it and tier: how many, and how many of them are active."""


def team_counts(r: Replay) -> TeamCounts:
    """Of all teams (rules § 1)."""
    counts: TeamCounts = {}
    for number, kind in r.kinds.items():
        if kind != "agent":
            continue
        agent = r.state.people.agent(str(number))
        for level, above in enumerate(_above(r, number), start=1):
            if above:
                one = counts.setdefault(above, {}).setdefault((level, int(agent.tier)), [0, 0])
                one[0] += 1
                one[1] += agent.active
    return counts


def teams(counts: TeamCounts, agents: Iterable[int]) -> Source:
    """Of these agents; who has no team is left out."""
    found: Source = {}
    for agent in agents:
        for (level, tier), (members, active) in counts.get(agent, {}).items():
            values = {"members": members, "active": active}
            found |= named(f"team of {agent} level {level} tier {tier}", values)
    return found


def orders(r: Replay, numbers: Iterable[int]) -> Source:
    """Terms and state."""
    found: Source = {}
    for number in numbers:
        found |= named(f"order {number}", _order(r, r.state.order_numbered(number)))
    return found


def _order(r: Replay, order: Order) -> dict[str, Any]:
    terms, number = order.terms, order.number
    batch = r.book.batch_of(number)
    assert batch is not None
    return {
        "batch_first": batch.first, "channel": CHANNELS.index(terms.channel), "price": terms.price,
        "cost": terms.cost, "fees": terms.fees, "duty": terms.duty, "insurance": terms.insurance,
        "seller": int(terms.seller or 0), "supplier": int(terms.supplier),
        "partner": int(terms.partner or terms.holder or 0), "campaign": r.book.terms(number).campaign,
        "leader": int(terms.leader or 0), "rate_bps": terms.rate, "plan": r.order_plans[number],
        "day": order.recorded_on, "refunded": order.refunded, "state": order.status.value,
        "delivered_on": day(order.delivered_on), "settled_on": day(order.settled_on),
        "settled_block": day(r.settled_in.get(number)), "balance_paid": order.balance_paid,
        "held": order.held, "first_held_on": day(order.first_held_on), "compensated": order.compensated,
        "insurance_claimed": order.insurance_claimed, "recorded_block": r.recorded_in[number],
    }  # fmt: skip


def batches(r: Replay, firsts: Iterable[int]) -> Source:
    """What was told of batches."""
    found: Source = {}
    names = ("width", "plan", "day", "recorded_root", "block_number")
    for first in firsts:
        found |= named(f"batch {first}", dict(zip(names, r.batches[first][1:], strict=True)))
    return found


def commitments(r: Replay, firsts: Iterable[int]) -> Source:
    """Leaves and roots computed anew, with all refunds in them, and the days of delivery."""
    found: Source = {}
    for first in firsts:
        batch = r.book.batch_of(first)
        assert batch is not None
        days = (
            (position, r.state.order_numbered(first + position).delivered_on)
            for position in range(batch.width)
        )
        bound = commitment(batch.tree.root, batch.width, words_of(days))
        found[f"batch {first} commitment"] = "0x" + bound.hex()
    return found


def pools(r: Replay) -> Source:
    """All epochs, open and closed; zeros are left out."""
    found: Source = {}
    for name in POOLS:
        pool = r.pool(name)
        for epoch, one in pool.open_epochs().items():
            values = {"gathered": one.gathered, "weight": sum(one.weights.values())}
            found |= named(f"{name} {epoch}", values)
        for epoch, closed in r.closed[name].items():
            last = pool.closed if epoch == pool.next_epoch - 1 else None
            values = {
                "gathered": closed.gathered, "weight": closed.weight, "unclaimed": last.left if last else 0,
                "carried": closed.carried, "cap_bps": closed.cap_bps, "closed_on": closed.closed_on,
            }  # fmt: skip
            found |= named(f"{name} {epoch}", values)
    return {key: value for key, value in found.items() if value}


def weights(r: Replay, agents: set[int] | None) -> Source:
    """Weights in all epochs, and what was claimed by them; of all agents, or of these."""
    found: Source = {}
    for name in POOLS:
        closed = {epoch: (one.weights, one.claims) for epoch, one in r.closed[name].items()}
        open_ = {epoch: (one.weights, {}) for epoch, one in r.pool(name).open_epochs().items()}
        for epoch, (by_agent, claims) in (open_ | closed).items():
            for agent in by_agent if agents is None else map(str, agents):
                if by_agent.get(agent):
                    found[f"{name} {epoch} weight of {agent}"] = by_agent[agent]
                if agent in claims:
                    found[f"{name} {epoch} claim of {agent}"] = claims[agent]
    return found


def rest(r: Replay, touched: Touched | None) -> Source:
    """Campaigns, regions, roles, wallets, plans; all of them, or those that were touched."""
    found: Source = {}
    for number in sorted(map(int, r.state.campaigns)) if touched is None else touched.campaigns:
        one = r.state.campaigns[str(number)]
        values = {
            "kind": one.kind.value, "target": min(one.target, 2**63 - 1), "deadline": one.deadline,
            "recorded": one.recorded,
        }  # fmt: skip
        found |= named(f"campaign {number}", values)
    for number in r.regions if touched is None else touched.regions:
        found[f"region {number} holder"] = r.regions[number]
    for address in r.roles if touched is None else touched.roles:
        found[f"roles of {address}"] = r.roles[address]
    for address in r.wallets if touched is None else touched.wallets:
        found[f"wallet {address}"] = r.wallets[address]
    for version in r.plans if touched is None else touched.plans:
        plan, since, block = r.plans[version]
        parameters = {name: parameter(getattr(plan, name)) for name in FIELDS}
        found |= named(f"plan {version}", parameters | {"day": since, "block_number": block})
    return found
