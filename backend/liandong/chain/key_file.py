"""Reads a private key: from the environment, a file with the key in hex, or an encrypted key store."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from eth_account import Account

from liandong.chain.errors import ChainError
from liandong.chain.signer import Signer

KEY_VARIABLE = "LIANDONG_DEPLOYER_KEY"
PASSWORD_VARIABLE = "LIANDONG_KEY_PASSWORD"


class KeyUnusable(ChainError):
    """A private key cannot be read. Messages never show any of it."""


def read_signer(path: Path | None, ask_password: Callable[[], str]) -> Signer | None:
    """The signer of a key file (hex, or a key store in JSON), else of the environment; None if there is none.

    A key store's password is taken from the environment, else asked for. Raises :class:`KeyUnusable`.
    """
    if path is None:
        key = os.environ.get(KEY_VARIABLE)
        return _signer(key, f"the environment's {KEY_VARIABLE}") if key else None
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise KeyUnusable(f"{path}: cannot be read: {error}") from error
    if not text.startswith("{"):
        return _signer(text, str(path))
    password = os.environ.get(PASSWORD_VARIABLE) or ask_password()
    try:
        return Signer.from_key(bytes(Account.decrypt(json.loads(text), password)))
    except (ValueError, KeyError, TypeError) as error:
        raise KeyUnusable(f"{path}: the key store does not open with this password") from error


def _signer(key: str, source: str) -> Signer:
    try:
        return Signer.from_key(key)
    except Exception:
        # whatever the reason is, it may quote the key
        raise KeyUnusable(f"{source}: must be a private key, 64 hexadecimal digits") from None
