"""What can be wrong with where a mall wants to be told."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from liandong.errors import LiandongError


class NoWebhook(LiandongError):
    """This caller has not said where it wants to be told."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.NOT_FOUND


class WebhookUrlRefused(LiandongError):
    """Messages go to public https URLs without a password; to private networks if the server allows it."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
