"""The eight scenes: a small team through all scenarios of rules § 3, told as they happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from liandong.demo.screen import Screen
from liandong.demo.stage import Stage

PLAN: Mapping[str, Any] = {"base": "seed", "silver_team": 2, "gold_team": 3, "diamond_team": 4}
"""Plan ``seed`` with low conditions, so that the tiers come about among a handful of people."""

TREASURY = 10_000_000
GUIDED = 10
"""The number of the order that Jun guides in the shop."""

SHANGHAI, BEIJING = 310000, 110000

Scene = Callable[[Stage, Screen], None]


def prologue(stage: Stage, screen: Screen) -> None:
    """Who takes part."""
    stage.do("register", id="factory", kind="supplier")
    stage.do("register", id="shop", kind="store")
    stage.do("fund", amount=TREASURY)
    stage.do("join", agent="Lin", region=SHANGHAI)
    for name in ("Mei", "Bo"):
        stage.do("join", agent=name, region=SHANGHAI, introducer="Lin")
    for name in ("Hua", "Jun"):
        stage.do("join", agent=name, region=SHANGHAI, introducer="Mei")
    stage.do("join", agent="Qing", region=BEIJING)
    screen.say(
        "Lin 林 is a boss 老板. She brought in Mei 梅 and Bo 波, and Mei Hua 华 and Jun 军: Lin's team."
    )
    screen.say("Qing 青 is another boss, in Beijing. Supplier: the factory 供货商. Store: the shop 门店.")
    screen.say("Plan: seed, with tier conditions of 2, 3 and 4 active agents instead of 30, 100 and 500.")


def direct(stage: Stage, screen: Screen) -> None:
    """1 直推."""
    screen.say("Lin sells for 200.00 (cost 80.00, fees 2.00). Delivered; after 7 days of return it settles.")
    screen.paid(stage.sale(seller="Lin", price=20_000, cost=8_000, fees=200), "direct")


def team(stage: Stage, screen: Screen) -> None:
    """2 团队."""
    screen.say(
        "Mei, of Lin's team, sells for 300.00; Bo for 120.00. Lin is paid for their sales, not for joins."
    )
    screen.paid(stage.sale(seller="Mei", price=30_000, cost=12_000, fees=300), "direct", "team")
    screen.paid(stage.sale(seller="Bo", price=12_000, cost=5_000, fees=120), "direct", "team")


def support(stage: Stage, screen: Screen) -> None:
    """3 帮扶基金."""
    stage.do("advance", days=45 - stage.day)
    stage.do("close_month", epoch=0)
    screen.say(
        "A quarter of every order's retained profit went into the fund. The month is closed 15 days after"
    )
    screen.say("its end; members share it by what they sold themselves, nobody more than that (§ 5).")
    screen.claimed(stage.claim("support", "Mei", 0), stage.claim("support", "Bo", 0))


def region(stage: Stage, screen: Screen) -> None:
    """4 区域保护."""
    stage.do("protect_region", region=SHANGHAI, holder="Lin")
    screen.say(
        "Lin is silver now and protects Shanghai. Qing of Beijing sells for 250.00, shipped to Shanghai."
    )
    screen.paid(
        stage.sale(seller="Qing", price=25_000, cost=10_000, fees=250, region=SHANGHAI), "direct", "region"
    )


def dividend(stage: Stage, screen: Screen) -> None:
    """5 年度分红."""
    screen.say(
        "Hua and Jun sell for the first time, for 80.00 and 90.00: with four active, Lin is a diamond."
    )
    screen.paid(stage.sale(seller="Hua", price=8_000, cost=3_000, fees=80), "direct", "team")
    screen.paid(stage.sale(seller="Jun", price=9_000, cost=3_500, fees=90), "direct", "team")
    screen.say(
        "Lin sells for 500.00 at a diamond's 30 %. When the year is closed, diamonds share the dividend."
    )
    screen.paid(stage.sale(seller="Lin", price=50_000, cost=20_000, fees=500), "direct", "dividend")
    stage.do("advance", days=380 - stage.day)
    stage.do("close_year", epoch=0)
    screen.claimed(stage.claim("dividend", "Lin", 0))


def campaign(stage: Stage, screen: Screen) -> None:
    """6 活动."""
    stage.do("open_campaign", campaign="tea", kind="group", target=2, deadline_days=5)
    screen.say(
        "A group buy 拼团 hosted by Mei, won with two orders. Bo and Hua bring a buyer each, for 150.00."
    )
    sold = {
        "channel": "campaign",
        "partner": "Mei",
        "campaign": "tea",
        "price": 15_000,
        "cost": 6_000,
        "fees": 150,
    }
    screen.paid(stage.sales([{"seller": "Bo", **sold}, {"seller": "Hua", **sold}]), "host", "direct", "team")


def store(stage: Stage, screen: Screen) -> None:
    """7 门店导购."""
    screen.say("In the shop, Jun guides a buyer who pays 160.00; another buyer comes alone and pays 60.00.")
    sold = {"channel": "store", "partner": "shop", "cost": 2_000, "fees": 60}
    screen.paid(stage.sale(seller="Jun", price=16_000, **sold), "guide", "store")
    screen.paid(stage.sale(price=6_000, **sold), "store")


def supply(stage: Stage, screen: Screen) -> None:
    """8 供货与代购."""
    stage.do("certify", agent="Hua")
    screen.say(
        "Hua is certified and buys abroad 代购 for 400.00, with duty 36.00 and insurance 4.00. A tenth of her"
    )
    screen.say("service fee stays as deposit. Customs ask 4.00 too much: the insurance pays 80 % of that.")
    sold = {"price": 40_000, "cost": 16_000, "fees": 400, "duty": 3_600, "insurance": 400}
    screen.paid(
        stage.sale(seller="Hua", channel="cross_border", **sold),
        "supply", "fees", "duty", "insurance", "service", "direct",
    )  # fmt: skip
    stage.pair.news()
    stage.do("insurance_claim", order=stage.last, loss=400)
    screen.happened(stage)


def epilogue(stage: Stage, screen: Screen) -> None:
    """A refund and a withdrawal, so that the reconciliation has something to reconcile."""
    screen.say("Jun's buyer in the shop sends a quarter back, 40.00: all lines move to the split of 120.00.")
    stage.pair.news()
    stage.do("refund", order=GUIDED, amount=4_000)
    screen.happened(stage)
    for name in ("Lin", "Mei", "factory"):
        stage.do("withdraw", account=name, amount=stage.pair.account(name)["available"])
    screen.say("Lin, Mei and the factory withdraw all that they have.")


SCENES: tuple[tuple[int, str, str, str, Scene], ...] = (
    (1, "直推", "direct", "who sells gets a share of the sale, by tier", direct),
    (2, "团队", "team", "the leader gets an allowance for a member's sale", team),
    (3, "帮扶基金", "support fund", "members share a month's fund by their own sales", support),
    (4, "区域保护", "region", "who protects a region shares in sales shipped to it", region),
    (5, "年度分红", "dividend", "diamonds share the year's dividend", dividend),
    (6, "活动", "campaign", "group buy: the host shares with who brought the buyer", campaign),
    (7, "门店导购", "store", "the store shares with the guide", store),
    (8, "供货与代购", "supply", "supplier, costs, and the cross-border seller's service fee", supply),
)
"""Number, names, what it is about, and the scene (rules § 3)."""
