"""What a case is played through: the Python model, or the contracts on a node (rules § 7).

A driver stands for one deployment that was just made under some plan, with an empty treasury and nobody
registered. It has one method for each step of a case file, with the file's fields as keyword arguments, and
read-outs of the state in the shapes of a result document.

What every driver keeps to:

- A step that the rules refuse raises the :class:`~liandong.errors.RuleError` of that name and changes
  nothing. Any other exception is a fault of the driver or its node, and ends the play.
- Ids of participants, accounts and campaigns are the file's free text. The driver maps them to its own; an
  id that it has never seen goes to the chain as one that nobody has, so that the chain itself refuses it.
- Orders are numbered 1, 2, 3, … in the order in which they are recorded; a refused order takes no number.
- Amounts are integers in minor units. Where the rules name an error for amounts ≤ 0, negative ones may
  arrive: a chain whose types have no negative numbers may send 0 instead, the rules answer both alike.
  ``None`` is an absent field.
- Every step happens on the day that :meth:`Driver.advance` has reached; the seconds it takes never change
  the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypedDict

PlanValue = int | Sequence[int]
"""A plan parameter's value: a number, or five rates for ``tier_bps``."""


class AgentState(TypedDict):
    """An agent as result documents show it (rules § 1)."""

    boss: bool
    leader: str | None
    level: int
    tier: str
    active: bool
    active_directs: int
    team_active: int
    frozen: bool


class AccountState(TypedDict):
    """An account, in minor units (rules § 4)."""

    available: int
    debt: int
    deposit: int
    withdrawn: int


class PoolState(TypedDict):
    """A pool; ``balance`` is what is gathered or still claimable, in minor units (rules § 5)."""

    balance: int


class OrderState(TypedDict):
    """An order; ``lines`` are those not zero, of recorded and settled orders (rules § 3)."""

    status: str
    refunded: int
    lines: dict[str, int]


class Driver(Protocol):
    """One deployment that a case is played through: steps, clock and read-outs."""

    # --- people (rules § 1)

    def register(self, *, id: str, kind: str) -> None:
        """Register a ``supplier`` or a ``store``."""

    def join(self, *, agent: str, region: int = 0, introducer: str | None = None) -> None:
        """An agent joins; without an introducer it is a founder."""

    def freeze(self, *, agent: str) -> None:
        """Stop an agent from selling, introducing, withdrawing."""

    def unfreeze(self, *, agent: str) -> None:
        """Undo :meth:`freeze`."""

    def certify(self, *, agent: str, certified: bool = True) -> None:
        """Allow an agent to sell cross-border, or no longer."""

    def protect_region(self, *, region: int, holder: str) -> None:
        """Protect a region for an agent."""

    def release_region(self, *, region: int) -> None:
        """End a region's protection."""

    # --- orders (rules §§ 3, 4)

    def open_campaign(self, *, campaign: str, kind: str, target: int = 0, deadline_days: int = 0) -> None:
        """Open a ``group`` campaign with a target, or a ``presale`` (its target, if given, means nothing)."""

    def order(
        self,
        *,
        channel: str,
        price: int,
        supplier: str,
        cost: int = 0,
        fees: int = 0,
        region: int = 0,
        seller: str | None = None,
        partner: str | None = None,
        campaign: str | None = None,
        duty: int = 0,
        insurance: int = 0,
    ) -> None:
        """Record a paid sale under the next number."""

    def pay_balance(self, *, order: int) -> None:
        """The buyer of a presale order has paid the rest."""

    def deliver(self, *, orders: Sequence[int]) -> None:
        """The orders were delivered today."""

    def settle(self, *, orders: Sequence[int]) -> None:
        """Pay the orders' lines."""

    def void(self, *, orders: Sequence[int]) -> None:
        """Give up the orders; escrow goes back to the treasury."""

    def refund(self, *, order: int, amount: int) -> None:
        """Refund a part of an order, or what is left of it."""

    def hold(self, *, order: int) -> None:
        """Stop an order from settling, for 60 days at most."""

    def release(self, *, order: int) -> None:
        """Undo :meth:`hold`."""

    # --- money (rules § 4)

    def fund(self, *, amount: int) -> None:
        """Tokens into the treasury."""

    def withdraw(self, *, account: str, amount: int) -> None:
        """Tokens to the account's owner; ``account`` may be ``treasury``."""

    def deposit(self, *, agent: str, amount: int) -> None:
        """Tokens into an agent's deposit."""

    def release_deposit(self, *, agent: str, amount: int) -> None:
        """Tokens out of an agent's deposit."""

    def slash(self, *, agent: str, amount: int) -> None:
        """An agent's deposit to the account ``protection``."""

    def compensate(self, *, order: int, amount: int) -> None:
        """``protection`` pays a buyer's refund."""

    def insurance_claim(self, *, order: int, loss: int) -> None:
        """``insurance`` pays its part of a duty loss to the seller."""

    # --- pools and plans (rules §§ 2, 5)

    def close_month(self, *, epoch: int) -> None:
        """Close a month of the support fund."""

    def close_year(self, *, epoch: int) -> None:
        """Close a year of the dividend."""

    def claim_support(self, *, agent: str, epoch: int) -> None:
        """Pay an agent its part of a month."""

    def claim_dividend(self, *, agent: str, epoch: int) -> None:
        """Pay an agent its part of a year."""

    def publish_plan(self, **parameters: PlanValue) -> None:
        """Change parameters of the plan in force, at once."""

    # --- clock

    def advance(self, *, days: int) -> None:
        """Move the clock by whole days."""

    # --- read-outs

    def agents(self) -> dict[str, AgentState]:
        """All agents by id."""

    def accounts(self) -> dict[str, AccountState]:
        """The brand's five accounts and everybody's, by id."""

    def pools(self) -> dict[str, PoolState]:
        """``support`` and ``dividend``."""

    def orders(self) -> dict[str, OrderState]:
        """All orders by number, the number as text."""

    def treasury(self) -> int:
        """What the treasury holds."""

    def escrow(self) -> int:
        """What is held for orders that are recorded."""

    def held(self) -> int:
        """Treasury, escrow, pools, and available and deposit of all accounts (rules § 6.1, left side)."""
