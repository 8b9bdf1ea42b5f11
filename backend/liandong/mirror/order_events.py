"""What events about orders change: recording, delivery, payments, settlement, refunds (rules §§ 3, 4, 5)."""

from __future__ import annotations

from collections.abc import Callable

from liandong.chain.deliveries import members
from liandong.chain.words import CAMPAIGN, CROSS_BORDER, RETAIL, STORE
from liandong.mirror.derived import ACCOUNT, BOOK, ORDER, PERSON, Derived
from liandong.mirror.errors import EventsContradict
from liandong.mirror.events import Decoded
from liandong.mirror.people_events import DIAMOND
from liandong.rules.split import Lines, split
from liandong.rules.terms import Channel, Terms

CHANNELS = (Channel.RETAIL, Channel.CAMPAIGN, Channel.STORE, Channel.CROSS_BORDER)
PLATFORM, FEES, DUTY, INSURANCE = 1, 2, 3, 4


# --- recording


def _record(
    s: Derived, channel: int, order: int, seller: int, supplier: int, price: int, cost: int, fees: int,
    rate: int, leader: int, partner: int = 0, campaign: int = 0, duty: int = 0, insurance: int = 0,
) -> None:  # fmt: skip
    # batch, plan and day are told once, in the event that ends the batch
    row = [
        order, 0, channel, price, cost, fees, duty, insurance, seller, supplier, partner, campaign, leader,
        rate, 0, 0, 0, "recorded", None, None, None, False, False, None, 0, False, s.block,
    ]  # fmt: skip
    s.recorded.append(row)


def retail(s: Derived, e: Decoded) -> None:
    """零售."""
    order, seller, supplier, price, cost, fees, rate, leader, holder = e.values
    _record(s, RETAIL, order, seller, supplier, price, cost, fees, rate, leader, holder)


def of_campaign(s: Derived, e: Decoded) -> None:
    """活动."""
    order, seller, supplier, price, cost, fees, rate, leader, host, campaign = e.values
    _record(s, CAMPAIGN, order, seller, supplier, price, cost, fees, rate, leader, host, campaign)


def of_store(s: Derived, e: Decoded) -> None:
    """门店."""
    order, guide, supplier, price, cost, fees, rate, leader, store = e.values
    _record(s, STORE, order, guide, supplier, price, cost, fees, rate, leader, store)


def cross_border(s: Derived, e: Decoded) -> None:
    """代购."""
    order, seller, supplier, price, cost, fees, duty, insurance, rate, leader = e.values
    _record(s, CROSS_BORDER, order, seller, supplier, price, cost, fees, rate, leader,
            duty=duty, insurance=insurance)  # fmt: skip


def batch(s: Derived, e: Decoded) -> None:
    """The end of a batch: its orders are on record."""
    first, count, plan, day, root = e.values
    book = s.book
    told = [row[ORDER.number] for row in s.recorded]
    if told != list(range(first, first + count)) or first != book[BOOK.orders] + 1:
        raise EventsContradict(
            f"block {e.block}: {count} orders from {first} on were told to be a batch, but {len(told)} from "
            f"{book[BOOK.orders] + 1} on were told"
        )
    total = 0
    for row in s.recorded:
        row[ORDER.batch_first], row[ORDER.plan], row[ORDER.day] = first, plan, day
        total += row[ORDER.price]
        if row[ORDER.campaign]:
            campaign = s.campaigns.change(row[ORDER.campaign])
            assert campaign is not None
            campaign[-1] += 1
        s.orders.add(row[ORDER.number], row)
    s.recorded.clear()
    s.batches.add(first, [first, count, plan, day, f"0x{root:064x}", e.block])
    book[BOOK.orders] += count
    book[BOOK.treasury] -= total
    book[BOOK.escrow] += total


def campaign_opened(s: Derived, e: Decoded) -> None:
    """拼团; a target beyond 63 bits is never reached, whichever it is."""
    number, target, deadline = e.values
    s.campaigns.add(number, [number, "group", min(target, 2**63 - 1), deadline, 0])


def presale_opened(s: Derived, e: Decoded) -> None:
    """直播预售."""
    number, deadline = e.values
    s.campaigns.add(number, [number, "presale", 0, deadline, 0])


# --- on the way


def delivered(s: Derived, e: Decoded) -> None:
    """Orders of one batch. Their days tell the batch's words (:func:`liandong.chain.deliveries.words_of`)."""
    first, day, bits = e.values
    for order in members(first, bits):
        s.order(order)[ORDER.delivered_on] = day


def balance_paid(s: Derived, e: Decoded) -> None:
    """A presale's."""
    s.order(e.values[0])[ORDER.balance_paid] = True


def held(s: Derived, e: Decoded) -> None:
    """A hold; ``since`` is the day of the first one."""
    row = s.order(e.values[0])
    row[ORDER.held], row[ORDER.first_held_on] = True, e.values[2]


def released(s: Derived, e: Decoded) -> None:
    """The end of a hold."""
    s.order(e.values[0])[ORDER.held] = False


def voided(s: Derived, e: Decoded) -> None:
    """Escrow back into the treasury."""
    s.order(e.values[0])[ORDER.state] = "void"
    _out_of_escrow(s, e.values[1])


# --- settlement


def paid(s: Derived, e: Decoded) -> None:
    """A line that gives no weight: supply, region, host, store, team."""
    order, payee, amount = e.values
    if order not in s.settling:
        s.settling[order] = (e.log_index, 0)
    s.credit(payee, amount)


def paid_seller(s: Derived, e: Decoded) -> None:
    """The seller's own lines: direct, guide."""
    order, seller, amount = e.values
    at, own = s.settling.get(order, (e.log_index, 0))
    s.settling[order] = (at, own + amount)
    s.credit(seller, amount)


def paid_service(s: Derived, e: Decoded) -> None:
    """The service fee: the holdback to the deposit, the rest available."""
    order, seller, amount, held_back = e.values
    s.settling.setdefault(order, (e.log_index, 0))
    if held_back:
        s.credit_deposit(seller, held_back)
        lock = s.plan(s.order(order)[ORDER.plan]).deposit_lock_days
        s.account(seller)[ACCOUNT.locked_until] = s.day + lock
    s.credit(seller, amount - held_back)


def settled(s: Derived, e: Decoded) -> None:
    """Orders of one batch: their payments were told before this, in the order of settlement.

    A diamond's order gives it weight if it was one before the order settled (rules § 5).
    """
    first, bits = e.values
    orders = [s.order(number) for number in members(first, bits)]
    s.participants.load(row[ORDER.seller] for row in orders if row[ORDER.seller])
    s.weights.load(("support", s.month, row[ORDER.seller]) for row in orders if row[ORDER.leader])
    escrow, at = 0, e.log_index
    for row in reversed(orders):
        net = row[ORDER.price] - row[ORDER.refunded]
        escrow += net
        row[ORDER.state], row[ORDER.settled_on], row[ORDER.settled_block] = "settled", s.day, s.block
        # an order of which nothing was told settled right before the one after it
        at, own = s.settling.pop(row[ORDER.number], (at, 0))
        seller = row[ORDER.seller]
        if not seller:
            continue
        if own and row[ORDER.leader]:
            s.add_weight("support", s.month, seller, own)
        person = s.participants.find(seller)
        if person is not None and person[PERSON.tier] == DIAMOND and s.diamonds.get(seller, -1) < at:
            s.add_weight("dividend", s.year, seller, net)
    s.book[BOOK.escrow] -= escrow


def brand_paid(s: Derived, e: Decoded) -> None:
    """The brand's lines of a settle call, in sum."""
    fees, duty, insurance, platform, fund, dividend = e.values
    _credit_brand(s, fees, duty, insurance, platform)
    s.gather(fund, dividend)


# --- refunds


def taken_back(s: Derived, e: Decoded) -> None:
    """From a payee."""
    _, account, amount = e.values
    _debit(s, account, amount)


def brand_taken_back(s: Derived, e: Decoded) -> None:
    """From the brand's accounts and the pools; the platform pays what the pools lack."""
    _, fees, platform, fund, dividend = e.values
    got = s.drain("support", fund) + s.drain("dividend", dividend)
    s.book[BOOK.treasury] += got
    lacking = fund + dividend - got
    if lacking:
        s.owing[None] = lacking
    _debit(s, FEES, fees)
    _debit(s, PLATFORM, platform + lacking)


def duty_taken_back(s: Derived, e: Decoded) -> None:
    """From the accounts for duty and insurance."""
    _, duty, insurance = e.values
    _debit(s, DUTY, duty)
    _debit(s, INSURANCE, insurance)


def debt_incurred(s: Derived, e: Decoded) -> None:
    """What an account lacked, as the events before come to it."""
    order, account, amount = e.values
    _require_owing(s, e, order, account, amount)


def pools_lacked(s: Derived, e: Decoded) -> None:
    """What the pools lacked, as the events before come to it."""
    order, amount = e.values
    _require_owing(s, e, order, None, amount)


def _debit(s: Derived, account: int, amount: int) -> None:
    """Takes from an account; that it now owes something is told by the event to come."""
    owed = s.debit(account, amount)
    if owed:
        s.owing[account] = owed


def _require_owing(s: Derived, e: Decoded, order: int, account: int | None, amount: int) -> None:
    owed = s.owing.pop(account, 0)
    if owed != amount:
        raise EventsContradict(
            f"block {e.block}: the refund of order {order} told that {_whose(account)} lacked {amount}, "
            f"but the events before it come to {owed}"
        )


def _whose(account: int | None) -> str:
    return "the pools" if account is None else f"account {account}"


def added(s: Derived, e: Decoded) -> None:
    """To a payee, by rounding; the treasury pays."""
    _, account, amount = e.values
    s.book[BOOK.treasury] -= amount
    s.credit(account, amount)


def brand_added(s: Derived, e: Decoded) -> None:
    """To the brand's accounts and the pools, by rounding; the treasury pays."""
    _, fees, duty, insurance, platform, fund, dividend = e.values
    s.book[BOOK.treasury] -= sum(e.values[1:])
    _credit_brand(s, fees, duty, insurance, platform)
    s.gather(fund, dividend)


def refunded(s: Derived, e: Decoded) -> None:
    """The end of a refund: what is left of the order, and of its seller's weights."""
    number, amount = e.values[0], e.values[1]
    for account, owed in s.owing.items():
        raise EventsContradict(
            f"block {e.block}: the refund of order {number} left {owed} untold that {_whose(account)} lacked"
        )
    row = s.order(number)
    if row[ORDER.state] == "settled":
        if row[ORDER.seller]:
            net = row[ORDER.price] - row[ORDER.refunded]
            lost = lines_of(s, row, net).own - lines_of(s, row, net - amount).own
            s.take_weight("support", row[ORDER.seller], max(lost, 0))
            s.take_weight("dividend", row[ORDER.seller], amount)
    else:
        _out_of_escrow(s, amount)
    row[ORDER.refunded] += amount
    if row[ORDER.refunded] == row[ORDER.price] and row[ORDER.state] == "recorded":
        row[ORDER.state] = "refunded"


def lines_of(s: Derived, row: list, net: int) -> Lines:
    """What an order pays at a net price (rules § 3)."""
    return split(terms_of_row(row), net, s.plan(row[ORDER.plan]))


def terms_of_row(row: list) -> Terms:
    """An order's terms in the shape of the rules, with numbers for names."""

    def name(number: int) -> str | None:
        return str(number) if number else None

    channel = CHANNELS[row[ORDER.channel]]
    partner = name(row[ORDER.partner])
    return Terms(
        channel=channel, price=row[ORDER.price], cost=row[ORDER.cost], fees=row[ORDER.fees],
        duty=row[ORDER.duty], insurance=row[ORDER.insurance], supplier=str(row[ORDER.supplier]),
        seller=name(row[ORDER.seller]), rate=row[ORDER.rate_bps], leader=name(row[ORDER.leader]),
        partner=None if channel is Channel.RETAIL else partner,
        holder=partner if channel is Channel.RETAIL else None,
    )  # fmt: skip


# --- indemnity


def compensated(s: Derived, e: Decoded) -> None:
    """By the protection account, into the treasury."""
    order, amount, total = e.values
    s.account(5)[ACCOUNT.available] -= amount
    s.book[BOOK.treasury] += amount
    s.order(order)[ORDER.compensated] = total


def insured(s: Derived, e: Decoded) -> None:
    """A duty loss, by the insurance."""
    order, seller, _, amount = e.values
    s.account(INSURANCE)[ACCOUNT.available] -= amount
    s.credit(seller, amount)
    s.order(order)[ORDER.insurance_claimed] = True


def _out_of_escrow(s: Derived, amount: int) -> None:
    book = s.book
    book[BOOK.escrow] -= amount
    book[BOOK.treasury] += amount


def _credit_brand(s: Derived, fees: int, duty: int, insurance: int, platform: int) -> None:
    for account, amount in ((PLATFORM, platform), (FEES, fees), (DUTY, duty), (INSURANCE, insurance)):
        if amount:
            s.credit(account, amount)


HANDLERS: dict[str, Callable[[Derived, Decoded], None]] = {
    "RetailOrderRecorded": retail,
    "CampaignOrderRecorded": of_campaign,
    "StoreOrderRecorded": of_store,
    "CrossBorderOrderRecorded": cross_border,
    "BatchRecorded": batch,
    "GroupBuyOpened": campaign_opened,
    "PresaleOpened": presale_opened,
    "OrdersDelivered": delivered,
    "BalancePaid": balance_paid,
    "OrderHeldBy": held,
    "OrderReleasedBy": released,
    "OrderVoided": voided,
    "SupplyPaid": paid,
    "RegionPaid": paid,
    "HostPaid": paid,
    "StorePaid": paid,
    "TeamPaid": paid,
    "DirectPaid": paid_seller,
    "GuidePaid": paid_seller,
    "ServicePaid": paid_service,
    "OrdersSettled": settled,
    "BrandLinesPaid": brand_paid,
    "PaymentTakenBack": taken_back,
    "BrandLinesTakenBack": brand_taken_back,
    "DutyTakenBack": duty_taken_back,
    "PoolsLacked": pools_lacked,
    "DebtIncurred": debt_incurred,
    "PaymentAdded": added,
    "BrandLinesAdded": brand_added,
    "OrderRefunded": refunded,
    "BuyerCompensated": compensated,
    "InsurancePaid": insured,
}
