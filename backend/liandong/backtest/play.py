"""Lives through a story day by day, on the contracts and by the Python rules side by side (rules §§ 1, 4, 5).

A day: who joins; months and years that are due are closed and claimed; orders whose return window is over
settle; agents that reach silver protect their region, where it is free; the day's sales are recorded in
batches; what is due is delivered; cancellations are refunded; on the last day of a calendar month,
everybody withdraws.

Whatever the rules in Python refuse is put to the contracts, too, and both must name the same error.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from liandong.backtest.balances import Balances, balances_of
from liandong.backtest.contract_side import ContractSide
from liandong.backtest.matching import Refund
from liandong.backtest.story import Order, Story
from liandong.chain.words import RETAIL, OrderInput
from liandong.errors import RuleError
from liandong.rules.orders import Status
from liandong.rules.people import Kind, Tier
from liandong.rules.pools import CLOSING_DELAY, MONTH_DAYS, YEAR_DAYS
from liandong.rules.state import Ledger
from liandong.rules.terms import Channel

SUPPLIER = "supplier"
"""A history does not name suppliers: one stands for all."""

UNHEARD_OF = 1_000_000
"""Added to make a number on chain that nobody has, for sellers whom nobody registered."""

OnDay = Callable[[int, int], None]
"""Told after each day: the day, and how many orders were recorded so far."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Orders a batch, whether silver agents protect regions, whether everybody withdraws monthly."""

    batch: int = 240
    protect_regions: bool = True
    withdraw_monthly: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that was refused: what it was, where the file has it, the error's name on both sides."""

    step: str
    line: int | None
    what: str
    error: str
    on_chain: str | None
    detail: str
    amount: int = 0


@dataclass(slots=True)
class Played:
    """What became of the story: both sides as they are at the end, and what was seen on the way."""

    ledger: Ledger
    contracts: ContractSide
    number_of: dict[int, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    orphans: list[Refund] = field(default_factory=list)
    balances: dict[int, Balances] = field(default_factory=dict)
    differing_days: list[int] = field(default_factory=list)
    last_day: int = 0
    seconds: float = 0.0


def play(story: Story, ledger: Ledger, contracts: ContractSide, choices: Choices, on_day: OnDay) -> Played:
    """Lives through the story until its last order is settled and that order's month is claimed."""
    played = Played(ledger, contracts)
    began = time.monotonic()
    _Life(story, choices, played).live(on_day)
    played.seconds = time.monotonic() - began
    return played


class _Life:
    def __init__(self, story: Story, choices: Choices, played: Played) -> None:
        self.story = story
        self.choices = choices
        self.played = played
        self.ledger = played.ledger
        self.contracts = played.contracts
        self.day = 0
        self.blocks_today = 0
        self.last_settlement = 0
        self.due_for_delivery: defaultdict[int, list[int]] = defaultdict(list)
        self.due_for_settlement: defaultdict[int, list[int]] = defaultdict(list)
        self.waiting: list[OrderInput] = []

    def live(self, on_day: OnDay) -> None:
        self._begin()
        end = self.story.last_day
        while self.day <= end:
            self._live_day()
            on_day(self.day, len(self.ledger.orders))
            end = max((self.story.last_day, *self.due_for_delivery, self._last_claims()))
            self.played.last_day = self.day
            self.day += 1
            self.blocks_today = 0
            self.ledger.advance(1)

    def _begin(self) -> None:
        if self.story.sales:
            self.ledger.fund(self.story.sales)
            self.contracts.fund(self.story.sales)
        self.ledger.register(SUPPLIER, Kind.SUPPLIER)
        self.contracts.register_supplier(SUPPLIER)

    def _last_claims(self) -> int:
        """The day on which the month of the last settlement so far is closed and claimed."""
        return (self.last_settlement // MONTH_DAYS + 1) * MONTH_DAYS + CLOSING_DELAY

    # --- a day

    def _live_day(self) -> None:
        self._join()
        self._close("support", MONTH_DAYS)
        self._close("dividend", YEAR_DAYS)
        self._settle()
        self._record()
        self._deliver()
        self._mine()
        self._refund()
        self._withdraw()
        self._mine()
        self._look()

    def _join(self) -> None:
        for member in self.story.joins.get(self.day, ()):
            region = self.story.regions[member.region] if member.region else 0
            try:
                self.ledger.join(member.id, region, member.introducer)
            except RuleError as error:
                self._mine()
                on_chain = self.contracts.refusal_of_join(member.id, region, member.introducer)
                self._refused("join", None, f"agent {member.id}", error, on_chain)
                continue
            self.contracts.join(member.id, region, member.introducer)

    def _close(self, name: str, days: int) -> None:
        pool = self.ledger.books.support if name == "support" else self.ledger.books.dividend
        epoch = pool.next_epoch
        if self.day < (epoch + 1) * days + CLOSING_DELAY:
            return
        if name == "support":
            self.ledger.close_month(epoch)
        else:
            self.ledger.close_year(epoch)
        self.contracts.close(name, epoch)
        claim = self.ledger.claim_support if name == "support" else self.ledger.claim_dividend
        claimants = [agent.id for agent in self.ledger.people.agents() if pool.is_claimable(agent.id)]
        for agent in claimants:
            claim(agent, epoch)
        self.contracts.claim(name, epoch, claimants)

    def _settle(self) -> None:
        orders = [number for number in self.due_for_settlement.pop(self.day, []) if self._is_recorded(number)]
        if not orders:
            return
        self.ledger.settle(orders)
        self.contracts.settle(orders)
        if self.choices.protect_regions:
            self._protect()

    def _protect(self) -> None:
        for agent in self.ledger.people.agents():
            if agent.tier >= Tier.SILVER and agent.region and agent.region not in self.ledger.regions:
                self.ledger.protect_region(agent.region, agent.id)
                self.contracts.protect_region(agent.region, agent.id)

    # --- orders

    def _record(self) -> None:
        for order in self.story.orders.get(self.day, ()):
            try:
                number = self._record_by_rules(order)
            except RuleError as error:
                self._send_waiting()
                self._mine()
                on_chain = self.contracts.refusal_of_order(self._input(order), len(self.ledger.orders) + 1)
                self._refused("sale", order.sale.line, order.sale.invoice, error, on_chain, order.sale.amount)
                continue
            self.played.number_of[order.sale.line] = number
            self.due_for_delivery[self.day + order.delivered_after].append(number)
            self.waiting.append(self._input(order))
            if len(self.waiting) == self.choices.batch:
                self._send_waiting()
        self._send_waiting()

    def _record_by_rules(self, order: Order) -> int:
        return self.ledger.order(
            Channel.RETAIL,
            order.sale.amount,
            SUPPLIER,
            cost=order.cost,
            fees=order.fees,
            region=order.region,
            seller=order.seller,
        )

    def _input(self, order: Order) -> OrderInput:
        numbers = self.contracts.numbers
        return OrderInput(
            channel=RETAIL,
            price=order.sale.amount,
            supplier=numbers[SUPPLIER],
            cost=order.cost,
            fees=order.fees,
            seller=numbers.get(order.seller, len(numbers) + UNHEARD_OF),
            region=order.region,
        )

    def _send_waiting(self) -> None:
        if self.waiting:
            self.contracts.record(self.waiting, len(self.ledger.orders) + 1 - len(self.waiting))
            self.waiting = []

    def _deliver(self) -> None:
        orders = sorted(n for n in self.due_for_delivery.pop(self.day, []) if self._is_recorded(n))
        if orders:
            self.ledger.deliver(orders)
            if any(self.ledger.order_numbered(number).recorded_on == self.day for number in orders):
                self._mine()  # what is delivered is proved to be in a batch, which must be known
            self.contracts.deliver(orders, self.day)
            self.last_settlement = self.day + self.ledger.plan.return_days + 1
            self.due_for_settlement[self.last_settlement] += orders

    def _is_recorded(self, number: int) -> bool:
        return self.ledger.order_numbered(number).status is Status.RECORDED

    # --- refunds and withdrawals

    def _refund(self) -> None:
        for refund in self.story.refunds.get(self.day, ()):
            number = self.played.number_of.get(refund.sale.line)
            if number is None:
                self.played.orphans.append(refund)
                continue
            late = self.ledger.order_numbered(number).status is Status.SETTLED
            try:
                self.ledger.refund(number, refund.amount)
            except RuleError as error:
                self._mine()
                on_chain = self.contracts.refusal_of_refund(number, refund.amount)
                what = f"{refund.cancellation.invoice}, of {refund.sale.invoice} (line {refund.sale.line})"
                self._refused("refund", refund.cancellation.line, what, error, on_chain, refund.amount)
                continue
            self.contracts.refund(number, refund.amount, late)

    def _withdraw(self) -> None:
        today = self.story.calendar.date(self.day)
        if not self.choices.withdraw_monthly or (today + timedelta(days=1)).day != 1:
            return
        accounts = self.ledger.books.accounts
        paid = [id for id in self.contracts.numbers if accounts[id].available]
        for id in paid:
            self.ledger.withdraw(id, accounts[id].available)
        self.contracts.withdraw_all(paid)

    # --- both sides

    def _mine(self) -> None:
        # Later blocks of a day are a second apart: the clock only ever goes on.
        moment = self.story.calendar.morning(self.day) + self.blocks_today
        if self.contracts.mine(self.day, moment):
            self.blocks_today += 1

    def _refused(
        self, step: str, line: int | None, what: str, error: RuleError, on_chain: str | None, amount: int = 0
    ) -> None:
        self.played.refusals.append(Refusal(step, line, what, error.name, on_chain, error.detail, amount))

    def _look(self) -> None:
        self.played.balances[self.day] = balances_of(self.ledger)
        if self.blocks_today and not self.contracts.agrees(
            self.ledger.books.treasury, self.ledger.books.escrow
        ):
            self.played.differing_days.append(self.day)
