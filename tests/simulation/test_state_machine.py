"""A state machine over all steps of the rules: model and contracts do the same, whatever comes after what.

Unlike random histories, whose author steers, hypothesis chooses here and shrinks what fails.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pydantic import TypeAdapter
from side_by_side import Pair

from liandong.cases.document import AnyStep, parse_case
from liandong.cases.model_driver import ModelDriver
from liandong.rules.invariants import check_invariants
from liandong.rules.orders import Status
from liandong.rules.pools import Pool
from liandong.rules.state import Ledger
from liandong.simulation.stage import EmbeddedStage

STEP: TypeAdapter[AnyStep] = TypeAdapter(AnyStep)

TEAM = ("老板", "amy", "bob", "cui")
NEWCOMERS = ("dai", "eve", "fang")
PEOPLE = (*TEAM, *NEWCOMERS, "sup", "shop", "nobody", "platform")
ACCOUNTS = (*PEOPLE, "treasury", "fees", "duty", "insurance", "protection", "support")
CAMPAIGNS = ("group", "presale", "late", "none")
REGIONS = (0, 310000, 440100)
LOW = {"bronze_directs": 1, "silver_team": 1, "gold_team": 2, "diamond_team": 3, "activity_price": 1}
PLANS = (
    "seed",
    {"base": "seed", **LOW},
    {"base": "case", **LOW, "holdback_bps": 5000, "cap_bps": 2600},
    {"base": "strict", **LOW, "promotion_directs": 1, "dividend_bps": 900},
)

agents = st.sampled_from((*TEAM, *TEAM, *TEAM, *PEOPLE))
people = st.sampled_from(PEOPLE)
regions = st.sampled_from(REGIONS)
numbers = st.integers(0, 30)
parts = st.sampled_from([-1, 0, 1, 3, 50, 99, 100, 100, 101])
prices = st.sampled_from([1, 99, 4_999, 10_000, 123_457]) | st.integers(1, 200_000)
channels = st.sampled_from(["retail", "campaign", "store", "cross_border"])
sales = st.fixed_dictionaries(
    {"channel": channels, "price": prices, "seller": agents, "host": agents, "region": regions,
     "cost": st.integers(0, 60), "campaign": st.sampled_from(CAMPAIGNS[:3])}
)  # fmt: skip
plan_changes = st.fixed_dictionaries(
    {},
    optional={
        "tier_bps": st.sampled_from([[1000] * 5, [100, 200, 300, 400, 10_000], [5, 4, 3, 2, 1]]),
        "team_bps": st.integers(0, 10_001),
        "promotion_directs": st.integers(0, 3),
        "return_days": st.sampled_from([6, 7, 14]),
        "dividend_share_cap_bps": st.sampled_from([0, 3_333, 10_000]),
        "silver_team": st.integers(0, 3),
        "refund_days": st.sampled_from([0, 30, 180]),
        "insurance_bps": st.sampled_from([0, 10_000]),
    },
)


class SideBySide(RuleBasedStateMachine):
    """Every rule takes steps; after each of them both states are the same, and what always holds, holds."""

    def __init__(self, stage: EmbeddedStage) -> None:
        super().__init__()
        self.stage = stage

    @initialize(
        plan=st.sampled_from(PLANS), treasury=st.sampled_from([10**6, 10**12]), settled=st.booleans(),
        sold=st.lists(sales, min_size=3, max_size=6),
    )  # fmt: skip
    def begin(self, plan: Any, treasury: int, settled: bool, sold: list[dict[str, Any]]) -> None:
        people_ = [{"id": "sup", "kind": "supplier"}, {"id": "shop", "kind": "store"}]
        written = {"plan": plan, "treasury": treasury, "participants": people_, "steps": []}
        self.pair = Pair(self.stage, parse_case(written, "state machine"))
        self.step("join", agent=TEAM[0], region=REGIONS[1])
        for agent, introducer in zip(TEAM[1:], TEAM, strict=False):
            self.step("join", agent=agent, introducer=introducer, region=REGIONS[2])
            self.step("certify", agent=agent)
        self.step("open_campaign", campaign="group", kind="group", target=2, deadline_days=20)
        self.step("open_campaign", campaign="presale", kind="presale", deadline_days=5)
        for sale, seller in zip(sold, (*TEAM, *TEAM), strict=False):
            self.sell([sale | {"seller": seller, "host": TEAM[0], "price": sale["price"] + 5_000}])
        self.work(wait=settled, settle=settled)

    @property
    def ledger(self) -> Ledger:
        assert isinstance(self.pair.model, ModelDriver)
        return self.pair.model.ledger

    def step(self, op: str, **fields: Any) -> None:
        given = {name: value for name, value in fields.items() if value is not None}
        self.pair.play(STEP.validate_python({"op": op, **given}))
        check_invariants(self.ledger)

    def number(self, chosen: int) -> int:
        """An order's number for most of what hypothesis chooses, else the next one."""
        return 1 + chosen % (len(self.ledger.orders) + 1)

    def available(self, account: str) -> int:
        accounts = self.pair.model.accounts()
        return accounts[account]["available"] if account in accounts else 100

    # --- people

    @rule(agent=st.sampled_from((*NEWCOMERS, *PEOPLE)), introducer=st.none() | agents, region=regions)
    def join(self, agent: str, introducer: str | None, region: int) -> None:
        self.step("join", agent=agent, introducer=introducer, region=region)

    @rule(
        agent=agents,
        op=st.sampled_from(["register", "freeze", "unfreeze", "unfreeze", "certify"]),
        yes=st.booleans(),
    )
    def on_person(self, agent: str, op: str, yes: bool) -> None:
        if op == "register":
            self.step(op, id=agent, kind="supplier" if yes else "store")
        else:
            self.step(op, agent=agent, certified=yes if op == "certify" else None)

    @rule(agent=agents, region=regions, protect=st.booleans())
    def on_region(self, agent: str, region: int, protect: bool) -> None:
        if protect:
            self.step("protect_region", region=region, holder=agent)
        else:
            self.step("release_region", region=region)

    # --- orders

    @rule(
        campaign=st.sampled_from(CAMPAIGNS[:3]), kind=st.sampled_from(["group", "presale"]),
        goal=st.integers(-1, 3), deadline_days=st.integers(0, 20),
    )  # fmt: skip
    def open_campaign(self, campaign: str, kind: str, goal: int, deadline_days: int) -> None:
        self.step("open_campaign", campaign=campaign, kind=kind, target=goal, deadline_days=deadline_days)

    @rule(sold=st.lists(sales, min_size=1, max_size=5))
    def sell(self, sold: list[dict[str, Any]]) -> None:
        """Orders that fit their channel; ``cost`` is a percentage."""
        for sale in sold:
            channel, price = sale["channel"], sale["price"]
            fields: dict[str, Any] = {"cost": price * sale["cost"] // 100, "fees": price // 99}
            fields["seller"] = sale["seller"]
            if channel == "retail":
                fields["region"] = sale["region"]
            elif channel == "campaign":
                fields |= {"partner": sale["host"], "campaign": sale["campaign"]}
            elif channel == "store":
                fields |= {"partner": "shop", "seller": None if price % 3 == 0 else sale["seller"]}
            else:
                fields |= {"duty": price // 9, "insurance": price // 50}
            self.step("order", channel=channel, price=price, supplier="sup", **fields)

    @rule(
        channel=channels, price=prices | st.sampled_from([-1, 0, 2**48]), supplier=st.just("sup") | people,
        seller=st.none() | agents, partner=st.none() | people,
        campaign=st.none() | st.sampled_from(CAMPAIGNS), cost=st.sampled_from([0, 2**47, 2**48]),
        duty=st.sampled_from([0, 0, 5]),
    )  # fmt: skip
    def sell_wrongly(self, **fields: Any) -> None:
        self.step("order", **fields)

    @rule(wait=st.booleans(), settle=st.booleans())
    def work(self, wait: bool, settle: bool) -> None:
        """What a day's work is: delivers whatever can be, and settles it when the window is over."""
        recorded = [order for order in self.ledger.orders if order.status is Status.RECORDED]
        self.step("deliver", orders=[order.number for order in recorded if order.delivered_on is None])
        if wait:
            self.step("advance", days=8)
        if settle:
            for order in recorded:
                self.step("settle", orders=[order.number])

    @rule(chosen=st.lists(numbers, max_size=5), op=st.sampled_from(["deliver", "settle", "void"]))
    def on_orders(self, chosen: list[int], op: str) -> None:
        self.step(op, orders=[self.number(one) for one in chosen])

    @rule(order=numbers, op=st.sampled_from(["pay_balance", "hold", "release"]))
    def on_order(self, order: int, op: str) -> None:
        self.step(op, order=self.number(order))

    @rule(order=numbers, part=parts)
    def refund(self, order: int, part: int) -> None:
        """A percentage of what is left, or a unit."""
        number = self.number(order)
        left = self.ledger.orders[number - 1].net if 1 <= number <= len(self.ledger.orders) else 100
        self.step("refund", order=number, amount=_of(left, part))

    @rule(order=numbers, part=parts)
    def insurance_claim(self, order: int, part: int) -> None:
        number = self.number(order)
        lines = self.ledger.orders[number - 1].lines if 1 <= number <= len(self.ledger.orders) else None
        self.step("insurance_claim", order=number, loss=_of(lines.duty if lines else 100, part))

    # --- money

    @rule(account=st.sampled_from(ACCOUNTS), part=parts)
    def withdraw(self, account: str, part: int) -> None:
        self.step("withdraw", account=account, amount=_of(self.available(account), part))

    @rule(agent=agents, amount=st.integers(-1, 100_000), part=parts)
    def use_deposit(self, agent: str, amount: int, part: int) -> None:
        """Deposit in, some of it slashed, some of that for a buyer, some of what is left back out."""
        self.step("deposit", agent=agent, amount=amount)
        accounts = self.pair.model.accounts()
        for op in ("slash", "release_deposit"):
            held = accounts[agent]["deposit"] if agent in accounts else 100
            self.step(op, agent=agent, amount=_of(held, part) // 2)
        self.step("compensate", order=self.number(amount), amount=_of(self.available("protection"), part))

    @rule(amount=st.sampled_from([-1, 0, 1, 10**6, 10**9]))
    def fund(self, amount: int) -> None:
        self.step("fund", amount=amount)

    # --- pools, plans, clock

    @rule(of_month=st.booleans(), early=st.booleans(), away=st.sampled_from([0, 0, 0, 1, -1]))
    def end_epoch(self, of_month: bool, early: bool, away: int) -> None:
        """Waits for the day on which the next month or year can be closed, and closes it."""
        pool = self.pool(of_month)
        self.step("advance", days=max(pool.closes_from - self.ledger.today - early, 0))
        self.step("close_month" if of_month else "close_year", epoch=max(pool.next_epoch + away, 0))

    @rule(of_month=st.booleans(), away=st.sampled_from([0, 0, 0, 0, 1, -1]), more=agents)
    def claim(self, of_month: bool, away: int, more: str) -> None:
        """Everybody of the team claims, somebody perhaps twice."""
        epoch = max(self.pool(of_month).next_epoch - 1 + away, 0)
        for agent in (*TEAM, more):
            self.step("claim_support" if of_month else "claim_dividend", agent=agent, epoch=epoch)

    def pool(self, of_month: bool) -> Pool:
        return self.ledger.books.support if of_month else self.ledger.books.dividend

    @rule(parameters=plan_changes)
    def publish_plan(self, parameters: dict[str, Any]) -> None:
        self.step("publish_plan", **parameters)

    @rule(days=st.sampled_from([0, 1, 7, 8, 15, 30, 60, 90, 180, 365]))
    def advance(self, days: int) -> None:
        self.step("advance", days=days)


def _of(whole: int, part: int) -> int:
    """A percentage, rounded up; -1, 0 and 1 are themselves."""
    return part if part <= 1 else -(-whole * part // 100)


def test_contracts_and_model_agree_whatever_comes_after_what(stage: EmbeddedStage) -> None:
    run_state_machine_as_test(lambda: SideBySide(stage), settings=settings(stateful_step_count=30))
