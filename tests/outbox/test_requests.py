"""Requests come in once for each key, whatever is sent how often."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from shop import Shop

from liandong.db.session import Database
from liandong.outbox import requests
from liandong.outbox.errors import IdempotencyConflict, InvalidBody, OutboxError, UnknownKind, UnknownRequest

ORDER = {"channel": 0, "price": 10_000, "supplier": 16, "seller": 17}


def submit(database: Database, key: str, kind: str, body: dict[str, Any], caller: str = "mall") -> int:
    with database.write() as session:
        return requests.submit(session, caller, key, kind, body).id


def test_the_same_key_and_body_give_the_first_request(database: Database) -> None:
    first = submit(database, "a", "order", ORDER)
    assert submit(database, "a", "order", ORDER) == first
    # written otherwise, it is the same body
    assert submit(database, "a", "order", dict(reversed(ORDER.items())) | {"cost": 0}) == first
    assert submit(database, "a", "order", ORDER, caller="another mall") != first
    assert submit(database, "b", "order", ORDER) != first


@pytest.mark.parametrize(("kind", "body"), [("order", ORDER | {"price": 1}), ("hold", {"order": 1})])
def test_the_same_key_with_another_body_conflicts(
    database: Database, kind: str, body: dict[str, Any]
) -> None:
    submit(database, "a", "order", ORDER)
    with pytest.raises(IdempotencyConflict, match="'a'"):
        submit(database, "a", kind, body)


@pytest.mark.parametrize(
    ("kind", "body", "error", "names"),
    [
        ("ordre", {}, UnknownKind, "'ordre'; there are order, deliver"),
        ("order", ORDER | {"price": "1"}, InvalidBody, "price"),
        ("order", ORDER | {"prise": 1}, InvalidBody, "prise"),
        ("order", ORDER | {"seller": 2**32}, InvalidBody, "seller"),
        ("deliver", {}, InvalidBody, "either order or order_request"),
        ("deliver", {"order_request": 99}, UnknownRequest, "99"),
        ("freeze", {"agent": 17, "reason": "0x12"}, InvalidBody, "reason"),
        ("register", {"type": "store", "wallet": "0x12"}, InvalidBody, "wallet"),
    ],
)
def test_a_bad_request_is_refused_and_named(
    database: Database, kind: str, body: dict[str, Any], error: type[OutboxError], names: str
) -> None:
    with pytest.raises(error, match=names):
        submit(database, "a", kind, body)


def test_many_at_once_have_each_their_own_answer(database: Database) -> None:
    submit(database, "k1", "order", ORDER)
    items: list[requests.Item] = [(f"k{i}", "order", ORDER | {"price": 100 + i}) for i in range(1200)]
    items += [("k7", "order", ORDER | {"price": 107}), ("k8", "order", ORDER), ("", "order", ORDER)]
    with database.write() as session:
        found = requests.submit_many(session, "mall", items)
        kinds = [type(one).__name__ for one in found]
        assert kinds[1] == "IdempotencyConflict"
        assert kinds[-3:] == ["OutboxRequest", "IdempotencyConflict", "InvalidBody"]
        assert kinds.count("OutboxRequest") == 1200
        assert found[7] is found[-3]


def test_nothing_comes_in_when_the_business_transaction_fails(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        requests.submit(session, "mall", "a", "order", ORDER)
        raise RuntimeError
    with database.read() as session:
        assert requests.find(session, "mall", "a") is None


def test_a_storm_of_duplicates_makes_one_request_a_key(database: Database) -> None:
    found: list[int | str] = []

    def storm() -> None:
        for i in range(40):
            try:
                found.append(submit(database, f"k{i % 10}", "order", ORDER | {"price": 100 + i % 10}))
            except Exception as error:
                found.append(repr(error))

    threads = [threading.Thread(target=storm) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 240
    assert len(set(found)) == 10


def test_requests_are_listed_by_number(shop: Shop) -> None:
    sent = [shop.submit(f"k{i}", "order", shop.order()) for i in range(5)]
    with shop.database.read() as session:
        page = requests.listed(session, caller="mall", state="queued", after=sent[1].id, limit=2)
        assert [one.id for one in page] == [sent[2].id, sent[3].id]
        assert requests.listed(session, caller="nobody") == []
        with pytest.raises(UnknownRequest):
            requests.get(session, 10**6)
