"""Writes docs/gas.md from tests/gas/snapshot.json, the figures that the gas tests measured and hold.

`make gas` measures anew and then runs this.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests/gas/snapshot.json"
PAGE = ROOT / "docs/gas.md"


@dataclass(frozen=True)
class Row:
    """One row of the table: gas of one unit, whole transactions, and what it is held against."""

    key: str
    job: str
    target: int
    stretch: int
    others: str


ROWS = (
    Row("record", "record an order", 8_500, 7_800, "Fuul attribute, 5 payees, amounts given to it: 37 400"),
    Row("deliver", "deliver", 720, 650, ""),
    Row("settle", "settle", 16_300, 13_300, "Base commerce-payments authorize + capture: 225 600"),
    Row(
        "life_whole_batches",
        "whole life, whole batches",
        25_500,
        22_000,
        "0xSplits push to 4: 87 100; Zora rewards to 5: 53 300",
    ),
    Row(
        "life_scattered",
        "whole life, 100 orders a day, delivered after 1 to 9 days, settled daily",
        31_500,
        28_500,
        "",
    ),
    Row("life_single", "whole life of a single order", 190_000, 175_000, "Fuul attribute: 103 100"),
    Row("refund_before_part", "refund before settlement, part", 47_000, 45_000, "Base refund: 80 000"),
    Row("refund_before_full", "refund before settlement, full", 50_000, 45_000, "Base refund: 80 000"),
    Row("refund_after", "refund after settlement", 93_000, 87_000, ""),
    Row("withdraw", "withdraw", 51_000, 48_500, "Sablier 45 900; Uniswap Merkle claim 62 300"),
    Row("join", "join with signature", 110_000, 90_000, ""),
)

HEAD = """# Gas

Gas of whole transactions (21 000, calldata and cold storage included) divided by their units, in a
steady state: batches of 100 retail orders that touch 85 accounts, everybody active and paid before,
months closed and claimed in time. Measured by `tests/solidity/gas`, each call as a transaction of its
own; `make test` fails where a row rises by more than 1 % above `tests/gas/snapshot.json`. The table is
written by `make gas`.

| job | measured | target | | stretch | the best others do |
| --- | ---: | ---: | --- | ---: | --- |
"""


def spaced(number: int) -> str:
    """12345 as "12 345"."""
    return f"{number:,}".replace(",", " ")


def main() -> None:
    """Writes the table; what the page says below the table stays."""
    gas = json.loads(SNAPSHOT.read_text())
    lines = []
    for row in ROWS:
        measured = int(gas[row.key])
        verdict = (
            "met" if measured <= row.target else f"{100 * (measured - row.target) / row.target:.0f} % above"
        )
        verdict = "stretch met" if measured <= row.stretch else verdict
        lines.append(
            f"| {row.job} | {spaced(measured)} | {spaced(row.target)} | {verdict} | {spaced(row.stretch)} "
            f"| {row.others} |\n"
        )
    marker = "\n## What it rests on\n"
    notes = PAGE.read_text().partition(marker)[2] if PAGE.exists() else ""
    PAGE.write_text(HEAD + "".join(lines) + marker + notes)


if __name__ == "__main__":
    main()
