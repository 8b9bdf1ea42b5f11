"""Keys and tokens: long random words of which only a hash is kept.

The words have 256 random bits, so that a plain SHA-256 cannot be guessed back; slow hashes are for passwords.
"""

from __future__ import annotations

import hashlib
import secrets

KEY_PREFIX = "ldk_"
TOKEN_PREFIX = "ldt_"


def new_key() -> str:
    """A new API key."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def new_token() -> str:
    """A new token for a wallet that signed in."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def digest(word: str) -> str:
    """What is kept of a key or token, and looked up by."""
    return hashlib.sha256(word.encode()).hexdigest()
