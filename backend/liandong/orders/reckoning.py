"""How each line of an order comes about: the rules' formula (rules § 3) with the numbers filled in.

The rules reckon; here it is only written out.
"""

from __future__ import annotations

from dataclasses import dataclass

from liandong.chain.words import TermsOnRecord
from liandong.figures import money, percent
from liandong.orders.lines import lines_of, rules_terms
from liandong.rules.money import part
from liandong.rules.plan import Plan
from liandong.rules.split import Lines, split
from liandong.rules.terms import Channel, Terms


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One figure: its name, the formula by the rules' names, the same with numbers, what it comes to."""

    name: str
    formula: str
    filled: str
    result: int
    account: int | None = None
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """All of an order's figures at one net price: those in between, and the lines that are not zero."""

    net: int
    steps: list[Reckoned]
    lines: list[Reckoned]

    @property
    def total(self) -> int:
        """The sum of all lines: the net price."""
        return sum(one.result for one in self.lines)


def reckoning(terms: TermsOnRecord, plan: Plan) -> Reckoning:
    """Everything at the net price that the terms have: price less refunds."""
    by_rules, net = rules_terms(terms), terms.price - terms.refunded
    lines = split(by_rules, net, plan)
    carried = lines.supply, lines.fees, lines.duty, lines.insurance, lines.service
    margin = net - sum(carried)
    cap = min(margin, part(net, plan.cap_bps))
    slot = min(part(net, terms.rate_bps), cap)
    steps = [
        Reckoned("net", "price − refunded", f"{money(terms.price)} − {money(terms.refunded)}", net),
        Reckoned(
            "margin", "net − supply − fees − duty − insurance − service",
            " − ".join(map(money, (net, *carried))),
            margin,
        ),
        Reckoned(
            "cap", "min(margin, ⌊net × cap_bps⌋)", f"min({money(margin)}, {_of(net, plan.cap_bps)})", cap
        ),
        Reckoned("slot", "min(⌊net × rate⌋, cap)", f"min({_of(net, terms.rate_bps)}, {money(cap)})", slot),
        Reckoned(
            "rest", "margin − slot − team", f"{money(margin)} − {money(slot)} − {money(lines.team)}",
            margin - slot - lines.team,
        ),
    ]  # fmt: skip
    written = _carried(by_rules, net, lines, plan) | _selling(by_rules, net, cap, slot, lines, plan)
    written |= _rest(margin - slot - lines.team, lines, plan)
    return Reckoning(
        net, steps,
        [
            Reckoned(one.line, *written[one.line], one.amount, one.account, one.pool)
            for one in lines_of(terms, plan)
        ],
    )  # fmt: skip


def _carried(terms: Terms, net: int, lines: Lines, plan: Plan) -> dict[str, tuple[str, str]]:
    """What the sale carries before anybody earns a share."""
    found = {
        name: (f"⌊{cost} × net ÷ price⌋", f"⌊{money(amount)} × {money(net)} ÷ {money(terms.price)}⌋")
        for name, cost, amount in (
            ("supply", "cost", terms.cost), ("fees", "fees", terms.fees), ("duty", "duty", terms.duty),
            ("insurance", "insurance", terms.insurance),
        )
    }  # fmt: skip
    return found | {"service": ("⌊net × service_bps⌋", _of(net, plan.service_bps))}


def _selling(
    terms: Terms, net: int, cap: int, slot: int, lines: Lines, plan: Plan
) -> dict[str, tuple[str, str]]:
    """The selling commission: how the slot is divided in the order's channel, and the leader's part."""
    found = {
        "team": (
            "min(⌊net × team_bps⌋, cap − slot)",
            f"min({_of(net, plan.team_bps)}, {money(cap)} − {money(slot)})",
        ),
        "region": ("min(⌊net × region_bps⌋, slot)", f"min({_of(net, plan.region_bps)}, {money(slot)})"),
        "host": ("⌊slot × host_bps⌋", _of(slot, plan.host_bps)),
        "guide": ("⌊slot × guide_bps⌋", _of(slot, plan.guide_bps)),
        "store": ("slot − guide", f"{money(slot)} − {money(lines.guide)}"),
    }
    match terms.channel:
        case Channel.RETAIL:
            direct = ("slot − region", f"{money(slot)} − {money(lines.region)}")
        case Channel.CAMPAIGN:
            direct = ("slot − host", f"{money(slot)} − {money(lines.host)}")
        case _:
            direct = ("slot", money(slot))
    return found | {"direct": direct}


def _rest(rest: int, lines: Lines, plan: Plan) -> dict[str, tuple[str, str]]:
    """What is left after the sale's costs and the selling commission."""
    return {
        "fund": ("⌊rest × fund_bps⌋", _of(rest, plan.fund_bps)),
        "dividend": (
            "⌊(rest − fund) × dividend_bps⌋",
            f"⌊({money(rest)} − {money(lines.fund)}) × {percent(plan.dividend_bps)}⌋",
        ),
        "platform": (
            "rest − fund − dividend",
            f"{money(rest)} − {money(lines.fund)} − {money(lines.dividend)}",
        ),
    }


def _of(amount: int, bps: int) -> str:
    return f"⌊{money(amount)} × {percent(bps)}⌋"
