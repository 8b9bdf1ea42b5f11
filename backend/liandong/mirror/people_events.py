"""What events about people, regions, roles and plans change (rules §§ 1, 2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from liandong.chain.plan_parameters import plan_of
from liandong.mirror.derived import BOOK, PERSON, Derived
from liandong.mirror.events import Decoded
from liandong.mirror.rows import Row

DIAMOND = 4


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
    _person(s, agent)[PERSON.active] = True
    s.settling.setdefault(order, (e.log_index, 0))


def progressed(s: Derived, e: Decoded) -> None:
    """An introducer's counters."""
    row = _person(s, e.values[0])
    row[PERSON.active_directs], row[PERSON.team_active] = e.values[1:]


def tier_reached(s: Derived, e: Decoded) -> None:
    """A tier."""
    agent, tier = e.values[0], e.values[1]
    _person(s, agent)[PERSON.tier] = tier
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
