"""What a draft would pay on an order, beside what the plan in force pays (rules § 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from liandong.pages.plans.fields import LONGEST, TIERS, Unit, text_of, value_of
from liandong.plans.sample import SITUATIONS, SampleOrder, Situation, lines_of, table
from liandong.rules.people import Tier
from liandong.rules.plan import Plan
from liandong.rules.recording import AMOUNT_LIMIT
from liandong.rules.split import LINE_NAMES, Lines
from liandong.rules.terms import Channel

AMOUNTS = ("price", "cost", "fees", "duty", "insurance")
ABROAD = ("duty", "insurance")
CHOICES: Mapping[str, tuple[Channel, ...]] = {
    "leader": tuple(Channel), "holder": (Channel.RETAIL,), "own_campaign": (Channel.CAMPAIGN,),
    "unguided": (Channel.STORE,),
}  # fmt: skip
"""What can be ticked, and in which channels it says something."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An order as the visitor wrote it. ``wrong``: errors' names by input; with one, it is not tried."""

    texts: Mapping[str, str]
    channel: Channel
    tier: Tier
    ticked: frozenset[str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> SampleOrder:
        """Its amounts, in minor units."""
        read = {name: value_of(self.texts[name], Unit.MONEY) for name in AMOUNTS}
        return SampleOrder(**{name: value for name, value in read.items() if isinstance(value, int)})

    @property
    def situation(self) -> Situation:
        """Who takes part."""
        has = {name for name in self.ticked if self.channel in CHOICES[name]}
        sold = "unguided" not in has
        return Situation(
            (), "", self.channel, leader=sold and "leader" in has, holder="holder" in has, seller=sold,
            own_campaign="own_campaign" in has,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """One amount under both plans, in minor units; None where that plan is none or refuses the order."""

    name: str
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """After less before."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Checked:
    """One situation of the table of `liandong plan check`: its lines, each by tier."""

    situation: Situation
    refused: bool
    lines: Mapping[str, tuple[Beside, ...]]


async def _from_address(request: Request) -> Trial:
    given = request.query_params
    usual = SampleOrder()
    texts = {
        name: given.get(name, text_of(getattr(usual, name), Unit.MONEY))[:LONGEST].strip() for name in AMOUNTS
    }
    channel = given.get("channel", Channel.RETAIL)
    tier = given.get("tier", TIERS[0])
    fresh = "channel" not in given
    return Trial(
        texts,
        Channel(channel) if channel in set(Channel) else Channel.RETAIL,
        Tier[tier.upper()] if tier in TIERS else Tier.STARTER,
        frozenset({"leader"} if fresh else (name for name in CHOICES if name in given)),
        dict(_wrong(texts)),
    )


InAddress = Annotated[Trial, Depends(_from_address)]
"""The order of the address, or the usual one."""


def _wrong(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in texts.items():
        value = value_of(text, Unit.MONEY)
        if isinstance(value, str):
            yield name, "InvalidAmount"
        elif name == "price" and value == 0:
            yield name, "InvalidPrice"
        elif value >= AMOUNT_LIMIT:
            yield name, "AmountTooLarge"


def beside(trial: Trial, before: Plan, after: Plan | None) -> list[Beside]:
    """Each line that one of them pays, then what agents get together. Nothing where the order is wrong."""
    if trial.wrong:
        return []
    old = lines_of(before, trial.situation, trial.order, trial.tier)
    new = lines_of(after, trial.situation, trial.order, trial.tier) if after else None
    rows = [Beside(name, _line(old, name), _line(new, name)) for name in LINE_NAMES]
    rows = [row for row in rows if row.before or row.after or row.name == "platform"]
    return [*rows, Beside("agents", _agents(old), _agents(new))]


def checked(before: Plan, after: Plan) -> list[Checked]:
    """The table of `liandong plan check`: an order of 100.00 in each situation, for each tier."""
    order = SampleOrder()
    found = []
    for old, new in zip(table(before, order), table(after, order), strict=True):
        lines = {
            name: tuple(
                Beside(tier, _line(a, name), _line(b, name))
                for tier, a, b in zip(TIERS, old.lines, new.lines, strict=True)
            )
            for name in LINE_NAMES
        }
        lines = {
            name: cells for name, cells in lines.items() if any(one.before or one.after for one in cells)
        }
        found.append(Checked(new.situation, None in new.lines, lines))
    return found


def number_of(situation: Situation) -> int:
    """A situation's place in the table, from 1."""
    return SITUATIONS.index(situation) + 1


def _line(lines: Lines | None, name: str) -> int | None:
    return getattr(lines, name) if lines is not None else None


def _agents(lines: Lines | None) -> int | None:
    """What people other than supplier, store and brand get at once."""
    return None if lines is None else lines.selling - lines.store + lines.service
