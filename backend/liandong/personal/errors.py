"""What can go wrong with sealed data."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from liandong.errors import LiandongError


class PersonalDataError(LiandongError):
    """Base of what can go wrong with sealed data."""


class KeyRingError(PersonalDataError):
    """The key ring cannot be used: `ID:64 hex digits`, newest first, separated by commas; each ID once."""


class NoKeyRing(PersonalDataError):
    """This server has no keys for personal data, so it keeps none: set LIANDONG_PERSONAL_KEYS."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.SERVICE_UNAVAILABLE


class UnknownDataKey(PersonalDataError):
    """The row was sealed with a key that the ring no longer has; add that key again."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR


class SealBroken(PersonalDataError):
    """The row is not as it was sealed: altered, moved from another row, or another key of the same name."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR


class NoPersonalData(PersonalDataError):
    """Nothing is kept of this participant."""

    http_status: ClassVar[HTTPStatus] = HTTPStatus.NOT_FOUND
