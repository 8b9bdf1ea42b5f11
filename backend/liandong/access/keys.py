"""API keys: made, listed and revoked by the operator of the server; the word itself is shown once."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from liandong.access import repository
from liandong.access.errors import KeyFormatError, UnknownKey
from liandong.access.principals import APART, KEY_SCOPES, Scope
from liandong.access.secrets import digest, new_key
from liandong.db.access import ApiKey
from liandong.db.session import Database

DEFAULT_PER_MINUTE = 6000


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as it is listed. Times are Unix seconds."""

    id: int
    name: str
    scopes: tuple[str, ...]
    per_minute: int
    created_at: int
    revoked_at: int | None


def create_key(
    database: Database, name: str, scopes: Collection[Scope], per_minute: int = DEFAULT_PER_MINUTE
) -> tuple[KeyRecord, str]:
    """Makes a key; returns its record and its word. Raises :class:`KeyFormatError`."""
    wanted = set(scopes)
    if not wanted or wanted - KEY_SCOPES:
        raise KeyFormatError(f"scopes of a key are one or more of {', '.join(sorted(KEY_SCOPES))}")
    if len(wanted & set(APART)) > 1:
        raise KeyFormatError(f"a key has one of {', '.join(APART)} at most")
    if not 0 < len(name) <= 100 or not 0 < per_minute <= 10**6:
        raise KeyFormatError("a key has a name of 1 to 100 characters and a rate of 1 to 1 000 000 a minute")
    word = new_key()
    row = ApiKey(
        name=name, digest=digest(word), scopes=",".join(sorted(wanted)), per_minute=per_minute,
        created_at=int(time.time()),
    )  # fmt: skip
    with database.write() as session:
        session.add(row)
        session.flush()
        return _record(row), word


def list_keys(database: Database) -> Sequence[KeyRecord]:
    """All keys, revoked ones too."""
    with database.read() as session:
        return [_record(row) for row in repository.keys(session)]


def revoke_key(database: Database, id: int) -> KeyRecord:
    """Ends a key: running services take it for a second more at most. Again changes nothing.

    Raises :class:`UnknownKey`.
    """
    with database.write() as session:
        row = session.get(ApiKey, id)
        if row is None:
            raise UnknownKey(f"there is no key {id}: `liandong keys list` shows those that there are")
        if row.revoked_at is None:
            row.revoked_at = int(time.time())
        return _record(row)


def _record(row: ApiKey) -> KeyRecord:
    return KeyRecord(
        row.id, row.name, tuple(row.scopes.split(",")), row.per_minute, row.created_at, row.revoked_at
    )
