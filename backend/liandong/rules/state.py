"""The ledger: the whole state of a deployment, with one method a step (rules § 4).

Each method makes its checks in the order of the rules' table and changes nothing before the last one has
passed, so that a step that fails leaves no trace. Who may call what is the contracts' business: the ledger
has no roles.
"""

from __future__ import annotations

from collections.abc import Sequence

from liandong.errors import (
    AlreadyClaimed,
    AlreadyDelivered,
    AlreadyRegistered,
    AlreadySettled,
    CampaignClosed,
    CampaignExists,
    DebtOutstanding,
    DepositLocked,
    InsufficientBalance,
    InsufficientDeposit,
    InsufficientTreasury,
    InvalidAmount,
    LossExceedsDuty,
    NotHeld,
    NotInsured,
    NotSettled,
    NotWithdrawable,
    OrderClosed,
    RefundExceedsPrice,
    RegionFree,
    RegionMismatch,
    RegionTaken,
    RuleError,
    TierTooLow,
    UnknownOrder,
    UnknownParticipant,
    WrongChannel,
)
from liandong.rules.accounts import NOT_WITHDRAWABLE, RESERVED, TREASURY
from liandong.rules.books import Books
from liandong.rules.campaigns import Campaign, CampaignKind
from liandong.rules.money import part
from liandong.rules.orders import Order, Status
from liandong.rules.people import Kind, People, Tier
from liandong.rules.plan import Plan
from liandong.rules.pools import Pool
from liandong.rules.recording import Sale, terms_of
from liandong.rules.terms import Channel


class Ledger:
    """A deployment: people, orders, accounts, pools and the day. Starts empty, under ``plan``, on day 0."""

    def __init__(self, plan: Plan) -> None:
        self.today = 0
        self.plan = plan
        self.people = People()
        self.books = Books()
        self.orders: list[Order] = []
        self.campaigns: dict[str, Campaign] = {}
        self.regions: dict[int, str] = {}

    # --- look-ups

    def order_numbered(self, number: int) -> Order:
        """The order of this number; ``UnknownOrder``."""
        if not 1 <= number <= len(self.orders):
            raise UnknownOrder(str(number))
        return self.orders[number - 1]

    # --- clock and plans (rules § 2)

    def advance(self, days: int) -> None:
        """Moves the clock by whole days."""
        if days < 0:
            raise ValueError("time does not run backwards")
        self.today += days

    def publish_plan(self, plan: Plan) -> None:
        """Puts a new version in force; orders keep the one that they were recorded under."""
        self.plan = plan

    # --- people (rules § 1)

    def register(self, id: str, kind: Kind) -> None:
        """Registers a supplier or a store."""
        self._check_new(id)
        self.people.register(id, kind)
        self.books.accounts.open(id)

    def join(self, agent: str, region: int = 0, introducer: str | None = None) -> None:
        """An agent joins by an introducer, or as a founder."""
        self._check_new(agent)
        self.people.join(agent, region, introducer)
        self.books.accounts.open(agent)

    def freeze(self, agent: str) -> None:
        """Stops an agent from selling, introducing and taking money out. Again changes nothing."""
        self.people.agent(agent).frozen = True

    def unfreeze(self, agent: str) -> None:
        """Undoes :meth:`freeze`. Again changes nothing."""
        self.people.agent(agent).frozen = False

    def certify(self, agent: str, certified: bool = True) -> None:
        """Allows an agent to sell cross-border, or no longer."""
        self.people.agent(agent).certified = certified

    def protect_region(self, region: int, holder: str) -> None:
        """Protects an agent's own region for it."""
        agent = self.people.agent(holder)
        if agent.tier < Tier.SILVER:
            raise TierTooLow(f"{holder} is {agent.tier.name.lower()}")
        if region in self.regions:
            raise RegionTaken(f"{region} by {self.regions[region]}")
        if region == 0 or region != agent.region:
            raise RegionMismatch(f"{region}, {holder} is of {agent.region}")
        self.regions[region] = holder

    def release_region(self, region: int) -> None:
        """Ends a region's protection."""
        if region not in self.regions:
            raise RegionFree(str(region))
        del self.regions[region]

    def _check_new(self, id: str) -> None:
        # Names of accounts and pools count as taken: one name must never mean two accounts.
        if id in RESERVED or self.people.kind(id) is not None:
            raise AlreadyRegistered(id)

    # --- recording (rules § 3)

    def open_campaign(
        self, campaign: str, kind: CampaignKind, target: int = 0, deadline_days: int = 0
    ) -> None:
        """Opens a group or a presale; the deadline day is today + ``deadline_days``."""
        if campaign in self.campaigns:
            raise CampaignExists(campaign)
        if kind is CampaignKind.GROUP and target < 1:
            raise InvalidAmount(f"target {target}")
        self.campaigns[campaign] = Campaign(kind, target, self.today + deadline_days)

    def order(
        self,
        channel: Channel,
        price: int,
        supplier: str,
        *,
        cost: int = 0,
        fees: int = 0,
        region: int = 0,
        seller: str | None = None,
        partner: str | None = None,
        campaign: str | None = None,
        duty: int = 0,
        insurance: int = 0,
    ) -> int:
        """Records a paid sale; returns its number. Its terms are fixed here for good."""
        sale = Sale(channel, price, supplier, cost, fees, region, seller, partner, campaign, duty, insurance)
        terms = terms_of(sale, self.people, self.campaigns, self.regions, self.plan, self.today)
        if price > self.books.treasury:
            raise InsufficientTreasury(f"holds {self.books.treasury}, the price is {price}")
        self.books.into_escrow(price)
        joined = self.campaigns[campaign] if campaign is not None else None
        if joined is not None:
            joined.recorded += 1
        number = len(self.orders) + 1
        self.orders.append(Order(number, terms, self.plan, self.today, joined))
        return number

    # --- an order's life

    def pay_balance(self, order: int) -> None:
        """The rest of a presale order is paid. Again, while the campaign is open, changes nothing."""
        paid = self.order_numbered(order)
        paid.check_recorded()
        if paid.campaign is None or paid.campaign.kind is not CampaignKind.PRESALE:
            raise WrongChannel(f"order {order} is not of a presale")
        if paid.campaign.is_past(self.today):
            raise CampaignClosed(f"since the end of day {paid.campaign.deadline}")
        paid.balance_paid = True

    def deliver(self, orders: Sequence[int]) -> None:
        """The orders were delivered today: all or none."""
        named: dict[int, Order] = {}
        for number in orders:
            order = self.order_numbered(number)
            order.check_recorded()
            if order.delivered_on is not None or number in named:
                raise AlreadyDelivered(f"order {number}")
            named[number] = order
        for order in named.values():
            order.delivered_on = self.today

    def settle(self, orders: Sequence[int]) -> None:
        """Pays the orders' lines, in the order given: all or none. Settled orders are passed over."""
        for number in orders:
            self.order_numbered(number).check_settle(self.today)
        for number in orders:
            order = self.order_numbered(number)
            if order.status is not Status.SETTLED:
                self._settle(order)

    def _settle(self, order: Order) -> None:
        terms, lines = order.terms, order.lines
        order.status = Status.SETTLED
        order.settled_on = self.today
        self.books.pay(terms, lines, order.plan, self.today)
        if terms.seller is None:
            return
        # By the terms: a seller that has become a boss since is still paid as the member that it was.
        if terms.leader is not None:
            self.books.support.add_weight(terms.seller, lines.own, self.today)
        if self.people.agent(terms.seller).tier is Tier.DIAMOND:
            self.books.dividend.add_weight(terms.seller, order.net, self.today)
        if order.net >= order.plan.activity_price:
            self.people.activate(terms.seller, self.plan)

    def void(self, orders: Sequence[int]) -> None:
        """Gives up orders, held or not: escrow goes back to the treasury. All or none."""
        named: dict[int, Order] = {}
        for number in orders:
            order = self.order_numbered(number)
            order.check_void(self.today)
            if number in named:
                raise OrderClosed(f"order {number} is named twice")
            named[number] = order
        for order in named.values():
            order.status = Status.VOID
            self.books.out_of_escrow(order.net)

    def refund(self, order: int, amount: int) -> None:
        """Refunds a part of an order: from escrow before settlement, from everybody's lines after it."""
        refunded = self.order_numbered(order)
        refunded.check_refund(amount, self.today)
        if refunded.status is Status.SETTLED:
            self._take_back(refunded, amount)
        else:
            self.books.out_of_escrow(amount)
        refunded.refunded += amount
        if refunded.net == 0 and refunded.status is Status.RECORDED:
            refunded.status = Status.REFUNDED

    def _take_back(self, order: Order, amount: int) -> None:
        before, after = order.lines, order.lines_at(order.net - amount)
        self.books.move(order.terms, before, after, self.today)
        if order.terms.seller is not None:
            # From whatever weight the seller has there, also if this order gave it none.
            self.books.support.take_weight(order.terms.seller, max(before.own - after.own, 0), self.today)
            self.books.dividend.take_weight(order.terms.seller, amount, self.today)

    def hold(self, order: int) -> None:
        """Stops an order from settling, until 60 days after its first hold at most."""
        held = self.order_numbered(order)
        if held.status is Status.SETTLED:
            raise AlreadySettled(f"order {order}")
        held.check_recorded()
        held.hold(self.today)

    def release(self, order: int) -> None:
        """Undoes :meth:`hold`, also one that has lapsed."""
        held = self.order_numbered(order)
        if not held.held:
            raise NotHeld(f"order {order}")
        held.held = False

    # --- money

    def fund(self, amount: int) -> None:
        """Tokens into the treasury."""
        if amount <= 0:
            raise InvalidAmount(str(amount))
        self.books.take_in(amount)

    def withdraw(self, account: str, amount: int) -> None:
        """Tokens to the account's owner."""
        if account in NOT_WITHDRAWABLE:
            raise NotWithdrawable(account)
        if account == TREASURY:
            _check_covered(amount, self.books.treasury, InsufficientBalance)
            self.books.pay_out(amount)
            return
        if account not in self.books.accounts:
            raise UnknownParticipant(f"no account {account}")
        if self.people.kind(account) is Kind.AGENT:
            self.people.agent_not_frozen(account)
        _check_covered(amount, self.books.accounts[account].available, InsufficientBalance)
        self.books.pay_out_available(account, amount)

    def deposit(self, agent: str, amount: int) -> None:
        """Tokens into an agent's deposit, debt first."""
        self.people.agent(agent)
        if amount <= 0:
            raise InvalidAmount(str(amount))
        self.books.take_in_deposit(agent, amount)

    def release_deposit(self, agent: str, amount: int) -> None:
        """Tokens out of an agent's deposit."""
        self.people.agent_not_frozen(agent)
        account = self.books.accounts[agent]
        if account.debt > 0:
            raise DebtOutstanding(f"{agent} owes {account.debt}")
        locked_until = self.books.deposit_locked_until.get(agent, 0)
        if self.today < locked_until:
            raise DepositLocked(f"until day {locked_until}, today is {self.today}")
        _check_covered(amount, account.deposit, InsufficientDeposit)
        self.books.pay_out_deposit(agent, amount)

    def slash(self, agent: str, amount: int) -> None:
        """An agent's deposit to ``protection``."""
        self.people.agent(agent)
        account = self.books.accounts[agent]
        _check_covered(amount, account.deposit, InsufficientDeposit)
        account.deposit -= amount
        self.books.accounts.credit("protection", amount)

    def compensate(self, order: int, amount: int) -> None:
        """``protection`` pays the treasury for a buyer's refund, whatever the order's state."""
        compensated = self.order_numbered(order)
        _check_covered(amount, compensated.terms.price - compensated.compensated, RefundExceedsPrice)
        _check_covered(amount, self.books.accounts["protection"].available, InsufficientBalance)
        self.books.accounts.debit("protection", amount)
        compensated.compensated += amount

    def insurance_claim(self, order: int, loss: int) -> None:
        """``insurance`` pays its part of a duty loss to the seller, once an order."""
        claimed = self.order_numbered(order)
        if claimed.terms.channel is not Channel.CROSS_BORDER or claimed.terms.seller is None:
            raise WrongChannel(f"order {order} is {claimed.terms.channel}")
        if claimed.status is not Status.SETTLED:
            raise NotSettled(f"order {order}")
        if claimed.insurance_claimed:
            raise AlreadyClaimed(f"order {order}")
        if claimed.lines.insurance == 0:
            raise NotInsured(f"order {order}")
        _check_covered(loss, claimed.lines.duty, LossExceedsDuty)
        paid = part(loss, claimed.plan.insurance_bps)
        insurance = self.books.accounts["insurance"]
        if paid > insurance.available:
            raise InsufficientBalance(f"insurance holds {insurance.available}, {paid} are due")
        insurance.available -= paid
        self.books.accounts.credit(claimed.terms.seller, paid)
        claimed.insurance_claimed = True

    # --- pools (rules § 5)

    def close_month(self, epoch: int) -> None:
        """Closes a month of the support fund."""
        self.books.support.close(epoch, self.today)

    def close_year(self, epoch: int) -> None:
        """Closes a year of the dividend, under the share cap of the plan in force."""
        self.books.dividend.close(epoch, self.today, self.plan.dividend_share_cap_bps)

    def claim_support(self, agent: str, epoch: int) -> None:
        """Pays an agent its part of a month; anyone may ask for it, also while the agent is frozen."""
        self._claim(self.books.support, agent, epoch)

    def claim_dividend(self, agent: str, epoch: int) -> None:
        """Pays an agent its part of a year; anyone may ask for it, also while the agent is frozen."""
        self._claim(self.books.dividend, agent, epoch)

    def _claim(self, pool: Pool, agent: str, epoch: int) -> None:
        self.people.agent(agent)
        self.books.accounts.credit(agent, pool.claim(agent, epoch))


def _check_covered(amount: int, there: int, error: type[RuleError]) -> None:
    if not 0 < amount <= there:
        raise error(f"{amount} of {there}")
