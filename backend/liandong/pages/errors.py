"""What a page cannot show, beside what the API's errors say already."""

from __future__ import annotations

from http import HTTPStatus

from liandong.http.errors import ApiError


class SessionLost(ApiError):
    """Nobody is signed in, or the session has ended: sign in again."""

    status = HTTPStatus.UNAUTHORIZED


class NotAnAgent(ApiError):
    """The wallet that is signed in belongs to no participant."""

    status = HTTPStatus.FORBIDDEN


class CallNotRelayed(ApiError):
    """Only reads of this deployment's contracts are passed on to the node."""

    status = HTTPStatus.FORBIDDEN


class AgentsOnly(ApiError):
    """This page is for agents; suppliers and stores have their earnings, payouts and withdrawals."""

    status = HTTPStatus.FORBIDDEN
