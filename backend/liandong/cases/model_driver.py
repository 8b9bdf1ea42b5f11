"""The Python model as a driver of cases."""

from __future__ import annotations

from collections.abc import Sequence

from liandong.cases.driver import AccountState, AgentState, OrderState, PlanValue, PoolState
from liandong.rules.campaigns import CampaignKind
from liandong.rules.orders import Status
from liandong.rules.people import Kind
from liandong.rules.plan import Plan
from liandong.rules.state import Ledger
from liandong.rules.terms import Channel


class ModelDriver:
    """Plays steps on a :class:`~liandong.rules.state.Ledger`. See :class:`~liandong.cases.driver.Driver`."""

    def __init__(self, plan: Plan) -> None:
        self.ledger = Ledger(plan)

    def register(self, *, id: str, kind: str) -> None:
        self.ledger.register(id, Kind(kind))

    def join(self, *, agent: str, region: int = 0, introducer: str | None = None) -> None:
        self.ledger.join(agent, region, introducer)

    def freeze(self, *, agent: str) -> None:
        self.ledger.freeze(agent)

    def unfreeze(self, *, agent: str) -> None:
        self.ledger.unfreeze(agent)

    def certify(self, *, agent: str, certified: bool = True) -> None:
        self.ledger.certify(agent, certified)

    def protect_region(self, *, region: int, holder: str) -> None:
        self.ledger.protect_region(region, holder)

    def release_region(self, *, region: int) -> None:
        self.ledger.release_region(region)

    def open_campaign(self, *, campaign: str, kind: str, target: int = 0, deadline_days: int = 0) -> None:
        self.ledger.open_campaign(campaign, CampaignKind(kind), target, deadline_days)

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
        self.ledger.order(
            Channel(channel),
            price,
            supplier,
            cost=cost,
            fees=fees,
            region=region,
            seller=seller,
            partner=partner,
            campaign=campaign,
            duty=duty,
            insurance=insurance,
        )

    def pay_balance(self, *, order: int) -> None:
        self.ledger.pay_balance(order)

    def deliver(self, *, orders: Sequence[int]) -> None:
        self.ledger.deliver(orders)

    def settle(self, *, orders: Sequence[int]) -> None:
        self.ledger.settle(orders)

    def void(self, *, orders: Sequence[int]) -> None:
        self.ledger.void(orders)

    def refund(self, *, order: int, amount: int) -> None:
        self.ledger.refund(order, amount)

    def hold(self, *, order: int) -> None:
        self.ledger.hold(order)

    def release(self, *, order: int) -> None:
        self.ledger.release(order)

    def fund(self, *, amount: int) -> None:
        self.ledger.fund(amount)

    def withdraw(self, *, account: str, amount: int) -> None:
        self.ledger.withdraw(account, amount)

    def deposit(self, *, agent: str, amount: int) -> None:
        self.ledger.deposit(agent, amount)

    def release_deposit(self, *, agent: str, amount: int) -> None:
        self.ledger.release_deposit(agent, amount)

    def slash(self, *, agent: str, amount: int) -> None:
        self.ledger.slash(agent, amount)

    def compensate(self, *, order: int, amount: int) -> None:
        self.ledger.compensate(order, amount)

    def insurance_claim(self, *, order: int, loss: int) -> None:
        self.ledger.insurance_claim(order, loss)

    def close_month(self, *, epoch: int) -> None:
        self.ledger.close_month(epoch)

    def close_year(self, *, epoch: int) -> None:
        self.ledger.close_year(epoch)

    def claim_support(self, *, agent: str, epoch: int) -> None:
        self.ledger.claim_support(agent, epoch)

    def claim_dividend(self, *, agent: str, epoch: int) -> None:
        self.ledger.claim_dividend(agent, epoch)

    def publish_plan(self, **parameters: PlanValue) -> None:
        self.ledger.publish_plan(self.ledger.plan.changed(parameters))

    def advance(self, *, days: int) -> None:
        self.ledger.advance(days)

    def agents(self) -> dict[str, AgentState]:
        return {
            agent.id: {
                "boss": agent.is_boss,
                "leader": agent.leader,
                "level": agent.level,
                "tier": agent.tier.name.lower(),
                "active": agent.active,
                "active_directs": agent.active_directs,
                "team_active": agent.team_active,
                "frozen": agent.frozen,
            }
            for agent in self.ledger.people.agents()
        }

    def accounts(self) -> dict[str, AccountState]:
        return {
            name: {
                "available": account.available,
                "debt": account.debt,
                "deposit": account.deposit,
                "withdrawn": account.withdrawn,
            }
            for name, account in self.ledger.books.accounts.items()
        }

    def pools(self) -> dict[str, PoolState]:
        books = self.ledger.books
        return {
            "support": {"balance": books.support.balance},
            "dividend": {"balance": books.dividend.balance},
        }

    def orders(self) -> dict[str, OrderState]:
        return {
            str(order.number): {
                "status": order.status.value,
                "refunded": order.refunded,
                "lines": order.lines.not_zero() if order.status in (Status.RECORDED, Status.SETTLED) else {},
            }
            for order in self.ledger.orders
        }

    def treasury(self) -> int:
        return self.ledger.books.treasury

    def escrow(self) -> int:
        return self.ledger.books.escrow

    def held(self) -> int:
        return self.ledger.books.held
