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

_MATCHING = b"liandong personal data match"


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
        # one key for one purpose: those for matching are drawn from those for sealing
        self._match_keys = {id_: hmac.digest(key, _MATCHING, "sha256") for id_, key in keys.items()}

    @classmethod
    def parse(cls, written: str) -> KeyRing:
        """From ``ID:HEX,ID:HEX``, newest first. Raises :class:`KeyRingError`, which never repeats a key."""
        found = [_ENTRY.fullmatch(entry.strip()) for entry in written.split(",")]
        keys = {one[1]: bytes.fromhex(one[2]) for one in found if one is not None}
        if len(keys) != len(found):
            raise KeyRingError(
                f"of the {len(found)} keys for personal data {len(keys)} can be used: each must be an ID of "
                "its own, a colon and 64 hexadecimal digits; commas between them"
            )
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
        """A keyed hash of a value, by the newest key: the same for the same value."""
        return self.matches(field, value)[0]

    def matches(self, field: str, value: str) -> list[str]:
        """The keyed hashes of a value by all keys, for finding rows that were sealed by any of them."""
        said = f"{field}:{value}".encode()
        return [hmac.new(key, said, hashlib.sha256).hexdigest() for key in self._match_keys.values()]


def _bound(key_id: str, row: str) -> bytes:
    return f"{key_id}|{row}".encode()
