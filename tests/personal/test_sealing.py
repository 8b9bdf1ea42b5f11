"""Personal data at rest: sealed for its row, opened by the ring, sealed anew when keys change."""

from __future__ import annotations

import pytest
from sqlmodel import select

from liandong.db.access import PersonalRecord
from liandong.db.session import Database
from liandong.personal import service
from liandong.personal.cipher import KeyRing, Sealed
from liandong.personal.errors import KeyRingError, NoPersonalData, SealBroken, UnknownDataKey

OLD, NEW = "a:" + "11" * 32, "b:" + "22" * 32
DATA = {"name": "王小明", "phone": "+86 138 0000 0017", "address": "上海"}


def test_what_is_sealed_is_bound_to_its_row_and_key() -> None:
    ring = KeyRing.parse(OLD)
    sealed = ring.seal("personal_record:16", b"secret")
    assert ring.open("personal_record:16", sealed) == b"secret"
    assert b"secret" not in sealed.bytes_
    with pytest.raises(SealBroken):
        ring.open("personal_record:17", sealed)
    with pytest.raises(SealBroken):
        ring.open("personal_record:16", Sealed("a", sealed.nonce, sealed.bytes_[:-1] + b"\0"))
    with pytest.raises(SealBroken):
        KeyRing.parse("a:" + "22" * 32).open("personal_record:16", sealed)
    with pytest.raises(SealBroken):
        KeyRing.parse(f"c:{'11' * 32}").open("personal_record:16", Sealed("c", sealed.nonce, sealed.bytes_))
    with pytest.raises(UnknownDataKey):
        KeyRing.parse(NEW).open("personal_record:16", sealed)
    assert ring.seal("personal_record:16", b"secret").bytes_ != sealed.bytes_


@pytest.mark.parametrize("written", ["", "a", "a:11", f"{OLD},{OLD}", f"{OLD},x", "é:" + "11" * 32])
def test_rings_that_are_none(written: str) -> None:
    with pytest.raises(KeyRingError) as caught:
        KeyRing.parse(written)
    assert "11" * 32 not in str(caught.value)


def test_rows_are_sealed_masked_rotated_and_forgotten(database: Database) -> None:
    old = KeyRing.parse(OLD)
    for participant in (16, 17):
        service.put(database, old, participant, DATA)
    with database.read() as session:
        rows = session.exec(select(PersonalRecord)).all()
        assert "王" not in repr(rows) and "0017" not in repr(rows)
        assert {row.phone_match for row in rows} == {old.match("phone", "8613800000017")}
    assert service.get(database, old, 16, whole=True) == DATA
    assert service.get(database, old, 16, whole=False) == {
        "name": "王***", "phone": "*" * 15 + "17", "address": "上***",
    }  # fmt: skip

    both = KeyRing.parse(f"{NEW},{OLD}")
    assert service.having_phone(database, both, "8613800000017") == [16, 17]
    assert service.rotate(database, both) == 2
    assert service.rotate(database, both) == 0
    assert service.get(database, KeyRing.parse(NEW), 17, whole=True) == DATA
    with pytest.raises(UnknownDataKey):
        service.get(database, old, 17, whole=True)
    assert service.having_phone(database, KeyRing.parse(NEW), "+86-13800000017") == [16, 17]
    assert service.having_phone(database, KeyRing.parse(NEW), "13800000018") == []

    service.forget(database, 16)
    with pytest.raises(NoPersonalData):
        service.get(database, both, 16, whole=True)
