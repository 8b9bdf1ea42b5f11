"""The contracts on a node as a driver of cases. See :class:`~liandong.cases.driver.Driver`.

Ids of the case are given numbers and wallets here. An id that nobody registered is passed as a number that
is never given, a negative amount as 0, so that whatever is refused is refused by the contracts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liandong.cases.driver import AccountState, AgentState, OrderState, PlanValue, PoolState
from liandong.chain.local import give_coins, local_signer
from liandong.chain.node import NodeClock
from liandong.chain.settlement import SettlementClient
from liandong.chain.signer import Signer
from liandong.chain.state_words import Account
from liandong.chain.words import CHANNELS, OrderInput
from liandong.errors import AlreadyRegistered
from liandong.rules.accounts import RESERVED
from liandong.simulation.state import ChainState, read_state

NOBODY = 2**32 - 1
"""A number that no participant and no campaign of a case ever gets."""

DAY = 86_400
MORNING = 8 * 3600
"""Seconds from midnight at which every day of a case begins; the rest of the day is left for its steps."""

BRAND = {account.name.lower(): account.value for account in Account}
"""The brand's accounts by name; the treasury is no account, but can be withdrawn from."""


class ChainDriver:
    """One fresh deployment under a plan, with tokens minted for its treasurer."""

    def __init__(self, client: SettlementClient, clock: NodeClock, plan: dict[str, PlanValue]) -> None:
        """``plan`` holds all parameters of the plan in force, by name."""
        self.client = client
        self._clock = clock
        self._plan = plan
        self._numbers: dict[str, int] = {}
        self._agents: list[str] = []
        self._campaigns: dict[str, int] = {}
        self._wallets: dict[str, Signer] = {}
        self._day_zero: int = client.read("dayZero")
        self._day = 0
        self._state: ChainState | None = None

    # --- people

    def register(self, *, id: str, kind: str) -> None:
        self._require_free(id)
        register = self.client.register_supplier if kind == "supplier" else self.client.register_store
        self._numbers[id], _ = self._step(register, self._wallet(id).address)

    def join(self, *, agent: str, region: int = 0, introducer: str | None = None) -> None:
        self._require_free(agent)
        wallet = self._wallet(agent)
        if introducer is None:
            number, _ = self._step(self.client.join_founder, wallet.address, region)
        else:
            number, _ = self._step(self.client.join, wallet.account, self._number(introducer), region)
        self._numbers[agent] = number
        self._agents.append(agent)

    def freeze(self, *, agent: str) -> None:
        self._step(self.client.freeze, self._number(agent))

    def unfreeze(self, *, agent: str) -> None:
        self._step(self.client.unfreeze, self._number(agent))

    def certify(self, *, agent: str, certified: bool = True) -> None:
        self._step(self.client.certify, self._number(agent), certified)

    def protect_region(self, *, region: int, holder: str) -> None:
        self._step(self.client.protect_region, region, self._number(holder))

    def release_region(self, *, region: int) -> None:
        self._step(self.client.release_region, region)

    # --- orders

    def open_campaign(self, *, campaign: str, kind: str, target: int = 0, deadline_days: int = 0) -> None:
        number = self._campaigns.setdefault(campaign, len(self._campaigns) + 1)
        if kind == "group":
            self._step(self.client.open_group_buy, number, max(target, 0), deadline_days)
        else:
            self._step(self.client.open_presale, number, deadline_days)

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
        order = OrderInput(
            channel=CHANNELS.index(channel),
            price=price,
            supplier=self._number(supplier),
            cost=cost,
            fees=fees,
            duty=duty,
            insurance=insurance,
            seller=self._number(seller),
            partner=self._number(partner),
            campaign=0 if campaign is None else self._campaigns.get(campaign, NOBODY),
            region=region,
        )
        self._step(self.client.record_orders, [order])

    def pay_balance(self, *, order: int) -> None:
        self._step(self.client.pay_balance, order)

    def deliver(self, *, orders: Sequence[int]) -> None:
        self._step(self.client.deliver, orders)

    def settle(self, *, orders: Sequence[int]) -> None:
        self._step(self.client.settle, orders)

    def void(self, *, orders: Sequence[int]) -> None:
        self._step(self.client.void, orders)

    def refund(self, *, order: int, amount: int) -> None:
        self._step(self.client.refund, order, max(amount, 0))

    def hold(self, *, order: int) -> None:
        self._step(self.client.hold, max(order, 0))

    def release(self, *, order: int) -> None:
        self._step(self.client.release, max(order, 0))

    # --- money

    def fund(self, *, amount: int) -> None:
        self._step(self.client.fund, max(amount, 0))

    def withdraw(self, *, account: str, amount: int) -> None:
        if account in BRAND:
            self._step(self.client.withdraw, BRAND[account], max(amount, 0))
        else:
            number = self._number(account)
            self._step(self.client.withdraw, number, max(amount, 0), self._owner(account))

    def deposit(self, *, agent: str, amount: int) -> None:
        owner = self._owner(agent)
        if amount > 0:
            self.client.mint(owner.address, amount)
        self._step(self.client.deposit, owner, self._number(agent), max(amount, 0))

    def release_deposit(self, *, agent: str, amount: int) -> None:
        self._step(self.client.release_deposit, self._owner(agent), self._number(agent), max(amount, 0))

    def slash(self, *, agent: str, amount: int) -> None:
        self._step(self.client.slash, self._number(agent), max(amount, 0))

    def compensate(self, *, order: int, amount: int) -> None:
        self._step(self.client.compensate, order, max(amount, 0))

    def insurance_claim(self, *, order: int, loss: int) -> None:
        self._step(self.client.claim_insurance, order, max(loss, 0))

    # --- pools and plans

    def close_month(self, *, epoch: int) -> None:
        self._step(self.client.close_month, epoch)

    def close_year(self, *, epoch: int) -> None:
        self._step(self.client.close_year, epoch)

    def claim_support(self, *, agent: str, epoch: int) -> None:
        self._step(self.client.claim_support, epoch, [self._number(agent)])

    def claim_dividend(self, *, agent: str, epoch: int) -> None:
        self._step(self.client.claim_dividend, epoch, [self._number(agent)])

    def publish_plan(self, **parameters: PlanValue) -> None:
        changed = self._plan | parameters
        self._step(self.client.publish_plan, changed)
        self._plan = changed

    # --- clock

    def advance(self, *, days: int) -> None:
        if days:
            self._day += days
            offset = self.client.deployment.utc_offset
            self._step(self._clock.set, (self._day_zero + self._day) * DAY - offset + MORNING)

    # --- read-outs

    def state(self) -> ChainState:
        """The whole state as it is now, read once between two steps."""
        if self._state is None:
            names = {number: id for id, number in self._numbers.items()}
            self._state = read_state(self.client, names, self._day)
        return self._state

    def agents(self) -> dict[str, AgentState]:
        return self.state().agents

    def accounts(self) -> dict[str, AccountState]:
        return self.state().accounts

    def pools(self) -> dict[str, PoolState]:
        return self.state().pools

    def orders(self) -> dict[str, OrderState]:
        return self.state().orders

    def treasury(self) -> int:
        return self.state().treasury

    def escrow(self) -> int:
        return self.state().escrow

    def held(self) -> int:
        return self.state().held

    # --- ids

    def _step(self, method: Any, *arguments: Any) -> Any:
        self._state = None
        return method(*arguments)

    def _require_free(self, id: str) -> None:
        # The chain knows accounts by number; in a case file their names must mean nothing else.
        if id in RESERVED:
            raise AlreadyRegistered(id)

    def _number(self, id: str | None) -> int:
        return 0 if id is None else self._numbers.get(id, NOBODY)

    def _wallet(self, id: str) -> Signer:
        if id not in self._wallets:
            self._wallets[id] = local_signer(f"wallet of {id}")
        return self._wallets[id]

    def _owner(self, id: str) -> Signer:
        """The wallet of a participant, with coins where gas is not free."""
        if id not in self._numbers:
            return self.client.keys.anyone
        wallet = self._wallet(id)
        if wallet.nonce is None:
            give_coins(self.client.sender, [wallet])
        return wallet
