"""Keys from a key store, the environment or a remote signer; none is ever shown."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from shop import Shop

from liandong.chain.key_file import PASSWORD_VARIABLE, KeyUnusable
from liandong.chain.rpc import RpcClient
from liandong.chain.signer import Fees
from liandong.outbox import attempts, states
from liandong.outbox.errors import SignerRefused
from liandong.outbox.fees import FeeCaps, raised
from liandong.outbox.keys import read_key
from liandong.outbox.kinds import ROLES
from liandong.outbox.opening import signers
from liandong.outbox.signing import TransactionSigner
from liandong.outbox.worker import Worker
from liandong.settings import Settings

SECRET = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
ADDRESS = Account.from_key(SECRET).address


def signed_by(signer: TransactionSigner) -> str:
    signed = attempts.sign(signer, 5, 3, ("0x" + "12" * 20, b"data"), 21_000, Fees(7, 2))
    assert attempts.call_of(signed.raw) == ("0x" + "12" * 20, b"data")
    return Account.recover_transaction(signed.raw)


def test_a_key_store_and_the_environment_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "operator.json"
    store.write_text(json.dumps(Account.encrypt(SECRET, "open sesame", kdf="pbkdf2", iterations=1000)))
    monkeypatch.setenv(PASSWORD_VARIABLE, "open sesame")
    monkeypatch.setenv("OPERATOR", SECRET)
    for source in (f"keystore:{store}", "env:OPERATOR"):
        signer = read_key(source, 1)
        assert signed_by(signer) == signer.address == ADDRESS
        assert SECRET[:8] not in repr(signer)


def test_a_key_that_cannot_be_used_is_named_but_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "operator.json"
    store.write_text(json.dumps(Account.encrypt(SECRET, "open sesame", kdf="pbkdf2", iterations=1000)))
    monkeypatch.setenv(PASSWORD_VARIABLE, "wrong")
    monkeypatch.setenv("OPERATOR", SECRET + "zz")
    sources = [f"keystore:{store}", f"keystore:{tmp_path}/none", "env:OPERATOR", "env:NONE", SECRET]
    for source in (*sources, "remote:http://127.0.0.1:1#0x12"):
        with pytest.raises(KeyUnusable) as caught:
            read_key(source, 1)
        assert SECRET[:8] not in str(caught.value) and "sesame" not in str(caught.value)
    with pytest.raises(KeyUnusable, match="not a development chain"):
        read_key("trial:operator", 1)


def test_settings_name_who_signs() -> None:
    assert tuple(signers(Settings(), 31337)) == ROLES
    with pytest.raises(KeyUnusable, match="LIANDONG_OPERATOR_SIGNER"):
        signers(Settings(), 1)
    only = signers(Settings(anyone_signer="trial:anyone"), 31337)
    assert list(only) == ["anyone"]


class _Remote(BaseHTTPRequestHandler):
    """Signs what it is asked to, with the server's key; ``server.twist`` changes the transaction before."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        given = asked["params"][0]
        names = ("chainId", "nonce", "gas", "value", "maxFeePerGas", "maxPriorityFeePerGas")
        transaction: dict[str, Any] = {name: int(given[name], 16) for name in names}
        transaction |= {"type": 2, "to": bytes.fromhex(given["to"][2:]), "data": given["data"]}
        transaction |= self.server.twist  # type: ignore[attr-defined]
        signed = Account.sign_transaction(transaction, self.server.key)  # type: ignore[attr-defined]
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": {"raw": "0x" + signed.raw_transaction.hex()}}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def remote() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Remote)
    server.twist, server.key = {}, SECRET
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_remote_signer_signs_and_is_not_trusted(remote: Any) -> None:
    signer = read_key(f"remote:http://127.0.0.1:{remote.server_port}#{ADDRESS}", 1)
    assert signed_by(signer) == signer.address == ADDRESS
    for twist in ({"nonce": 4}, {"to": bytes(20)}, {"value": 1}, {"maxFeePerGas": 8}, {"data": "0x"}):
        remote.twist = twist
        with pytest.raises(SignerRefused, match="something else"):
            signed_by(signer)
    remote.twist, remote.key = {}, "11" * 32
    with pytest.raises(SignerRefused, match="something else"):
        signed_by(signer)


def test_a_remote_signer_that_is_away_holds_the_lane_and_nothing_is_lost(
    shop: Shop, remote: Any, caplog: pytest.LogCaptureFixture
) -> None:
    operator = shop.client.keys.operator
    remote.key = bytes(operator.account.key)
    signer = read_key(f"remote:http://127.0.0.1:{remote.server_port}#{operator.address}", 1)
    worker = Worker(
        shop.database, RpcClient(shop.node.url), shop.client.deployment, {"operator": signer}, shop.policy
    )
    order = shop.submit("o", "order", shop.order())
    remote.twist = {"nonce": 99}
    with caplog.at_level(logging.WARNING):
        worker.step()
    assert "SignerRefused" in caplog.text and remote.key.hex() not in caplog.text
    assert shop.get(order).state == states.QUEUED
    remote.twist = {}
    shop.drive(worker)
    assert shop.get(order).state == states.MINED


def test_a_replacement_pays_an_eighth_more_or_is_not_made() -> None:
    caps = FeeCaps(1000, 100)
    assert raised(Fees(100, 10), Fees(50, 5), caps) == Fees(113, 12)
    assert raised(Fees(100, 10), Fees(300, 5), caps) == Fees(300, 12)
    assert raised(Fees(880, 10), Fees(2000, 5), caps) == Fees(1000, 12)
    assert raised(Fees(900, 10), Fees(2000, 5), caps) is None
    assert raised(Fees(100, 95), Fees(100, 95), caps) is None
    assert raised(Fees(0, 0), Fees(0, 0), caps) is None
