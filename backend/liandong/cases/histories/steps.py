"""One chooser of fields for each step of a random history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liandong.cases.histories.author import NOBODY, REGIONS, Author
from liandong.errors import RuleError
from liandong.rules.accounts import BRAND_ACCOUNTS
from liandong.rules.campaigns import CampaignKind
from liandong.rules.orders import Order, Status
from liandong.rules.people import Tier
from liandong.rules.pools import Pool
from liandong.rules.recording import AMOUNT_LIMIT
from liandong.rules.terms import Channel

Fields = dict[str, Any]


def register(author: Author) -> Fields:
    """A new supplier or store; astray one that is there."""
    kind = author.rng.choice(["supplier", "store"])
    return {
        "id": author.choice([f"{kind}{len(author.steps)}"], ["sup1", "platform", author.agent()]),
        "kind": kind,
    }


def join(author: Author) -> Fields:
    """A newcomer, rather by somebody who can introduce; now and then a founder."""
    ledger = author.ledger
    agent = author.choice(
        [f"a{len(author.steps)}"],
        [*author.rng.sample([*BRAND_ACCOUNTS, "sup1", "treasury"], 2), author.agent()],
    )
    if not ledger.people.agents() or author.chance(0.08):
        return {"agent": agent, "region": author.region()}
    who_leads = {one.id for one in ledger.people.agents() if one.level < 3 and not one.frozen}
    introducer = author.agent(lambda one: one in who_leads or author.chance(author.wrong / 3))
    return {"agent": agent, "introducer": introducer, "region": author.region()}


def _agent_only(author: Author) -> Fields:
    return {"agent": author.agent()}


def unfreeze(author: Author) -> Fields:
    """Rather one who is frozen."""
    return {"agent": author.agent(lambda one: not author.not_frozen(one))}


def certify(author: Author) -> Fields:
    """Mostly yes."""
    return {"agent": author.agent(), **({"certified": author.chance(0.5)} if author.chance(0.3) else {})}


def protect_region(author: Author) -> Fields:
    """Rather by somebody of silver or above, for its own region."""
    holder = author.agent(lambda one: author.ledger.people.agent(one).tier >= Tier.SILVER)
    agents = {agent.id: agent for agent in author.ledger.people.agents()}
    own = [agents[holder].region] if holder in agents else []
    return {"region": author.choice(own, [*REGIONS, 0]), "holder": holder}


def release_region(author: Author) -> Fields:
    """Rather one that is protected."""
    return {"region": author.choice(list(author.ledger.regions), [*REGIONS, 0])}


def open_campaign(author: Author) -> Fields:
    """A small group or a presale of some days."""
    kind = author.rng.choice(list(CampaignKind)).value
    return {
        "campaign": author.choice([f"c{len(author.steps)}"], list(author.ledger.campaigns)),
        "kind": kind,
        "target": author.amount(author.rng.randint(1, 4)) if kind == "group" else None,
        "deadline_days": author.rng.choice([0, 1, 2, 3, 5, 8, 20]),
    }


def order(author: Author) -> Fields:
    """A sale in one of the theme's channels, of any size, mostly with costs that it can bear."""
    rng = author.rng
    channel = Channel(author.choice(author.theme.channels, [one.value for one in Channel]))
    price = _price(author)
    seller: str | None = author.agent(lambda one: _can_sell(author, one, channel))
    if author.chance(0.25) if channel is Channel.STORE else author.chance(author.wrong / 4):
        seller = None
    fields: Fields = {
        "channel": channel.value,
        "price": price,
        "cost": _cost(author, price),
        "fees": rng.choice([0, max(price, 0) * 6 // 1000, rng.randint(0, 50)]),
        "supplier": author.supplier(),
        "seller": seller,
        "region": author.region(),
    }
    if channel is Channel.CAMPAIGN or author.chance(author.wrong / 8):
        fields["partner"] = author.choice([author.agent(), seller], [None, "shop1", *NOBODY])
        fields["campaign"] = _campaign(author)
    if channel is Channel.STORE:
        fields["partner"] = author.store()
    if channel is Channel.CROSS_BORDER or author.chance(author.wrong / 8):
        fields["duty"] = rng.choice([0, max(price, 0) * 9 // 100, rng.randint(0, 300)])
        fields["insurance"] = rng.choice([0, max(price, 0) * 2 // 100, rng.randint(0, 90)])
    return fields


def _price(author: Author) -> int:
    rng = author.rng
    if author.chance(author.wrong / 6):
        return rng.choice([0, -5, AMOUNT_LIMIT - 1, AMOUNT_LIMIT, author.ledger.books.treasury + 1])
    most = rng.choice([40, 3_000, 60_000, 60_000, 60_000, 10_000_000])
    return rng.randint(1, max(1, min(most, author.ledger.books.treasury)))


def _cost(author: Author, price: int) -> int:
    rng = author.rng
    if author.chance(author.wrong / 6):
        return rng.choice([max(price, 0) + 1, max(price, 0), AMOUNT_LIMIT])
    return max(price, 0) * rng.choice([0, 25, 45, 45, 60, 70, 80]) // 100


def _can_sell(author: Author, id: str, channel: Channel) -> bool:
    agent = author.ledger.people.agent(id)
    return not agent.frozen and (agent.certified or channel is not Channel.CROSS_BORDER)


def _campaign(author: Author) -> str | None:
    campaigns = author.ledger.campaigns
    still_open = [id for id, one in campaigns.items() if not one.is_past(author.ledger.today)]
    return author.choice(still_open[-3:], [*campaigns, "no campaign", None])


def pay_balance(author: Author) -> Fields:
    """Rather of a presale whose balance is due."""

    def is_due(one: Order) -> bool:
        return (
            one.status is Status.RECORDED
            and one.campaign is not None
            and one.campaign.kind is CampaignKind.PRESALE
            and (too_late or not one.campaign.is_past(author.ledger.today))
        )

    too_late = author.astray()
    return {"order": author.order(is_due)}


def deliver(author: Author) -> Fields:
    """Several that are on their way."""
    return {"orders": author.orders(lambda one: one.status is Status.RECORDED and one.delivered_on is None)}


def settle(author: Author) -> Fields:
    """Several that are due, also settled ones; astray those that are not."""
    today = author.ledger.today
    if author.astray():
        joined = author.chance(0.5)
        return {
            "orders": author.orders(
                lambda one: one.status is Status.RECORDED and (not joined or one.campaign is not None), most=2
            )
        }
    again = author.chance(0.1)
    return {
        "orders": author.orders(
            lambda one: (
                (again or one.status is not Status.SETTLED) and _passes(lambda: one.check_settle(today))
            )
        )
    }


def void(author: Author) -> Fields:
    """Those that can be given up."""
    any_recorded = author.astray()
    return {
        "orders": author.orders(
            lambda one: (
                (any_recorded and one.status is Status.RECORDED)
                or _passes(lambda: one.check_void(author.ledger.today))
            ),
            most=2,
        )
    }


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except RuleError:
        return False
    return True


def refund(author: Author) -> Fields:
    """A part, all that is left, or a single minor unit; also of settled orders, in time."""
    number = author.order(lambda one: _passes(lambda: one.check_refund(1, author.ledger.today)))
    return {"order": number, "amount": author.amount(_net(author, number))}


def _net(author: Author, number: int) -> int:
    orders = author.ledger.orders
    return orders[number - 1].net if 1 <= number <= len(orders) else 100


def hold(author: Author) -> Fields:
    """Rather one that is recorded."""
    return {"order": author.order(lambda one: one.status is Status.RECORDED)}


def release(author: Author) -> Fields:
    """Rather one that is held."""
    return {"order": author.order(lambda one: one.held)}


def fund(author: Author) -> Fields:
    """Some tokens."""
    return {"amount": author.amount(author.rng.choice([1000, 50_000, 2_000_000]))}


def withdraw(author: Author) -> Fields:
    """From an account that has something, or from the treasury; astray from any name."""
    accounts = dict(author.ledger.books.accounts.items())
    filled = [
        name for name, one in accounts.items() if one.available and name not in ("insurance", "protection")
    ]
    treasury = ["treasury"] if author.theme_name == "short of money" or author.chance(0.1) else []
    account = author.choice([*filled, *treasury], [*accounts, "treasury", "support", *NOBODY])
    there = author.ledger.books.treasury if account == "treasury" else 0
    if account in accounts:
        there = accounts[account].available
    return {"account": account, "amount": author.amount(there)}


def deposit(author: Author) -> Fields:
    """Rather by somebody who owes."""
    accounts = author.ledger.books.accounts
    owes = author.chance(0.5)
    agent = author.agent(lambda one: not owes or accounts[one].debt > 0)
    return {"agent": agent, "amount": author.amount(author.rng.choice([200, 8_000]))}


def _of_deposit(author: Author) -> Fields:
    accounts = author.ledger.books.accounts
    owes = author.chance(0.3)
    agent = author.agent(lambda one: (accounts[one].debt if owes else accounts[one].deposit) > 0)
    return {"agent": agent, "amount": author.amount(accounts[agent].deposit if agent in accounts else 100)}


def compensate(author: Author) -> Fields:
    """Out of what slashes have brought."""
    number = author.order()
    protection = author.ledger.books.accounts["protection"].available
    at_most = _net(author, number) if author.astray() else min(protection, _net(author, number))
    return {"order": number, "amount": author.amount(at_most)}


def insurance_claim(author: Author) -> Fields:
    """A loss of a settled cross-border order, within its duty."""

    def is_insured(one: Order) -> bool:
        return one.terms.channel is Channel.CROSS_BORDER and (
            any_state
            or (one.status is Status.SETTLED and not one.insurance_claimed and one.lines.insurance > 0)
        )

    any_state = author.astray()
    number = author.order(is_insured)
    known = 1 <= number <= len(author.ledger.orders)
    return {
        "order": number,
        "loss": author.amount(author.ledger.orders[number - 1].lines.duty if known else 10),
    }


def close_month(author: Author) -> Fields:
    """The next."""
    return _close(author, author.ledger.books.support)


def close_year(author: Author) -> Fields:
    """The next."""
    return _close(author, author.ledger.books.dividend)


def _close(author: Author, pool: Pool) -> Fields:
    return {"epoch": author.epoch(pool.next_epoch, author.ledger.today >= pool.closes_from)}


def claim_support(author: Author) -> Fields:
    """Of the month closed last, by somebody who has weight there."""
    return _claim(author, author.ledger.books.support)


def claim_dividend(author: Author) -> Fields:
    """Of the year closed last, by somebody who has weight there."""
    return _claim(author, author.ledger.books.dividend)


def _claim(author: Author, pool: Pool) -> Fields:
    last = author.epoch(pool.next_epoch - 1, pool.next_epoch > 0)
    again = author.astray()
    return {"agent": author.agent(lambda one: again or pool.is_claimable(one)), "epoch": last}


def advance(author: Author) -> Fields:
    """To a day that matters, its eve, or some days on."""
    return {"days": author.days()}


def publish_plan(author: Author) -> Fields:
    """Some parameters change; astray one of them to what no plan may say."""
    rng = author.rng
    rates = sorted(rng.randint(0, 5000) for _ in range(5))
    good: Fields = {
        "tier_bps": rates,
        "team_bps": rng.randint(0, 2000),
        "cap_bps": rng.choice([0, 2500, 4500, 10000]),
        "fund_bps": rng.randint(0, 10000),
        "dividend_bps": rng.randint(0, 10000),
        "region_bps": rng.randint(0, 3000),
        "host_bps": rng.randint(0, 10000),
        "guide_bps": rng.randint(0, 10000),
        "service_bps": rng.randint(0, 2000),
        "holdback_bps": rng.choice([0, 1, 5000, 10000]),
        "insurance_bps": rng.randint(0, 10000),
        "return_days": rng.randint(7, 12),
        "promotion_directs": rng.randint(1, 3),
        "dividend_share_cap_bps": rng.randint(0, 10000),
        "activity_price": rng.choice([0, 1, 5000, 20000]),
        "refund_days": rng.choice([0, 7, 20, 180]),
        "deposit_lock_days": rng.choice([0, 5, 30]),
        "silver_team": rng.randint(1, 4),
        "diamond_team": rng.randint(1, 4),
    }
    bad: Fields = {
        "tier_bps": [2000, 1999, 2200, 2500, 3000],
        "team_bps": 10001,
        "return_days": 6,
        "promotion_directs": 0,
        "host_bps": 20000,
    }
    changes = {name: good[name] for name in rng.sample(sorted(good), rng.randint(1, 3))}
    if author.chance(0.25):
        name = rng.choice(sorted(bad))
        changes[name] = bad[name]
    return changes


CHOOSERS: dict[str, Callable[[Author], Fields]] = {
    "register": register,
    "join": join,
    "freeze": _agent_only,
    "unfreeze": unfreeze,
    "certify": certify,
    "protect_region": protect_region,
    "release_region": release_region,
    "open_campaign": open_campaign,
    "order": order,
    "pay_balance": pay_balance,
    "deliver": deliver,
    "settle": settle,
    "void": void,
    "refund": refund,
    "hold": hold,
    "release": release,
    "fund": fund,
    "withdraw": withdraw,
    "deposit": deposit,
    "release_deposit": _of_deposit,
    "slash": _of_deposit,
    "compensate": compensate,
    "insurance_claim": insurance_claim,
    "close_month": close_month,
    "close_year": close_year,
    "claim_support": claim_support,
    "claim_dividend": claim_dividend,
    "advance": advance,
    "publish_plan": publish_plan,
}
"""How each step's fields are chosen."""
