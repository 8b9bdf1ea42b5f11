"""What malls are told: each thing once, signed, in order, again until it is taken."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select, update

from liandong.db.chain import ChainEvent, MirrorCursor
from liandong.db.outbox import OutboxRequest
from liandong.db.session import Database
from liandong.db.webhooks import WebhookMessage
from liandong.personal.cipher import KeyRing
from liandong.webhooks import targets
from liandong.webhooks.errors import NoWebhook, WebhookUrlRefused
from liandong.webhooks.making import make
from liandong.webhooks.sending import Sender

RING = KeyRing.parse("a:" + "11" * 32)
MALL = "key:a mall"


class Listener:
    """A mall's server that takes messages, or refuses as many as it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict, str, bytes]] = []
        self.refuse = 0
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refused = mine.refuse > 0
                mine.refuse -= refused
                if not refused:
                    mine.taken.append((json.loads(body), self.headers["Liandong-Signature"], body))
                self.send_response(503 if refused else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/told"


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.server.shutdown()
    found.server.server_close()


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
    secret = targets.put(database, RING, MALL, listener.url)
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
    sender = Sender(database, RING)
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
    targets.put(database, RING, MALL, listener.url)
    mirrored(
        database,
        event(1, 0, "RetailOrderRecorded", order_number=1, amount=5),
        event(2, 0, "OrderVoided", order_number=1, amount=5),
        event(3, 0, "RetailOrderRecorded", order_number=2, amount=5),
    )
    make(database)
    listener.refuse = 1
    sender = Sender(database, RING)
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
    targets.put(database, RING, MALL, listener.url)
    targets.put(database, RING, "key:another", listener.url)
    with database.write() as session:
        session.add(
            OutboxRequest(caller=MALL, key="order:M-8", digest="d", kind="order", body={}, role="operator",
                          state="rejected", error_name="PriceBelowCost", created_at=2**45, changed_at=2**45)
        )  # fmt: skip
    make(database)
    make(database)
    sender = Sender(database, RING)
    sender.send()
    (one, _, _) = listener.taken[0]
    assert (one["kind"], one["code"], one["order_id"]) == ("request.rejected", "PriceBelowCost", "M-8")
    assert len(listener.taken) == 1


def test_secrets_are_sealed_anew_and_targets_forgotten(database: Database, listener: Listener) -> None:
    secret = targets.put(database, RING, MALL, listener.url)
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
    ],
)
def test_urls_that_are_refused(database: Database, url: str) -> None:
    with pytest.raises(WebhookUrlRefused):
        targets.put(database, RING, MALL, url)
