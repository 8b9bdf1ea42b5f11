"""What happens in the shop, day by day: made up, but always the same for the same day.

So the shop keeps nothing of its own: after a restart it asks for the same once more, under the same keys.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

PLAN: Mapping[str, Any] = {"base": "seed", "silver_team": 4, "gold_team": 8, "diamond_team": 16}
"""Plan ``seed`` with low conditions, so that tiers come about among a few dozen people."""

OPENING_TREASURY = 5_000_000

SUPPLIERS = ("Nanfang 南方", "Xihu 西湖")
STORE = "Corner 街角"
NAMES = (
    "Lin 林", "Qing 青", "Mei 梅", "Bo 波", "Hua 华", "Jun 军", "Yan 燕", "Tao 涛", "Xue 雪", "Lan 兰",
    "Gang 刚", "Ping 平", "Fang 芳", "Wei 伟", "Na 娜", "Lei 磊", "Min 敏", "Jing 静", "Li 丽", "Qiang 强",
    "Juan 娟", "Yong 勇", "Xia 霞", "Jie 杰", "Yun 云", "Chao 超", "Ying 英", "Ming 明", "Dan 丹", "Hui 辉",
)  # fmt: skip
FOUNDERS, FIRST_DAY, EVERY = 2, 12, 6
"""Agents without an introducer, those who are there from the beginning, days until the next one."""

REGIONS = (310000, 110000, 440000, 330000)
"""Where agents live and buyers are: Shanghai, Beijing, Guangdong, Zhejiang."""

DELIVERY_DAYS = 2


@dataclass(frozen=True, slots=True)
class Agent:
    """One who sells. ``introducer`` is a place among the agents, None for a founder."""

    place: int
    name: str
    introducer: int | None
    region: int
    joins_on: int


@dataclass(frozen=True, slots=True)
class Sale:
    """One order by the mall's id; who is in it by name. Amounts in minor units."""

    id: str
    channel: str
    price: int
    cost: int
    fees: int
    supplier: str
    seller: str | None
    partner: str | None
    region: int


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund of an order, whole or in part."""

    order_id: str
    amount: int


@cache
def agents() -> tuple[Agent, ...]:
    """All who ever join, in that order; nobody is more than two introductions below a founder."""
    dice = random.Random("agents")
    found: list[Agent] = []
    depth: list[int] = []
    for place, name in enumerate(NAMES):
        introducer = None
        if place >= FOUNDERS:
            introducer = dice.choice([one.place for one in found if depth[one.place] < 2])
        depth.append(0 if introducer is None else depth[introducer] + 1)
        joins_on = 0 if place < FIRST_DAY else (place - FIRST_DAY + 1) * EVERY
        found.append(Agent(place, name, introducer, dice.choice(REGIONS), joins_on))
    return tuple(found)


def present(day: int) -> list[Agent]:
    """Who can sell on a day."""
    return [agent for agent in agents() if agent.joins_on <= day]


@cache
def sales(day: int) -> tuple[Sale, ...]:
    """The orders of a day."""
    dice = random.Random(f"sales of {day}")
    found: list[Sale] = []
    for number in range(dice.randint(3, 7)):
        price = dice.randrange(5_900, 69_900, 100)
        in_store = dice.random() < 0.2
        seller = None if in_store and dice.random() < 0.4 else dice.choice(present(day)).name
        found.append(
            Sale(
                id=f"D{day:05}-{number + 1}", channel="store" if in_store else "retail", price=price,
                cost=price * dice.randint(35, 50) // 100, fees=price // 100,
                supplier=dice.choice(SUPPLIERS), seller=seller, partner=STORE if in_store else None,
                region=0 if in_store else dice.choice(REGIONS),
            )
        )  # fmt: skip
    return tuple(found)


def refunds(day: int) -> list[Refund]:
    """Of yesterday's orders some are cancelled; of those settled lately some come back in part."""
    return cancelled(day - 1) + [
        Refund(sale.id, sale.price // 2)
        for sale in _of(day - 14)
        if sale not in _cancelled(day - 14) and _chance(f"return of {sale.id}", 0.08)
    ]


def cancelled(day: int) -> list[Refund]:
    """Orders of a day that never leave the warehouse."""
    return [Refund(sale.id, sale.price) for sale in _cancelled(day)]


def deliveries(day: int) -> list[str]:
    """Orders that arrive on a day."""
    ordered = day - DELIVERY_DAYS
    return [sale.id for sale in _of(ordered) if sale not in _cancelled(ordered)]


def holds(day: int) -> list[str]:
    """Orders that look odd two days after they arrived."""
    return [one for one in deliveries(day - 2) if _chance(f"hold of {one}", 0.04)]


def releases(day: int) -> list[str]:
    """Orders that were looked into, and are as they should be."""
    return holds(day - 10)


def _of(day: int) -> tuple[Sale, ...]:
    return sales(day) if day >= 0 else ()


def _cancelled(day: int) -> list[Sale]:
    return [sale for sale in _of(day) if _chance(f"cancelling {sale.id}", 0.06)]


def _chance(what: str, share: float) -> bool:
    return random.Random(what).random() < share
