"""What malls are told: each thing once, signed, in order, again until it is taken."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from listener import Listener, listening
from sqlmodel import select, update

from liandong.db.chain import ChainEvent, MirrorCursor
from liandong.db.outbox import OutboxRequest
from liandong.db.session import Database
from liandong.db.webhooks import WebhookMessage
from liandong.personal.cipher import KeyRing
from liandong.webhooks import changes, redelivery, targets
from liandong.webhooks.errors import NoWebhook, WebhookUrlRefused
from liandong.webhooks.making import make
from liandong.webhooks.sending import Sender

RING = KeyRing.parse("a:" + "11" * 32)
MALL = "key:a mall"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def mirrored(database: Database, *events: ChainEvent, final: int = 10) -> None:
    with database.write() as session:
        cursor = session.get(MirrorCursor, 1) or MirrorCursor(
            chain_id=1, genesis="0x0", settlement="0x1", utc_offset=0, day_zero=0, block_number=final,
            block_hash="0x0", final_number=0,
        )  # fmt: skip
        cursor.final_number = final
        session.add(cursor)
        session.add_all(events)


def event(block: int, index: int, name: str, **more: object) -> ChainEvent:
    return ChainEvent(block_number=block, log_index=index, transaction_index=0, name=name, **more)


def now_due(database: Database) -> None:
    with database.write() as session:
        session.exec(update(WebhookMessage).values(not_before=0))


def test_what_is_final_is_told_once_signed_and_in_order(database: Database, listener: Listener) -> None:
    mirrored(database, final=0)
    make(database)
    secret = targets.put(database, RING, MALL, listener.url, private=True)
    with database.write() as session:
        session.add(
            OutboxRequest(caller=MALL, key="order:M-7", digest="d", kind="order", body={}, role="operator",
                          state="mined", order_number=7, created_at=0, changed_at=0)
        )  # fmt: skip
    bits = 1 << 7 | 1 << 9
    mirrored(
        database,
        event(3, 0, "RetailOrderRecorded", order_number=7, account=17, amount=500),
        event(3, 1, "BatchRecorded"),
        event(5, 0, "OrdersSettled", detail=json.dumps({"first": 0, "orders": hex(bits | 1 << 200)})),
        event(6, 0, "TierReached", account=17, detail=json.dumps({"tier": 1, "name": "bronze"})),
        event(6, 1, "BecameBoss", account=17, detail="{}"),
        event(9, 0, "OrderRefunded", order_number=7, amount=100),
        final=8,
    )
    sender = Sender(database, RING, private=True)
    for _ in range(3):
        make(database)
        while sender.send():
            now_due(database)
    assert [(one["kind"], one.get("order"), one.get("order_id")) for one, _, _ in listener.taken] == [
        ("order.recorded", 7, "M-7"),
        ("order.settled", 9, None),
        ("order.settled", 200, None),
        ("participant.tier", None, None),
        ("order.settled", 7, "M-7"),
        ("participant.boss", None, None),
    ]
    mirrored(database, final=9)
    make(database)
    sender.send()
    assert listener.taken[-1][0] == {
        "kind": "order.refunded", "order": 7, "amount": 100, "block": 9, "log_index": 0, "order_id": "M-7",
    }  # fmt: skip
    for _, signature, body in listener.taken:
        at, mac = signature.removeprefix("t=").split(",v1=")
        assert mac == hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def test_what_is_not_taken_is_tried_again_before_the_next_of_its_order(
    database: Database, listener: Listener
) -> None:
    mirrored(database, final=0)
    make(database)
    targets.put(database, RING, MALL, listener.url, private=True)
    mirrored(
        database,
        event(1, 0, "RetailOrderRecorded", order_number=1, amount=5),
        event(2, 0, "OrderVoided", order_number=1, amount=5),
        event(3, 0, "RetailOrderRecorded", order_number=2, amount=5),
    )
    make(database)
    listener.refuse = 1
    sender = Sender(database, RING, private=True)
    assert sender.send() == 2
    assert [(one["kind"], one["order"]) for one, _, _ in listener.taken] == [("order.recorded", 2)]
    assert sender.send() == 0
    with database.read() as session:
        first = session.exec(select(WebhookMessage).order_by(WebhookMessage.id)).first()
        assert (first.tries, first.last_failure, first.done_at) == (1, "HTTP 503", None)
    now_due(database)
    sender.send()
    sender.send()
    assert [one["kind"] for one, _, _ in listener.taken[1:]] == ["order.recorded", "order.voided"]


def test_rejections_are_told_to_their_caller_alone(database: Database, listener: Listener) -> None:
    mirrored(database, final=0)
    targets.put(database, RING, MALL, listener.url, private=True)
    targets.put(database, RING, "key:another", listener.url, private=True)
    with database.write() as session:
        session.add(
            OutboxRequest(caller=MALL, key="order:M-8", digest="d", kind="order", body={}, role="operator",
                          state="rejected", error_name="PriceBelowCost", created_at=2**45, changed_at=2**45)
        )  # fmt: skip
    make(database)
    make(database)
    sender = Sender(database, RING, private=True)
    sender.send()
    (one, _, _) = listener.taken[0]
    assert (one["kind"], one["code"], one["order_id"]) == ("request.rejected", "PriceBelowCost", "M-8")
    assert len(listener.taken) == 1


def test_secrets_are_sealed_anew_and_targets_forgotten(database: Database, listener: Listener) -> None:
    secret = targets.put(database, RING, MALL, listener.url, private=True)
    both = KeyRing.parse(f"b:{'22' * 32},a:{'11' * 32}")
    assert targets.rotate(database, both) == 1
    with database.read() as session:
        target = targets.get(session, MALL)
        assert secret not in target.sealed
        assert targets.secret_of(KeyRing.parse("b:" + "22" * 32), target) == secret
    targets.forget(database, MALL)
    with pytest.raises(NoWebhook):
        targets.forget(database, MALL)


@pytest.mark.parametrize(
    "url",
    [
        "nothing",
        "ftp://a.example/x",
        "http://a.example/x",
        "https://",
        "https://u:p@a.example/",
        "https://[x",
        "https://a.example/a b",
        "https://a.example/\u2028",
        "http://127.0.0.1/x",
        "https://localhost/x",
        "https://mall.localhost/x",
        "https://10.1.2.3/x",
        "https://192.168.0.1/x",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[2002:7f00:1::]/",
    ],
)
def test_urls_that_are_refused(database: Database, url: str) -> None:
    with pytest.raises(WebhookUrlRefused):
        targets.put(database, RING, MALL, url)


@pytest.mark.parametrize(
    "url", ["https://mall.example/x?y=1", "https://93.184.216.34:8443/", "https://[2606:2800::1]/"]
)
def test_urls_that_are_taken(database: Database, url: str) -> None:
    targets.put(database, RING, MALL, url)
    with database.read() as session:
        assert targets.get(session, MALL).url == url
        (change,) = changes.page(session, MALL, 2**62, 9)
    assert (change.action, change.url) == ("set", url.partition("?")[0])


def test_a_name_that_leads_into_a_private_network_is_not_connected_to(
    database: Database, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = listener.server.server_port
    asked: list[str] = []

    def looked_up(host: str, at: int, **_: object) -> list[tuple]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("socket.getaddrinfo", looked_up)
    targets.put(database, RING, MALL, f"https://mall.example:{port}/told")
    redelivery.ping(database, MALL)
    assert Sender(database, RING).send() == 1
    with database.read() as session:
        (message,) = redelivery.messages(session, MALL, 2**62, 9)
    assert asked == ["mall.example"] and listener.taken == []
    assert message.last_failure == "WebhookUrlRefused: its name leads into a private network"


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(database: Database) -> None:
    request = Sender(database, RING, private=True)._request("http://localhost:81/told?a=1", b"{}", {})
    assert request.url.host in ("127.0.0.1", "::1") and request.url.raw_path == b"/told?a=1"
    assert request.headers["host"] == "localhost:81" and request.extensions["sni_hostname"] == "localhost"


def test_what_was_given_up_is_sent_again_in_order_for_each_order(
    database: Database, listener: Listener
) -> None:
    mirrored(database, final=0)
    make(database)
    targets.put(database, RING, MALL, listener.url, private=True)
    mirrored(
        database,
        event(1, 0, "RetailOrderRecorded", order_number=1, amount=5),
        event(2, 0, "RetailOrderRecorded", order_number=2, amount=5),
        event(3, 0, "OrderRefunded", order_number=1, amount=5),
        event(4, 0, "OrderVoided", order_number=1, amount=5),
    )
    make(database)
    with database.write() as session:
        for place, taken in ((1, False), (3, True), (4, False)):
            values = {"done_at": 5, "taken": taken, "tries": 30, "last_failure": "HTTP 500", "created_at": 1}
            named = WebhookMessage.source == f"event:{place}:0"
            session.exec(update(WebhookMessage).where(named).values(**values))
        far = {"not_before": 2**40, "tries": 9, "last_failure": "HTTP 500"}
        session.exec(update(WebhookMessage).where(WebhookMessage.source == "event:2:0").values(**far))
    with database.read() as session:
        assert redelivery.not_taken(session, MALL) == {"waiting": 1, "given up": 2}
    assert redelivery.send_failed_again(database, MALL) == 3
    sender = Sender(database, RING, private=True)
    while sender.send():
        pass
    assert [(one["kind"], one["order"]) for one, _, _ in listener.taken] == [
        ("order.recorded", 1), ("order.recorded", 2), ("order.voided", 1)
    ]  # fmt: skip
    assert redelivery.send_failed_again(database, MALL) == 0
    with database.read() as session:
        taken = redelivery.messages(session, MALL, 2**62, 9, "taken")
    again = redelivery.send_again(database, MALL, taken[-1].id)
    sender.send()
    assert listener.taken[-1][0]["order"] == 1 and again.source == "event:1:0"


def test_a_new_secret_signs_from_then_on_and_all_is_written_down(
    database: Database, listener: Listener
) -> None:
    first = targets.put(database, RING, MALL, listener.url, private=True)
    second = targets.new_secret(database, RING, MALL)
    redelivery.ping(database, MALL)
    Sender(database, RING, private=True).send()
    ((told, signature, body),) = listener.taken
    at, mac = signature.removeprefix("t=").split(",v1=")
    signed = {hmac.new(one.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest(): one
              for one in (first, second)}  # fmt: skip
    assert told["kind"] == "ping" and signed[mac] == second
    targets.forget(database, MALL)
    for act in (targets.new_secret, lambda *_: redelivery.ping(database, MALL)):
        with pytest.raises(NoWebhook):
            act(database, RING, MALL)
    with database.read() as session:
        assert [one.action for one in changes.page(session, MALL, 2**62, 9)] == [
            "removed", "ping", "secret", "set"
        ]  # fmt: skip
        assert changes.page(session, "key:another", 2**62, 9) == []
