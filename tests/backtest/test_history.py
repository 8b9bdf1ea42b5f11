"""Reading histories: what is read, what is refused, and that nothing is dropped in silence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from csv_files import Write

from liandong.backtest.amounts import Money
from liandong.backtest.errors import BadRows, EmptyHistory, MissingColumn, UnknownField, UnreadableFile
from liandong.backtest.history import read_history

HEADER = "invoice,kind,invoiced_at,customer,country,amount"


def test_sales_and_cancellations_are_read_in_the_order_of_time(write: Write) -> None:
    history = read_history(
        write(
            HEADER,
            "2,sale,2026-01-02T10:00,ann,France,500",
            "1,sale,2026-01-01T10:00,ann,France,400",
            "C1,cancellation,2026-01-03T10:00,ann,France,100",
        )
    )
    assert [sale.invoice for sale in history.sales] == ["1", "2"]
    assert history.sales[0].time == datetime(2026, 1, 1, 10)
    assert history.sales[0].line == 3
    assert [(one.customer, one.amount) for one in history.cancellations] == [("ann", 100)]
    assert history.bad_rows == []


def test_every_bad_row_is_kept_with_its_line_and_reason(write: Write) -> None:
    history = read_history(
        write(
            HEADER,
            "1,sale,2026-01-01T10:00,ann,France,400",
            "2,gift,2026-01-01T10:00,ann,France,400",
            "3,sale,yesterday,ann,France,400",
            "4,sale,2026-01-01T10:00,ann,France,4x0",
            "5,sale,2026-01-01T10:00,ann,France,0",
            "6,sale,2026-01-01T10:00,ann,France",
            "7,sale,2026-01-01T10:00,ann,France,",
            "1,sale,2026-01-01T10:00,ann,France,400",
            "",
            '"8",sale,2026-01-01T10:00,"ann\nlee",France,400',
            "9,,2026-01-01T10:00,ann,France,400",
        )
    )
    assert {row.line: row.reason for row in history.bad_rows} == {
        3: "kind 'gift' is neither sale nor cancellation",
        4: "'yesterday' is not a time in ISO 8601, such as 2026-01-31T09:30",
        5: "'4x0' is not an amount",
        6: "the amount must be above zero, not 0",
        7: "has 5 columns, the header has 6",
        8: "the amount is missing",
        9: "the same as line 2",
        13: "the kind is missing",
    }
    assert [sale.line for sale in history.sales] == [2, 11]
    assert history.rows == len(history.sales) + len(history.bad_rows)


def test_strict_stops_at_bad_rows_and_names_them(write: Write) -> None:
    path = write(HEADER, "1,sale,2026-01-01,ann,France,400", "2,sale,soon,ann,France,400")
    with pytest.raises(BadRows, match="line 3: 'soon' is not a time"):
        read_history(path, strict=True)


def test_the_same_invoice_with_other_data_is_another_sale(write: Write) -> None:
    history = read_history(
        write(HEADER, "1,sale,2026-01-01T10:00,ann,France,400", "1,sale,2026-01-01T10:01,ann,France,300")
    )
    assert len(history.sales) == 2


@pytest.mark.parametrize(
    ("amounts", "expected", "money"),
    [
        (["1200", "35"], [1200, 35], Money.MINOR),
        (["12.00", "0.35"], [1200, 35], Money.DECIMAL),
        (["12", "0.35"], [1200, 35], Money.DECIMAL),
        (['"1,234.50"', "7"], [123450, 700], Money.DECIMAL),
        (["12.000", "0.350"], [1200, 35], Money.DECIMAL),
    ],
)
def test_amounts_are_minor_units_unless_one_has_a_decimal_point(
    write: Write, amounts: list[str], expected: list[int], money: Money
) -> None:
    rows = [f"{n},sale,2026-01-0{n + 1},ann,France,{amount}" for n, amount in enumerate(amounts)]
    history = read_history(write(HEADER, *rows))
    assert [sale.amount for sale in history.sales] == expected
    assert history.writing.money is money


def test_how_amounts_are_read_can_be_said(write: Write) -> None:
    path = write(HEADER, "1,sale,2026-01-01,ann,France,12", "2,sale,2026-01-02,ann,France,12.5")
    assert [sale.amount for sale in read_history(path, money=Money.DECIMAL).sales] == [1200, 1250]
    minor = read_history(path, money=Money.MINOR)
    assert [sale.amount for sale in minor.sales] == [12]
    assert minor.bad_rows[0].reason == "12.5 is not a whole number of minor units"


def test_more_than_two_places_are_no_amount(write: Write) -> None:
    history = read_history(write(HEADER, "1,sale,2026-01-01,a,F,1.005", "2,sale,2026-01-01,a,F,1.00"))
    assert history.bad_rows[0].reason == "1.005 has more than two decimal places"


def test_a_few_points_among_many_amounts_are_pointed_out(write: Write) -> None:
    rows = [f"{n},sale,2026-01-01,a,F,100" for n in range(9)]
    history = read_history(write(HEADER, *rows, "x,sale,2026-01-01,a,F,1.5"))
    assert history.writing.reason == "line 11 has 1.5; only 1 of 10 amounts have a decimal point"


def test_columns_can_have_other_names_and_the_sign_can_tell_the_kind(write: Write) -> None:
    history = read_history(
        write("时间,金额,客户,成本", "2026-01-01 09:00,120.00,ann,40.00", "2026-01-02 09:00,-20.00,ann,"),
        {"time": "时间", "amount": "金额", "customer": "客户", "cost": "成本"},
    )
    assert (history.sales[0].amount, history.sales[0].cost, history.sales[0].invoice) == (
        12000,
        4000,
        "line 2",
    )
    assert history.cancellations[0].amount == 2000


def test_other_encodings(write: Write) -> None:
    path = write("time,amount,country", "2026-01-01,5,上海", encoding="gb18030")
    columns = {"time": "time"}
    assert read_history(path, columns, encoding="gb18030").sales[0].region == "上海"
    with pytest.raises(UnreadableFile, match="name its encoding with --encoding"):
        read_history(path, columns)


def test_what_cannot_be_a_history_says_what_to_do(write: Write, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_history(tmp_path / "none.csv")
    path = write("a,b", "1,2")
    with pytest.raises(
        MissingColumn, match=r"no column 'invoiced_at' for the time; it has: a, b\. .*--column time="
    ):
        read_history(path)
    with pytest.raises(UnknownField, match=r"no field 'colour'.*invoice, kind, time"):
        read_history(path, {"colour": "a"})
    with pytest.raises(EmptyHistory, match="none of its 1 rows"):
        read_history(write(HEADER, "1,cancellation,2026-01-01,ann,F,5"))
