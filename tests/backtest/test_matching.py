"""Which sale a cancellation refunds."""

from __future__ import annotations

from csv_files import Write

from liandong.backtest.history import read_history
from liandong.backtest.matching import Matching, match

HEADER = "invoice,kind,invoiced_at,customer,country,amount"


def matched(write: Write, *rows: str) -> Matching:
    history = read_history(write(HEADER, *rows))
    return match(history.sales, history.cancellations)


def refunds(matching: Matching) -> list[tuple[str, str, int]]:
    return [(one.cancellation.invoice, one.sale.invoice, one.amount) for one in matching.refunds]


def test_the_latest_sale_with_enough_left_is_refunded(write: Write) -> None:
    found = matched(
        write,
        "1,sale,2026-01-01,ann,F,500",
        "2,sale,2026-01-02,ann,F,300",
        "3,sale,2026-01-03,bob,F,900",
        "C1,cancellation,2026-01-04,ann,F,250",
        "C2,cancellation,2026-01-05,ann,F,100",
        "4,sale,2026-01-06,ann,F,800",
    )
    assert refunds(found) == [("C1", "2", 250), ("C2", "1", 100)]
    assert (found.shared, found.unmatched) == (0, [])


def test_a_sale_of_the_same_moment_fits_and_a_later_one_does_not(write: Write) -> None:
    found = matched(
        write,
        "C1,cancellation,2026-01-01T10:00,ann,F,100",
        "1,sale,2026-01-01T10:00,ann,F,100",
        "C2,cancellation,2026-01-01T10:01,ann,F,50",
        "2,sale,2026-01-01T10:02,ann,F,100",
    )
    assert refunds(found) == [("C1", "1", 100)]
    assert [one.reason for one in found.unmatched] == [
        "more than the 0 minor units left of the customer's sales"
    ]


def test_what_fits_no_sale_alone_is_shared_the_latest_first(write: Write) -> None:
    found = matched(
        write,
        "1,sale,2026-01-01,ann,F,500",
        "2,sale,2026-01-02,ann,F,300",
        "C1,cancellation,2026-01-04,ann,F,600",
    )
    assert refunds(found) == [("C1", "2", 300), ("C1", "1", 300)]
    assert found.shared == 1


def test_what_cannot_be_matched_is_reported_and_refunds_nothing(write: Write) -> None:
    found = matched(
        write,
        "1,sale,2026-01-01,ann,F,500",
        "C1,cancellation,2026-01-02,,F,100",
        "C2,cancellation,2026-01-02,bob,F,100",
        "C3,cancellation,2026-01-02,ann,F,501",
        "C4,cancellation,2026-01-02,ann,F,500",
    )
    assert refunds(found) == [("C4", "1", 500)]
    assert [(one.cancellation.invoice, one.reason) for one in found.unmatched] == [
        ("C1", "the customer is not known"),
        ("C2", "no sale before it"),
        ("C3", "more than the 500 minor units left of the customer's sales"),
    ]
