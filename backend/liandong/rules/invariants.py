"""What always holds, checked on a whole ledger (rules § 6)."""

from __future__ import annotations

from collections import Counter

from liandong.errors import InvariantBroken
from liandong.rules.money import part
from liandong.rules.orders import Order, Status
from liandong.rules.people import Agent
from liandong.rules.state import Ledger


def check_invariants(ledger: Ledger) -> None:
    """Raises ``InvariantBroken``, naming the first thing that does not hold."""
    _money_is_conserved(ledger)
    for name, account in ledger.books.accounts.items():
        amounts = (account.available, account.debt, account.deposit, account.withdrawn)
        _holds(min(amounts) >= 0, f"account {name} has a negative amount: {account}")
        _holds(account.debt == 0 or account.covers == 0, f"account {name} has both money and debt: {account}")
    for order in ledger.orders:
        _order_is_paid_by_the_rules(order)
    _accounts_have_their_lines(ledger)
    joined: dict[str, Agent] = {}
    for agent in ledger.people.agents():
        _descends_from_earlier_ones(agent, joined)
        joined[agent.id] = agent


def _money_is_conserved(ledger: Ledger) -> None:
    books = ledger.books
    _holds(
        books.held == books.tokens_in - books.tokens_out,
        f"§ 6.1: {books.held} held, but {books.tokens_in} came in and {books.tokens_out} went out",
    )
    _holds(books.treasury >= 0, f"§ 6.1: the treasury is {books.treasury}")
    escrow = sum(order.net for order in ledger.orders if order.status is Status.RECORDED)
    _holds(books.escrow == escrow, f"§ 6.1: {books.escrow} in escrow, but recorded orders are {escrow} net")


def _order_is_paid_by_the_rules(order: Order) -> None:
    lines, number = order.lines, order.number
    _holds(lines.total == order.net, f"§ 6.2: order {number} has lines of {lines.total}, net is {order.net}")
    cap = part(order.net, order.plan.cap_bps)
    _holds(lines.selling <= cap, f"§ 6.2: order {number} sells for {lines.selling}, its cap is {cap}")
    if order.status is Status.SETTLED:
        delivered, settled = order.delivered_on, order.settled_on
        _holds(
            delivered is not None and settled is not None and settled > delivered + order.plan.return_days,
            f"§ 6.3: order {number} was delivered on day {delivered} and settled on {settled}",
        )


def _accounts_have_their_lines(ledger: Ledger) -> None:
    # Suppliers, stores, fees and duty have no money but their lines, so these must add up whatever happened.
    due = Counter[str]()
    for order in ledger.orders:
        if order.status is Status.SETTLED:
            due[order.terms.supplier] += order.lines.supply
            due["fees"] += order.lines.fees
            due["duty"] += order.lines.duty
            if order.lines.store and order.terms.partner is not None:
                due[order.terms.partner] += order.lines.store
    for name, amount in due.items():
        account = ledger.books.accounts[name]
        has_had = account.available + account.withdrawn - account.debt
        _holds(has_had == amount, f"§ 6.5: {name} has had {has_had}, its lines are {amount}")


def _descends_from_earlier_ones(agent: Agent, joined: dict[str, Agent]) -> None:
    if agent.introducer is None:
        _holds(agent.is_boss, f"§ 6.4: founder {agent.id} has a leader")
        return
    _holds(agent.introducer in joined, f"§ 6.4: {agent.id} was introduced by somebody who joined later")
    if agent.leader is not None:
        above = (agent.introducer, joined[agent.introducer].introducer)
        _holds(agent.leader in above, f"§ 6.4: leader of {agent.id} is more than two introductions above")
        _holds(joined[agent.leader].is_boss, f"§ 6.4: leader of {agent.id} is no boss")


def _holds(condition: bool, otherwise: str) -> None:
    if not condition:
        raise InvariantBroken(otherwise)
