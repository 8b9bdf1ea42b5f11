"""What events about orders do to a replay: every split, every line, every refund (rules §§ 3, 4)."""

from __future__ import annotations

from collections import Counter

from liandong.audit.replay import Handler, Replay
from liandong.chain.deliveries import members
from liandong.mirror.events import PAYMENTS, Decoded
from liandong.mirror.order_events import CHANNELS
from liandong.rules.money import part
from liandong.rules.orders import Order, Status
from liandong.rules.split import LINE_NAMES, Lines
from liandong.rules.terms import Channel, Terms

BRAND_LINES = ("fees", "duty", "insurance", "platform", "fund", "dividend")
"""Lines that are told in sum, in the order of the events' values."""

_CHANNEL = {
    "RetailOrderRecorded": 0, "CampaignOrderRecorded": 1, "StoreOrderRecorded": 2,
    "CrossBorderOrderRecorded": 3,
}  # fmt: skip


def _order_told(r: Replay, e: Decoded) -> None:
    r.told.orders.append(e)


def _batch(r: Replay, e: Decoded) -> None:
    first, count, plan, day, root = e.values
    r.require("plan version in force", r.version, plan)
    r.require(f"day of batch {first}", r.today, day)
    told, r.told.orders = r.told.orders, []
    r.require(f"orders of batch {first}", list(range(first, first + count)), [one.values[0] for one in told])
    for one in told:
        _record(r, one)
        number = one.values[0]
        r.order_plans[number], r.recorded_in[number] = plan, r.block
    r.batches[first] = (first, count, plan, day, f"0x{root:064x}", r.block)


def _record(r: Replay, e: Decoded) -> None:
    number, seller, supplier, price, cost, fees = e.values[:6]
    more: dict[str, int] = {}
    duty = insurance = holder = campaign = 0
    partner: int | None = None
    match CHANNELS[_CHANNEL[e.decoder.name]]:
        case Channel.RETAIL:
            rate, leader, holder = e.values[6:]
            # the region itself is not told: one that has this holder, or the seller's own, which has none
            whose = holder or seller
            more["region"] = r.state.people.agent(str(whose)).region
        case Channel.CAMPAIGN:
            rate, leader, partner, campaign = e.values[6:]
            r.touched.campaigns.add(campaign)
        case Channel.STORE:
            rate, leader, partner = e.values[6:]
        case Channel.CROSS_BORDER:
            duty, insurance, rate, leader = e.values[6:]
    given = r.state.order(
        CHANNELS[_CHANNEL[e.decoder.name]], price, str(supplier), cost=cost, fees=fees,
        seller=str(seller) if seller else None, partner=str(partner) if partner else None,
        campaign=str(campaign) if campaign else None, duty=duty, insurance=insurance, **more,
    )  # fmt: skip
    r.require("number of the next order", given, number)
    terms = r.state.orders[-1].terms
    r.require(f"order {number} rate", terms.rate, rate)
    r.require(f"order {number} leader", int(terms.leader or 0), leader)
    r.require(f"order {number} holder", int(terms.holder or 0), holder)


def _delivered(r: Replay, e: Decoded) -> None:
    first, day, bits = e.values
    r.require(f"day of delivery in batch {first}", r.today, day)
    numbers = list(members(first, bits))
    r.state.deliver(numbers)
    r.touched.orders.update(numbers)


def _balance(r: Replay, e: Decoded) -> None:
    r.state.pay_balance(e.values[0])


def _held(r: Replay, e: Decoded) -> None:
    order, _, since, _ = e.values
    r.state.hold(order)
    r.require(f"order {order} first held on", r.state.order_numbered(order).first_held_on, since)


def _released(r: Replay, e: Decoded) -> None:
    r.state.release(e.values[0])


def _voided(r: Replay, e: Decoded) -> None:
    order, amount = e.values
    r.require(f"order {order} net", r.state.order_numbered(order).net, amount)
    r.state.void([order])


# --- settlement


def _paid(r: Replay, e: Decoded) -> None:
    order, payee, amount = e.values[:3]
    line = PAYMENTS[e.decoder.name]
    lines = r.told.payments.setdefault(order, {})
    if line in lines:
        raise r.differs(f"order {order} {line}", rules="paid once", chain="paid twice")
    lines[line] = (payee, amount)
    r.told.places.setdefault(order, e.log_index)
    if line == "service":
        r.told.held_back[order] = e.values[3]


def _settled(r: Replay, e: Decoded) -> None:
    first, bits = e.values
    numbers = list(members(first, bits))
    places: list[tuple[int, int]] = []
    at = -1
    for number in numbers:
        # an order of which nothing was told settled right after the one before it
        at = r.told.places.pop(number, at)
        places.append((at, number))
    for _, number in sorted(places):
        order = r.state.order_numbered(number)
        if order.status is Status.SETTLED:
            raise r.differs(f"order {number}", rules="settled before", chain="settled again")
        lines = order.lines
        told = r.told.payments.pop(number, {})
        for line in LINE_NAMES:
            amount = getattr(lines, line)
            if line in BRAND_LINES:
                r.told.brand[line] += amount
                continue
            payee, paid = told.get(line, (0, 0))
            r.require(f"order {number} {line}", amount, paid)
            if amount:
                r.require(f"order {number} payee of {line}", int(_payee(order.terms, line) or 0), payee)
        if lines.service:
            held_back = part(lines.service, order.plan.holdback_bps)
            r.require(f"order {number} held back", held_back, r.told.held_back.pop(number, 0))
        r.settled_in[number] = r.block
        r.touched.orders.add(number)
        if order.terms.seller is not None:
            r.touched.accounts.add(int(order.terms.seller))
        r.state.settle([number])


def _brand_paid(r: Replay, e: Decoded) -> None:
    for line, amount in zip(BRAND_LINES, e.values, strict=True):
        r.require(f"{line} of a settlement, in sum", r.told.brand.pop(line, 0), amount)


# --- refunds


def _taken(r: Replay, e: Decoded) -> None:
    _, account, amount = e.values
    r.told.taken[("debit", str(account))] += amount


def _added(r: Replay, e: Decoded) -> None:
    _, account, amount = e.values
    r.told.taken[("credit", str(account))] += amount


def _brand_taken(r: Replay, e: Decoded) -> None:
    for line, amount in zip(("fees", "platform", "fund", "dividend"), e.values[1:], strict=True):
        r.told.taken[("debit", line)] += amount


def _duty_taken(r: Replay, e: Decoded) -> None:
    for line, amount in zip(("duty", "insurance"), e.values[1:], strict=True):
        r.told.taken[("debit", line)] += amount


def _lacked(_: Replay, __: Decoded) -> None:
    """What accounts and pools lacked shows in what they have and owe, which is compared after each block."""


def _brand_added(r: Replay, e: Decoded) -> None:
    for line, amount in zip(BRAND_LINES, e.values[1:], strict=True):
        r.told.taken[("credit", line)] += amount


def _refunded(r: Replay, e: Decoded) -> None:
    number, amount, _ = e.values
    order = r.state.order_numbered(number)
    was_settled, before = order.status is Status.SETTLED, order.lines
    r.state.refund(number, amount)
    by_rules = _moves(order, before, order.lines) if was_settled else Counter()
    told, r.told.taken = r.told.taken, Counter()
    for key in dict.fromkeys((*by_rules, *told)):
        side, who = key
        r.require(f"refund of order {number}, {side} of {who}", by_rules[key], told[key])
    if was_settled and order.terms.seller is not None:
        r.touched.accounts.add(int(order.terms.seller))


def _moves(order: Order, before: Lines, after: Lines) -> Counter[tuple[str, str]]:
    """By side and payee, the brand's by line, how much each line moves."""
    moves: Counter[tuple[str, str]] = Counter()
    for (line, was), (_, now) in zip(before.items(), after.items(), strict=True):
        if was == now:
            continue
        who = line if line in BRAND_LINES else _payee(order.terms, line)
        moves[("debit" if was > now else "credit", str(who))] += abs(was - now)
    return moves


def _compensated(r: Replay, e: Decoded) -> None:
    order, amount, total = e.values
    r.state.compensate(order, amount)
    r.require(f"order {order} compensated", r.state.order_numbered(order).compensated, total)


def _insured(r: Replay, e: Decoded) -> None:
    order, seller, loss, amount = e.values
    found = r.state.order_numbered(order)
    r.state.insurance_claim(order, loss)
    r.require(f"order {order} seller", int(found.terms.seller or 0), seller)
    r.require(f"order {order} insurance paid", part(loss, found.plan.insurance_bps), amount)


def _payee(terms: Terms, line: str) -> str | None:
    return {
        "supply": terms.supplier,
        "service": terms.seller,
        "direct": terms.seller,
        "region": terms.holder,
        "host": terms.partner,
        "guide": terms.seller,
        "store": terms.partner,
        "team": terms.leader,
    }[line]


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_CHANNEL, _order_told),
    **dict.fromkeys(PAYMENTS, _paid),
    "BatchRecorded": _batch,
    "OrdersDelivered": _delivered,
    "BalancePaid": _balance,
    "OrderHeldBy": _held,
    "OrderReleasedBy": _released,
    "OrderVoided": _voided,
    "OrdersSettled": _settled,
    "BrandLinesPaid": _brand_paid,
    "PaymentTakenBack": _taken,
    "PaymentAdded": _added,
    "BrandLinesTakenBack": _brand_taken,
    "DutyTakenBack": _duty_taken,
    "PoolsLacked": _lacked,
    "DebtIncurred": _lacked,
    "BrandLinesAdded": _brand_added,
    "OrderRefunded": _refunded,
    "BuyerCompensated": _compensated,
    "InsurancePaid": _insured,
}
"""By the event's name."""
