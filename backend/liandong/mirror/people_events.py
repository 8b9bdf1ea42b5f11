"""What events about people, regions, roles and plans change (rules §§ 1, 2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from liandong.chain.plan_parameters import plan_of
from liandong.mirror.derived import BOOK, PERSON, Derived
from liandong.mirror.events import Decoded
from liandong.mirror.rows import Row

DIAMOND = 4
TIERS = range(5)


def load(s: Derived, events: Sequence[Decoded]) -> None:
    """Loads the rows of teams that these events change, all at once: one by one takes long."""
    joins = {e.values[0]: e.values[1] for e in events if e.decoder.name == "AgentJoined"}
    named = ("AgentActivated", "TierReached", "ProgressMade")
    others = dict.fromkeys(e.values[0] for e in events if e.decoder.name in named)
    if not joins and not others:
        return
    s.participants.load(others)
    s.team_places.load((*joins, *joins.values(), *others))
    places: dict[int, tuple[int, ...]] = {0: (0, 0, 0)}

    def above(agent: int) -> tuple[int, ...]:
        if agent not in places:
            row = s.team_places.find(agent)
            places[agent] = tuple(row[1:]) if row else (0, 0, 0)
        return places[agent]

    wanted: list[tuple[int, int, int]] = []
    for agent, introducer in joins.items():
        places[agent] = (introducer, *above(introducer)[:2])
        wanted += ((one, level, 0) for level, one in enumerate(places[agent], 1) if one)
    for agent in others:
        wanted += ((one, level, tier) for level, one in enumerate(above(agent), 1) if one for tier in TIERS)
    s.team_counts.load(wanted)


def _person(s: Derived, number: int) -> Row:
    row = s.participants.change(number)
    assert row is not None, f"participant {number} was never told"
    return row


def _enter(s: Derived, number: int, kind: str, wallet: int) -> Row:
    row = s.participants.add(number, s.participants.new(number))
    row[PERSON.kind], row[PERSON.wallet] = kind, _address(wallet)
    row[PERSON.joined_on], row[PERSON.joined_block] = s.day, s.block
    row[PERSON.introducer] = row[PERSON.leader] = 0
    s.wallets.add(row[PERSON.wallet], [row[PERSON.wallet], number])
    s.accounts.add(number, s.accounts.new(number))
    s.book[BOOK.last_participant] = number
    return row


def joined(s: Derived, e: Decoded) -> None:
    """An agent."""
    agent, introducer, leader, wallet, region = e.values
    row = _enter(s, agent, "agent", wallet)
    row[PERSON.introducer], row[PERSON.leader], row[PERSON.region] = introducer, leader, region
    above = s.team_places.find(introducer) if introducer else None
    first, second = (above[1], above[2]) if above else (0, 0)
    s.team_places.add(agent, [agent, introducer, first, second])
    _count(s, agent, row[PERSON.tier], members=1)


def _count(s: Derived, agent: int, tier: int, *, members: int = 0, active: int = 0) -> None:
    """In the teams of those who stand three introductions above at most."""
    place = s.team_places.find(agent)
    assert place is not None, f"agent {agent} was never told"
    for level, above in enumerate(place[1:], 1):
        if above:
            row = s.team_counts.make((above, level, tier))
            row[3] += members
            row[4] += active


def supplier(s: Derived, e: Decoded) -> None:
    """A supplier."""
    _enter(s, e.values[0], "supplier", e.values[1])


def store(s: Derived, e: Decoded) -> None:
    """A store."""
    _enter(s, e.values[0], "store", e.values[1])


def moved(s: Derived, e: Decoded) -> None:
    """A participant to another wallet."""
    number, _, wallet = e.values
    address = _address(wallet)
    _person(s, number)[PERSON.wallet] = address
    s.wallets.add(address, [address, number])


def activated(s: Derived, e: Decoded) -> None:
    """An agent, by an order of its own, which may have paid nobody."""
    agent, order = e.values
    row = _person(s, agent)
    if not row[PERSON.active]:
        _count(s, agent, row[PERSON.tier], active=1)
    row[PERSON.active] = True
    s.settling.setdefault(order, (e.log_index, 0))


def progressed(s: Derived, e: Decoded) -> None:
    """An introducer's counters."""
    row = _person(s, e.values[0])
    row[PERSON.active_directs], row[PERSON.team_active] = e.values[1:]


def tier_reached(s: Derived, e: Decoded) -> None:
    """A tier."""
    agent, tier = e.values[0], e.values[1]
    row = _person(s, agent)
    active = int(row[PERSON.active])
    _count(s, agent, row[PERSON.tier], members=-1, active=-active)
    _count(s, agent, tier, members=1, active=active)
    row[PERSON.tier] = tier
    if tier == DIAMOND:
        s.diamonds[agent] = e.log_index


def became_boss(s: Derived, e: Decoded) -> None:
    """No leader any more."""
    _person(s, e.values[0])[PERSON.leader] = 0


def certified(s: Derived, e: Decoded) -> None:
    """Cross-border sales."""
    _person(s, e.values[0])[PERSON.certified] = bool(e.values[1])


def frozen(s: Derived, e: Decoded) -> None:
    """A freeze."""
    _person(s, e.values[0])[PERSON.frozen] = True


def unfrozen(s: Derived, e: Decoded) -> None:
    """Its end."""
    _person(s, e.values[0])[PERSON.frozen] = False


def protected(s: Derived, e: Decoded) -> None:
    """A region."""
    s.regions.make(e.values[0])[1] = e.values[1]


def unprotected(s: Derived, e: Decoded) -> None:
    """A region that nobody protects any more."""
    s.regions.make(e.values[0])[1] = 0


def roles(s: Derived, e: Decoded) -> None:
    """The roles of an address."""
    s.roles.make(_address(e.values[0]))[1] = e.values[1]


def paused(s: Derived, e: Decoded) -> None:
    """Parts of the contract."""
    s.book[BOOK.paused] = e.values[1]


def plan_published(s: Derived, e: Decoded) -> None:
    """A plan version in force."""
    told = e.decoder.read(e.log)
    version = told["version"]
    s.plans.add(version, [version, json.dumps(asdict(plan_of(told["plan"]))), s.day, s.block])
    s.book[BOOK.plan] = version


def _address(word: int) -> str:
    return f"0x{word:040x}"


HANDLERS: dict[str, Callable[[Derived, Decoded], None]] = {
    "AgentJoined": joined,
    "SupplierRegistered": supplier,
    "StoreRegistered": store,
    "WalletChanged": moved,
    "AgentActivated": activated,
    "ProgressMade": progressed,
    "TierReached": tier_reached,
    "BecameBoss": became_boss,
    "CertificationChanged": certified,
    "AgentFrozenBy": frozen,
    "AgentUnfrozenBy": unfrozen,
    "RegionProtected": protected,
    "RegionReleased": unprotected,
    "RolesChanged": roles,
    "PauseChanged": paused,
    "PlanPublished": plan_published,
}
