"""What can be wrong with what a backtest is given. One type a failure; messages say what to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from liandong.errors import LiandongError


class UnreadableFile(LiandongError):
    """A file cannot be opened, or is not text in the encoding that was named."""

    def __init__(self, path: Path, reason: str, remedy: str = "") -> None:
        self.about = f"{path}: {reason}"
        super().__init__(f"{self.about}; {remedy}" if remedy else self.about)


class MissingColumn(LiandongError):
    """A column that is needed, or that was named, is not in the file."""

    def __init__(self, path: Path, field: str, column: str, present: Iterable[str]) -> None:
        self.about = (
            f"{path} has no column {column!r} for the {field}; it has: {', '.join(present) or 'none'}"
        )
        super().__init__(f"{self.about}. Name the right one with --column {field}=NAME")


class UnknownField(LiandongError):
    """A column is mapped to a field that histories do not have."""

    def __init__(self, field: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no field {field!r} to map a column to; fields are: {', '.join(known)}")


class EmptyHistory(LiandongError):
    """There is not one sale to play."""

    def __init__(self, path: Path, rows: int) -> None:
        super().__init__(f"{path}: none of its {rows} rows is a sale that can be read")


class BadRows(LiandongError):
    """Rows that cannot be read, where every row must be."""

    def __init__(self, path: Path, reasons: Iterable[tuple[int, str]]) -> None:
        listed = [f"line {line}: {reason}" for line, reason in reasons]
        more = f"\n  … and {len(listed) - 20} more" if len(listed) > 20 else ""
        super().__init__(f"{path}: {len(listed)} bad rows\n  " + "\n  ".join(listed[:20]) + more)


class InvalidRatio(LiandongError):
    """A ratio that is none."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name} must be a part of the price, such as 0.45 or 45%, not {text!r}")


class InvalidDelivery(LiandongError):
    """A number of days to delivery that is none."""

    def __init__(self, text: str) -> None:
        super().__init__(f"days to delivery must be a number such as 3, or a range such as 1-9, not {text!r}")
