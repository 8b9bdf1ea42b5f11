"""Reads the whole state of the contracts in the shapes of a result document (rules § 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liandong.cases.driver import AccountState, AgentState, OrderState, PoolState
from liandong.chain.settlement import SettlementClient
from liandong.chain.state_words import Account, AccountRecord, ParticipantRecord
from liandong.chain.words import net_of
from liandong.rules.split import LINE_NAMES

ACCOUNTS = {account.value: account.name.lower() for account in Account if account is not Account.TREASURY}
"""The brand's accounts that have a word of their own."""

MONTH, YEAR = 30, 365
"""Days (rules § 5)."""


@dataclass(frozen=True, slots=True)
class ChainState:
    """All that a result document shows of the state; amounts in minor units."""

    agents: dict[str, AgentState]
    accounts: dict[str, AccountState]
    pools: dict[str, PoolState]
    orders: dict[str, OrderState]
    treasury: int
    escrow: int

    @property
    def held(self) -> int:
        """Treasury, escrow, pools and what accounts hold (rules § 6.1, left side)."""
        pools = sum(pool["balance"] for pool in self.pools.values())
        accounts = sum(one["available"] + one["deposit"] for one in self.accounts.values())
        return self.treasury + self.escrow + pools + accounts


def read_state(client: SettlementClient, names: Mapping[int, str], today: int) -> ChainState:
    """Everything as it is now.

    ``names`` are the participants' ids by number, ``today`` is the day since deployment.
    """
    numbers = [*ACCOUNTS, *names]
    last_page = client.book.last >> 8
    calls = [
        ("book",),
        ("supportMonth", 0),
        *(("accountWord", number) for number in numbers),
        *(("participantWord", number) for number in names),
        *(("orderPage", page) for page in range(last_page + 1)),
    ]
    answers = iter(client.read_words(calls))
    treasury, escrow, *_ = next(answers)
    months, _, years, *_ = next(answers)
    labels = ACCOUNTS | dict(names)
    accounts = {labels[number]: _account(next(answers)) for number in numbers}
    participants = {number: ParticipantRecord.from_words(*next(answers)) for number in names}
    pages = [next(answers) for _ in range(last_page + 1)]
    return ChainState(
        agents={
            names[number]: _agent(one, names) for number, one in participants.items() if one.kind == "agent"
        },
        accounts=accounts,
        pools=_pools(client, months, years, today),
        orders=_orders(client, pages),
        treasury=treasury,
        escrow=escrow,
    )


def _account(words: Sequence[int]) -> AccountState:
    record = AccountRecord.from_words(*words)
    return {
        "available": record.available,
        "debt": record.debt,
        "deposit": record.deposit,
        "withdrawn": record.withdrawn,
    }


def _agent(one: ParticipantRecord, names: Mapping[int, str]) -> AgentState:
    return {
        "boss": one.is_boss,
        "leader": names[one.leader] if one.leader else None,
        "level": one.level,
        "tier": one.tier,
        "active": one.active,
        "active_directs": one.active_directs,
        "team_active": one.team_active,
        "frozen": one.frozen,
    }


def _pools(client: SettlementClient, months: int, years: int, today: int) -> dict[str, PoolState]:
    """What open epochs have gathered, and what can still be claimed of the one closed last."""
    open_months = [("supportMonth", month) for month in range(max(months - 1, 0), today // MONTH + 1)]
    open_years = [("dividendYear", year) for year in range(max(years - 1, 0), today // YEAR + 1)]
    balances = {"supportMonth": 0, "dividendYear": 0}
    closed = {"supportMonth": months, "dividendYear": years}
    calls = open_months + open_years
    for (view, epoch), words in zip(calls, client.read_words(calls), strict=True):
        *_, gathered, _, left, _ = words
        balances[view] += left if epoch < closed[view] else gathered
    return {
        "support": {"balance": balances["supportMonth"]},
        "dividend": {"balance": balances["dividendYear"]},
    }


def _orders(client: SettlementClient, pages: Sequence[Sequence[int]]) -> dict[str, OrderState]:
    orders: dict[str, OrderState] = {}
    wanted: list[tuple[str, int, int, int]] = []
    for number in range(1, client.book.last + 1):
        batch = client.book.batch_of(number)
        assert batch is not None
        amounts, parties = batch.words_of(number)
        bit = 1 << (number & 255)
        settled, dropped, *_ = pages[number >> 8]
        net = net_of(amounts, parties)
        if settled & bit:
            status = "settled"
        elif dropped & bit:
            status = "void" if net else "refunded"
        else:
            status = "recorded"
        refunded = (amounts & (1 << 48) - 1) - net
        orders[str(number)] = {"status": status, "refunded": refunded, "lines": {}}
        if status in ("recorded", "settled"):
            wanted.append((str(number), amounts, parties, net))
    splits = client.splits([(amounts, parties, net) for _, amounts, parties, net in wanted])
    for (number_, *_), lines in zip(wanted, splits, strict=True):
        shown = {name: amount for name, amount in zip(LINE_NAMES, lines, strict=True) if amount}
        orders[number_]["lines"] = shown
    return orders
