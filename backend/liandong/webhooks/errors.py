"""What can be wrong with where a mall wants to be told."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from liandong.errors import LiandongError


class NoWebhook(LiandongError):
    """This caller has not said where it wants to be told."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.NOT_FOUND


class WebhookUrlRefused(LiandongError):
    """Messages go to https URLs with a host and without a password; plain http is for this machine only."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
