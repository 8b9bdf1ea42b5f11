"""AES-256-GCM under a ring of keys; the newest seals, all of them open."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liandong.personal.errors import KeyRingError, SealBroken, UnknownDataKey

_ENTRY = re.compile(r"([A-Za-z0-9_-]{1,32}):([0-9a-fA-F]{64})")


@dataclass(frozen=True, slots=True)
class Sealed:
    """Sealed bytes and what it takes to open them but for the key."""

    key_id: str
    nonce: bytes
    bytes_: bytes


class KeyRing:
    """Keys by their ids. What is sealed is bound to its key's id and to its row (associated data)."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys or any(len(key) != 32 for key in keys.values()):
            raise KeyRingError
        self._keys = {id_: AESGCM(key) for id_, key in keys.items()}
        self.newest = next(iter(keys))
        # for matching, a key of its own is drawn from the oldest one, so that adding keys changes no match
        self._match_key = hmac.digest(list(keys.values())[-1], b"liandong personal data match", "sha256")

    @classmethod
    def parse(cls, written: str) -> KeyRing:
        """From ``ID:HEX,ID:HEX``, newest first. Raises :class:`KeyRingError`, which never repeats a key."""
        found = [_ENTRY.fullmatch(entry.strip()) for entry in written.split(",")]
        keys = {one[1]: bytes.fromhex(one[2]) for one in found if one is not None}
        if len(keys) != len(found):
            raise KeyRingError(f"{len(found)} entries, of which {len(keys)} can be used")
        return cls(keys)

    def seal(self, row: str, plain: bytes) -> Sealed:
        """Seals bytes for a row, e.g. ``personal_record:16``."""
        nonce = secrets.token_bytes(12)
        sealed = self._keys[self.newest].encrypt(nonce, plain, _bound(self.newest, row))
        return Sealed(self.newest, nonce, sealed)

    def open(self, row: str, sealed: Sealed) -> bytes:
        """The bytes that were sealed for a row. Raises :class:`UnknownDataKey`, :class:`SealBroken`."""
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise UnknownDataKey(f"{row} needs key {sealed.key_id}")
        try:
            return key.decrypt(sealed.nonce, sealed.bytes_, _bound(sealed.key_id, row))
        except InvalidTag:
            raise SealBroken(row) from None

    def match(self, field: str, value: str) -> str:
        """A keyed hash of a field's value: the same for the same value, and of no use without the ring."""
        return hmac.new(self._match_key, f"{field}:{value}".encode(), hashlib.sha256).hexdigest()


def _bound(key_id: str, row: str) -> bytes:
    return f"{key_id}|{row}".encode()
