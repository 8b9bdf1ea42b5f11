"""What the contract's views say at one block, by the names that all sources share.

The replay only says what to ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liandong.audit.names import POOLS, Source, named, parameter
from liandong.audit.replay import Replay, Touched
from liandong.audit.views import Views
from liandong.chain.plan_parameters import FIELDS, plan_of
from liandong.chain.state_words import TIERS, AccountRecord, ParticipantRecord

ACCOUNT = ("available", "withdrawn", "deposit", "debt", "locked_until")
PERSON = (
    "kind", "wallet", "introducer", "leader", "region", "active", "active_directs", "team_active", "frozen",
    "certified",
)  # fmt: skip


def totals(views: Views) -> Source:
    """What there is once."""
    book, last, clock = views.words([("book",), ("lastParticipant",), ("supportMonth", 0)])
    values = dict(zip(("treasury", "escrow", "orders", "plan", "paused"), book, strict=True))
    pools = ("months_closed", "month_closed_on", "years_closed", "year_closed_on")
    values |= {"last_participant": last[0]} | dict(zip(pools, clock[:4], strict=True))
    return named("book", values)


def accounts(r: Replay, views: Views, numbers: Sequence[int]) -> Source:
    """Accounts and their owners."""
    people = [number for number in numbers if number in r.kinds]
    calls = [("accountWord", number) for number in numbers] + [("participantWord", one) for one in people]
    answers = views.words(calls)
    found: Source = {}
    for number, words in zip(numbers, answers, strict=False):
        one = AccountRecord.from_words(*words)
        found |= named(f"account {number}", {name: getattr(one, name) for name in ACCOUNT})
    for number, words in zip(people, answers[len(numbers) :], strict=True):
        person = ParticipantRecord.from_words(*words)
        values: dict[str, Any] = {name: getattr(person, name) for name in PERSON}
        found |= named(f"participant {number}", values | {"tier": TIERS.index(person.tier)})
    return found


def orders(r: Replay, views: Views, numbers: Sequence[int]) -> Source:
    """The bits of their pages; terms, refunds and deliveries are bound by the batches' commitments."""
    pages = sorted({number >> 8 for number in numbers})
    words = dict(zip(pages, views.words([("orderPage", page) for page in pages]), strict=True))
    found: Source = {}
    for number in numbers:
        bits = [bool(word >> (number & 255) & 1) for word in words[number >> 8]]
        settled, dropped, held, balance_paid, insured = bits
        net = r.state.order_numbered(number).net
        state = "settled" if settled else ("void" if net else "refunded") if dropped else "recorded"
        values = {"state": state, "held": held, "balance_paid": balance_paid, "insurance_claimed": insured}
        found |= named(f"order {number}", values)
    return found


def commitments(views: Views, firsts: Sequence[int]) -> Source:
    """What is stored of batches."""
    answers = views.words([("batch", first) for first in firsts])
    return {
        f"batch {one} commitment": f"0x{words[0]:064x}" for one, words in zip(firsts, answers, strict=True)
    }


def pools(r: Replay, views: Views) -> Source:
    """The epochs that still hold money: open ones, and the one closed last."""
    calls: list[tuple[str, int]] = []
    for name, view in zip(POOLS, ("supportMonth", "dividendYear"), strict=True):
        pool = r.pool(name)
        wanted = {*pool.open_epochs(), *({pool.next_epoch - 1} if pool.next_epoch else ())}
        calls += [(view, epoch) for epoch in sorted(wanted)]
    found: Source = {}
    for (view, epoch), words in zip(calls, views.words(calls), strict=True):
        name = "support" if view == "supportMonth" else "dividend"
        values = dict(zip(("gathered", "weight", "unclaimed", "cap_bps"), words[4:], strict=True))
        found |= named(f"{name} {epoch}", values)
    return found


def weights(r: Replay, views: Views, agents: set[int] | None) -> Source:
    """Weights that were not claimed, of the epochs that still hold money."""
    calls: list[tuple[str, int, int]] = []
    for name, view in zip(POOLS, ("supportWeight", "dividendWeight"), strict=True):
        pool = r.pool(name)
        for epoch, one in pool.open_epochs().items():
            calls += [(view, epoch, agent) for agent in _those(one.weights, agents)]
        if (last := pool.closed) is not None:
            epoch = pool.next_epoch - 1
            unclaimed = (agent for agent in _those(last.weights, agents) if str(agent) not in last.claimed)
            calls += [(view, epoch, agent) for agent in unclaimed]
    found: Source = {}
    for (view, epoch, agent), words in zip(calls, views.words(calls), strict=True):
        name = "support" if view == "supportWeight" else "dividend"
        found[f"{name} {epoch} weight of {agent}"] = words[0]
    return found


def _those(weights: dict[str, int], agents: set[int] | None) -> list[int]:
    if agents is None:
        return [int(agent) for agent in weights]
    return [agent for agent in agents if str(agent) in weights]


def rest(r: Replay, views: Views, touched: Touched | None) -> Source:
    """Campaigns, regions, roles, wallets, plans; all of them, or those that were touched."""
    found: Source = {}
    campaigns = sorted(map(int, r.state.campaigns) if touched is None else touched.campaigns)
    answers = views.words([("campaign", number) for number in campaigns])
    for number, (_, presale, target, count, deadline) in zip(campaigns, answers, strict=True):
        values = {
            "kind": "presale" if presale else "group", "target": min(target, 2**63 - 1),
            "deadline": deadline, "recorded": count,
        }  # fmt: skip
        found |= named(f"campaign {number}", values)
    for view, name, keys in (
        ("holderOf", "region {} holder", list(r.regions if touched is None else touched.regions)),
        ("roleOf", "roles of {}", list(r.roles if touched is None else touched.roles)),
        ("participantOf", "wallet {}", list(r.wallets if touched is None else touched.wallets)),
    ):
        calls = [(view, key) for key in keys]
        found |= {name.format(key): words[0] for key, words in zip(keys, views.words(calls), strict=True)}
    plans = list(r.plans if touched is None else touched.plans)
    for version, words in zip(plans, views.words([("plan", one) for one in plans]), strict=True):
        plan = plan_of((words[:5], *words[5:]))
        found |= named(f"plan {version}", {name: parameter(getattr(plan, name)) for name in FIELDS})
    return found
