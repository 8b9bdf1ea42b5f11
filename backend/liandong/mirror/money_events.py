"""What events about the treasury, deposits, withdrawals and pools change (rules §§ 4, 5)."""

from __future__ import annotations

from collections.abc import Callable

from liandong.mirror.derived import ACCOUNT, BOOK, EPOCH, WEIGHT, Derived
from liandong.mirror.events import Decoded

PROTECTION, TREASURY = 5, 6


def funded(s: Derived, e: Decoded) -> None:
    """Tokens into the treasury."""
    s.book[BOOK.treasury] += e.values[1]
    s.book[BOOK.tokens_in] += e.values[1]


def withdrawn(s: Derived, e: Decoded) -> None:
    """Tokens to an account's owner."""
    account, _, amount = e.values
    if account == TREASURY:
        s.book[BOOK.treasury] -= amount
    else:
        row = s.account(account)
        row[ACCOUNT.available] -= amount
        row[ACCOUNT.withdrawn] += amount
    s.book[BOOK.tokens_out] += amount


def deposited(s: Derived, e: Decoded) -> None:
    """Tokens into a deposit, debt first."""
    agent, amount, _ = e.values
    s.credit_deposit(agent, amount)
    s.book[BOOK.tokens_in] += amount


def deposit_released(s: Derived, e: Decoded) -> None:
    """Tokens out of a deposit."""
    agent, _, amount = e.values
    s.account(agent)[ACCOUNT.deposit] -= amount
    s.book[BOOK.tokens_out] += amount


def slashed(s: Derived, e: Decoded) -> None:
    """Deposit to the protection account."""
    agent, _, amount, _ = e.values
    s.account(agent)[ACCOUNT.deposit] -= amount
    s.credit(PROTECTION, amount)


def month_closed(s: Derived, e: Decoded) -> None:
    """A month of the support fund."""
    month, pool, weight, carried = e.values
    _close(s, "support", month, pool, weight, carried, 0)
    s.book[BOOK.months_closed], s.book[BOOK.month_closed_on] = month + 1, s.day


def year_closed(s: Derived, e: Decoded) -> None:
    """A year of the dividend."""
    year, pool, weight, carried, cap = e.values
    _close(s, "dividend", year, pool, weight, carried, cap)
    s.book[BOOK.years_closed], s.book[BOOK.year_closed_on] = year + 1, s.day


def support_claimed(s: Derived, e: Decoded) -> None:
    """A member's share of a month."""
    month, agent, amount, _ = e.values
    _claim(s, "support", month, agent, amount)


def dividend_claimed(s: Derived, e: Decoded) -> None:
    """A diamond's share of a year."""
    year, agent, amount, _ = e.values
    _claim(s, "dividend", year, agent, amount)


def nothing(_: Derived, __: Decoded) -> None:
    """Told for readers: what it says follows from the other events."""


def _close(s: Derived, pool: str, epoch: int, gathered: int, weight: int, carried: int, cap: int) -> None:
    row = s.epochs.make((pool, epoch))
    row[EPOCH.gathered] = row[EPOCH.unclaimed] = gathered
    row[EPOCH.weight], row[EPOCH.carried], row[EPOCH.cap_bps] = weight, carried, cap
    row[EPOCH.closed_on] = s.day
    if epoch:
        s.epochs.make((pool, epoch - 1))[EPOCH.unclaimed] = 0


def _claim(s: Derived, pool: str, epoch: int, agent: int, amount: int) -> None:
    s.epochs.make((pool, epoch))[EPOCH.unclaimed] -= amount
    s.weights.make((pool, epoch, agent))[WEIGHT.claimed] = amount
    s.credit(agent, amount)


HANDLERS: dict[str, Callable[[Derived, Decoded], None]] = {
    "TreasuryFunded": funded,
    "Withdrawn": withdrawn,
    "PushPassedOver": nothing,
    "DepositPaid": deposited,
    "DepositReleased": deposit_released,
    "DepositSlashed": slashed,
    "DebtRepaid": nothing,
    "MonthClosed": month_closed,
    "YearClosed": year_closed,
    "SupportClaimed": support_claimed,
    "DividendClaimed": dividend_claimed,
}
