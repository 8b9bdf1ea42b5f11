"""Keeps, shows, masks and forgets a participant's personal data; seals all anew with the newest key."""

from __future__ import annotations

import json

from sqlmodel import col, select

from liandong.db.access import PersonalRecord
from liandong.db.session import Database
from liandong.personal.cipher import KeyRing, Sealed
from liandong.personal.errors import NoPersonalData

FIELDS = ("name", "phone", "address")

ROWS_AT_ONCE = 500


def put(database: Database, ring: KeyRing, participant: int, data: dict[str, str | None]) -> None:
    """Keeps a participant's data in place of what was kept before."""
    plain = json.dumps({name: data.get(name) for name in FIELDS}, ensure_ascii=False).encode()
    sealed = ring.seal(_row(participant), plain)
    phone = data.get("phone")
    with database.write() as session:
        record = session.get(PersonalRecord, participant) or PersonalRecord(participant=participant)
        record.key_id, record.nonce, record.sealed = _columns(sealed)
        record.phone_match = _phone_match(ring, phone)
        session.add(record)


def get(database: Database, ring: KeyRing, participant: int, *, whole: bool) -> dict[str, str | None]:
    """A participant's data, masked unless ``whole``. Raises :class:`NoPersonalData`."""
    with database.read() as session:
        record = session.get(PersonalRecord, participant)
        if record is None:
            raise NoPersonalData(f"participant {participant}")
        data: dict[str, str | None] = json.loads(ring.open(_row(participant), _sealed(record)))
    return data if whole else {name: mask(name, value) for name, value in data.items()}


def forget(database: Database, participant: int) -> None:
    """Deletes a participant's data. Raises :class:`NoPersonalData`."""
    with database.write() as session:
        record = session.get(PersonalRecord, participant)
        if record is None:
            raise NoPersonalData(f"participant {participant}")
        session.delete(record)


def having_phone(database: Database, ring: KeyRing, phone: str) -> list[int]:
    """Whose phone number this is, however it is written; nothing is opened for it."""
    query = select(PersonalRecord.participant).where(
        col(PersonalRecord.phone_match).in_(ring.matches("phone", _digits(phone)))
    )
    with database.read() as session:
        return list(session.exec(query.order_by(col(PersonalRecord.participant))).all())


def rotate(database: Database, ring: KeyRing) -> int:
    """Seals whatever is under older keys with the newest one; returns how many rows. Can be broken off."""
    done = 0
    while True:
        with database.write() as session:
            old = select(PersonalRecord).where(PersonalRecord.key_id != ring.newest).limit(ROWS_AT_ONCE)
            records = session.exec(old).all()
            for record in records:
                row = _row(record.participant)
                plain = ring.open(row, _sealed(record))
                sealed = ring.seal(row, plain)
                record.phone_match = _phone_match(ring, json.loads(plain)["phone"])
                record.key_id, record.nonce, record.sealed = _columns(sealed)
                session.add(record)
        done += len(records)
        if len(records) < ROWS_AT_ONCE:
            return done


def mask(name: str, value: str | None) -> str | None:
    """A field as others see it: a phone's last two digits, of all else the first letter."""
    if not value:
        return value
    if name == "phone":
        return "*" * max(len(value) - 2, 0) + value[-2:]
    return value[0] + "*" * 3


def _row(participant: int) -> str:
    return f"personal_record:{participant}"


def _columns(sealed: Sealed) -> tuple[str, str, str]:
    return sealed.key_id, sealed.nonce.hex(), sealed.bytes_.hex()


def _sealed(record: PersonalRecord) -> Sealed:
    return Sealed(record.key_id, bytes.fromhex(record.nonce), bytes.fromhex(record.sealed))


def _phone_match(ring: KeyRing, phone: str | None) -> str | None:
    return ring.match("phone", _digits(phone)) if phone else None


def _digits(phone: str) -> str:
    return "".join(one for one in phone if one.isdigit())
