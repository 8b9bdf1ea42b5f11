"""What can be wrong with a backtest that is asked for over HTTP, beside what the readers of its files say."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from liandong.errors import LiandongError


class BacktestQueueFull(LiandongError):
    """Others are waiting already: try again when one of them is done."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.SERVICE_UNAVAILABLE


class UnknownBacktest(LiandongError):
    """There is no such backtest of yours: it was deleted, its day is over, or the server was restarted."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.NOT_FOUND


class HistoryTooLarge(LiandongError):
    """The history has more rows or days than are played here; use `liandong backtest` for it."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY


class BacktestTooLong(LiandongError):
    """It took longer than the server gives a backtest; give it less, or use `liandong backtest`."""


class BacktestFailed(LiandongError):
    """Its process ended before its time; the server's log has more."""


class FieldRefused(LiandongError):
    """Something that was given cannot be used: the field, the error's name, and its words."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, field: str, error: str, detail: str) -> None:
        self.field = field
        self.error = error
        self.detail = detail
        super().__init__(f"{field}: {error}: {detail}")
