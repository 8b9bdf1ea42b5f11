"""The closing reconciliation: contracts, events, token and Python rules, to the last minor unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from liandong.backtest.contract_side import ContractSide
from liandong.backtest.play import Played
from liandong.backtest.tally import BRAND_LINES
from liandong.chain.batch_tree import commitment
from liandong.chain.deliveries import words_of
from liandong.chain.state_words import AccountRecord, ParticipantRecord
from liandong.errors import InvariantBroken
from liandong.rules.accounts import BRAND_ACCOUNTS
from liandong.rules.invariants import check_invariants
from liandong.rules.orders import Status
from liandong.rules.pools import MONTH_DAYS, YEAR_DAYS
from liandong.rules.state import Ledger

PAGE = 256
"""Orders a page of the contract's bitmaps (contracts/logic/OrderPages.sol)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared: how many values, and the first that differs, if one does."""

    what: str
    compared: int
    difference: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where money is at the end, in minor units, as the contracts' views say and as the rules have it."""

    name: str
    on_chain: int
    by_rules: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All checks, and the positions, which sum to what came in less what went out (rules § 6.1)."""

    positions: tuple[Position, ...]
    tokens_in: int
    tokens_out: int
    token_balance: int
    checks: tuple[Check, ...]

    @property
    def held(self) -> int:
        """The sum of all positions on chain."""
        return sum(position.on_chain for position in self.positions)

    @property
    def agrees(self) -> bool:
        """Whether everything agrees, to the last minor unit."""
        sums = {self.held, self.tokens_in - self.tokens_out, self.token_balance}
        same = all(position.on_chain == position.by_rules for position in self.positions)
        return len(sums) == 1 and same and all(check.difference is None for check in self.checks)


def reconcile(played: Played) -> Reconciliation:
    """Reads all that the contracts show and compares it with their events and with the rules."""
    ledger, contracts = played.ledger, played.contracts
    books, tally = ledger.books, contracts.tally
    accounts = _accounts(contracts)
    treasury, escrow, *_ = contracts.client.read("book")
    brand = {id: accounts[id].available + accounts[id].deposit for id in BRAND_ACCOUNTS}
    others = sum(one.available + one.deposit for id, one in accounts.items() if id not in BRAND_ACCOUNTS)
    brand_by_rules = {id: books.accounts[id].covers for id in BRAND_ACCOUNTS}
    others_by_rules = books.accounts.total - sum(brand_by_rules.values())
    return Reconciliation(
        positions=(
            Position("treasury", treasury, books.treasury),
            Position("escrow", escrow, books.escrow),
            Position("support pool", _pool(contracts, "supportMonth", MONTH_DAYS), books.support.balance),
            Position("dividend pool", _pool(contracts, "dividendYear", YEAR_DAYS), books.dividend.balance),
            *(Position(id, brand[id], brand_by_rules[id]) for id in BRAND_ACCOUNTS),
            Position("agents and suppliers", others, others_by_rules),
        ),
        tokens_in=tally.tokens_in,
        tokens_out=sum(tally.withdrawn.values()),
        token_balance=contracts.token_balance(),
        checks=(
            _first("accounts: contracts = rules", _account_pairs(accounts, ledger)),
            _first("accounts: events = contracts", _earned_pairs(accounts, contracts)),
            _first("agents: contracts = rules", _agent_pairs(contracts, ledger)),
            _first("orders' states: contracts = rules", _state_pairs(contracts, ledger)),
            _first("batches with their deliveries: contracts = rules", _delivery_pairs(contracts, ledger)),
            _first("payees' lines of orders: events = rules", _line_pairs(contracts, ledger)),
            _first("the brand's lines in sum: events = rules", _brand_pairs(contracts, ledger)),
            Check(
                "what refunds took back: events = rules",
                tally.refunds_checked,
                next(iter(tally.faults), None),
            ),
            _first("refusals: contracts = rules", ((r.what, r.on_chain, r.error) for r in played.refusals)),
            _first(
                "treasury and escrow, every day",
                ((f"day {d}", "differs", "agrees") for d in played.differing_days),
            )
            if played.differing_days
            else Check("treasury and escrow, every day", len(played.balances)),
            _invariants(ledger),
        ),
    )


def _first(what: str, pairs: Iterable[tuple[str, object, object]]) -> Check:
    """Compares all ``(name, one, other)``; names the first that differ."""
    compared = 0
    difference = None
    for name, one, other in pairs:
        compared += 1
        if one != other and difference is None:
            difference = f"{name}: {one}, not {other}"
    return Check(what, compared, difference)


def _accounts(contracts: ContractSide) -> Mapping[str, AccountRecord]:
    numbers = {id: number for number, id in enumerate(BRAND_ACCOUNTS, start=1)} | contracts.numbers
    words = contracts.client.read_words([("accountWord", number) for number in numbers.values()])
    return {id: AccountRecord.from_words(*word) for id, word in zip(numbers, words, strict=True)}


def _account_pairs(
    accounts: Mapping[str, AccountRecord], ledger: Ledger
) -> Iterator[tuple[str, object, object]]:
    for id, account in ledger.books.accounts.items():
        found = accounts[id]
        seen = (found.available, found.debt, found.deposit, found.withdrawn)
        yield id, seen, (account.available, account.debt, account.deposit, account.withdrawn)


def _earned_pairs(
    accounts: Mapping[str, AccountRecord], contracts: ContractSide
) -> Iterator[tuple[str, object, object]]:
    numbers = {id: number for number, id in enumerate(BRAND_ACCOUNTS, start=1)} | contracts.numbers
    for id, account in accounts.items():
        earned = sum(contracts.tally.earned[numbers[id]].values())
        yield id, earned, account.available + account.deposit + account.withdrawn - account.debt


def _agent_pairs(contracts: ContractSide, ledger: Ledger) -> Iterator[tuple[str, object, object]]:
    agents = ledger.people.agents()
    ids = contracts.ids()
    words = contracts.client.read_words(
        [("participantWord", contracts.numbers[agent.id]) for agent in agents]
    )
    for agent, word in zip(agents, words, strict=True):
        found = ParticipantRecord.from_words(*word)
        above = (ids.get(found.introducer), ids.get(found.leader))
        seen = (*above, found.tier, found.active, found.active_directs, found.team_active)
        by_rules = (agent.introducer, agent.leader, agent.tier.name.lower(), agent.active)
        yield agent.id, seen, (*by_rules, agent.active_directs, agent.team_active)


def _state_pairs(contracts: ContractSide, ledger: Ledger) -> Iterator[tuple[str, object, object]]:
    pages = contracts.client.read_words(
        [("orderPage", page) for page in range(len(ledger.orders) // PAGE + 1)]
    )
    for order in ledger.orders:
        settled, dropped = (bits >> order.number % PAGE & 1 == 1 for bits in pages[order.number // PAGE][:2])
        facts = contracts.tally.orders[order.number]
        seen = (settled, dropped, facts.refunded, facts.settled_on)
        closed = order.status in (Status.REFUNDED, Status.VOID)
        is_settled = order.status is Status.SETTLED
        by_rules = (is_settled, closed, order.refunded, order.settled_on)
        yield f"order {order.number}", seen, by_rules


def _delivery_pairs(contracts: ContractSide, ledger: Ledger) -> Iterator[tuple[str, object, object]]:
    """What the contracts store of each batch, and what it is with the rules' days of delivery."""
    book = contracts.book
    batches = {batch.first: batch for order in ledger.orders if (batch := book.batch_of(order.number))}
    stored = contracts.client.read_words([("batch", first) for first in batches])
    for (first, batch), (word,) in zip(batches.items(), stored, strict=True):
        days = (
            (position, ledger.order_numbered(first + position).delivered_on)
            for position in range(batch.width)
        )
        by_rules = commitment(batch.tree.root, batch.width, words_of(days))
        yield f"batch {first}", f"0x{word:064x}", "0x" + by_rules.hex()


def _line_pairs(contracts: ContractSide, ledger: Ledger) -> Iterator[tuple[str, object, object]]:
    for order in ledger.orders:
        seen = {line: amount for line, amount in contracts.tally.orders[order.number].lines.items() if amount}
        lines = order.lines.not_zero() if order.status is Status.SETTLED else {}
        yield f"order {order.number}", seen, {name: lines[name] for name in lines if name not in BRAND_LINES}


def _brand_pairs(contracts: ContractSide, ledger: Ledger) -> Iterator[tuple[str, object, object]]:
    paid = contracts.tally.paid
    settled = [order.lines for order in ledger.orders if order.status is Status.SETTLED]
    for line in BRAND_LINES:
        yield line, paid[line], sum(getattr(lines, line) for lines in settled)


def _pool(contracts: ContractSide, view: str, days: int) -> int:
    """What open epochs gathered, and what can still be claimed of the one closed last."""
    today = contracts.client.read("today")
    closed = contracts.closed[view]
    epochs = range(max(closed - 1, 0), today // days + 1)
    words = contracts.client.read_words([(view, epoch) for epoch in epochs])
    # the last four words are the epoch's: gathered, weight, left, capBps
    return sum(one[-2] if epoch < closed else one[-4] for epoch, one in zip(epochs, words, strict=True))


def _invariants(ledger: Ledger) -> Check:
    what = "what always holds (rules § 6)"
    try:
        check_invariants(ledger)
    except InvariantBroken as error:
        return Check(what, 1, str(error))
    return Check(what, 1)
