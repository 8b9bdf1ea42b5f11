"""What can be wrong with keys."""

from __future__ import annotations

from liandong.errors import LiandongError


class KeyFormatError(LiandongError):
    """A key has one scope at least; mall, risk and treasurer are never together in one."""


class UnknownKey(LiandongError):
    """There is no key of this number."""
