"""The signature of a message: whoever has the secret can tell who sent it, and when.

The header ``Liandong-Signature`` is ``t=SECONDS,v1=HEX``; HEX is the HMAC-SHA256 of ``SECONDS.BODY``.
"""

from __future__ import annotations

import hashlib
import hmac

HEADER = "Liandong-Signature"


def sign(secret: str, at: int, body: bytes) -> str:
    """The header's value for a body that is sent at this time (Unix seconds)."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"
