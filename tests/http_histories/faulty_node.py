"""A proxy before a node that fails as nodes, networks and load balancers do, as often as it is told to."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Call = dict[str, Any]
Answer = dict[str, Any]

SEND = "eth_sendRawTransaction"

PATIENCE = 0.4
"""Seconds that the services under test wait for the node; a late answer comes after it."""

MOST_BEHIND = 3
"""Blocks that the slow node behind the load balancer lags."""


class FaultyNode:
    """Passes requests on to the node at ``url``; of those, the share ``rate`` suffers a fault.

    ``away``: nothing is answered. ``on_sent`` is told when the node has taken a transaction, before its
    sender hears of it.
    """

    def __init__(self, url: str, seed: int) -> None:
        self.target = urlsplit(url)
        self.rate = 0.0
        self.away = False
        self.on_sent: Callable[[], None] = lambda: None
        self.counts: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._receipts: dict[str, Any] = {}
        self._local = threading.local()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                try:
                    body = self.rfile.read(int(self.headers["Content-Length"]))
                    status, answer = proxy.answer(json.loads(body))
                except (OSError, http.client.HTTPException):
                    status, answer = 0, b""  # the node is gone
                if status == 0:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:
                    self.close_connection = True  # who asked has not waited, or was killed

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- what is answered

    def answer(self, body: Any) -> tuple[int, bytes]:
        """HTTP status and body; status 0 hangs up."""
        if self.away:
            return 0, b""
        calls: list[Call] = body if isinstance(body, list) else [body]
        fault = self._chance.choice(FAULTS) if self._chance.random() < self.rate else None
        if fault is not None:
            self.counts[fault.__name__] += 1
            status, answer = fault(self, calls, isinstance(body, list))
        else:
            status, answer = _whole(self.pass_on(calls), isinstance(body, list))
        return (0, b"") if self.away else (status, answer)  # it went away meanwhile

    def pass_on(self, calls: list[Call]) -> list[Answer]:
        """The node's own answers."""
        answers = self._post(calls)
        for call, answer in zip(calls, answers, strict=True):
            if call["method"] == "eth_getTransactionReceipt" and answer.get("result"):
                self._receipts[call["params"][0]] = answer["result"]
            if call["method"] == SEND and "result" in answer:
                self.on_sent()
        return answers

    def old_receipt(self, hash_: str) -> Any:
        """What was answered for this transaction some time ago, perhaps on another fork."""
        return self._receipts.get(hash_)

    def pick(self, answers: list[Answer]) -> Answer:
        """One of the answers."""
        return self._chance.choice(answers)

    def behind(self) -> int:
        """How many blocks the slow node lags this time."""
        return self._chance.randint(1, MOST_BEHIND)

    def _post(self, calls: list[Call]) -> list[Answer]:
        data = json.dumps(calls).encode()
        for last in (False, True):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = http.client.HTTPConnection(self.target.hostname, self.target.port, timeout=30)
                self._local.connection = connection
            try:
                connection.request("POST", "/", data, {"Content-Type": "application/json"})
                found = json.loads(connection.getresponse().read())
                by_id = {answer["id"]: answer for answer in found}
                return [by_id[call["id"]] for call in calls]
            except (OSError, http.client.HTTPException):
                self._local.connection = None
                if last:
                    raise
        raise AssertionError


def _whole(answers: list[Answer], batch: bool) -> tuple[int, bytes]:
    return 200, json.dumps(answers if batch else answers[0]).encode()


# --- faults: each gets the calls, and whether they came as a batch


def never_asked(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    return 0, b""


def answer_lost(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    node.pass_on(calls)
    return 0, b""


def too_late(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    answers = node.pass_on(calls)
    time.sleep(PATIENCE * 1.5)
    return _whole(answers, batch)


def bad_gateway(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    return 502, b"<html>502 Bad Gateway</html>"


def cut_off(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    status, answer = _whole(node.pass_on(calls), batch)
    return status, answer[: len(answer) // 2]


def internal_error(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    error = {"code": -32603, "message": "internal error"}
    return _whole([{"jsonrpc": "2.0", "id": call["id"], "error": error} for call in calls], batch)


def refused_as_a_whole(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    error = {"code": -32005, "message": "too many requests"}
    return 429, json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()


def one_is_null(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    answers = node.pass_on(calls)
    one = node.pick(answers)
    one.pop("error", None)
    one["result"] = None
    return _whole(answers, batch)


def one_is_nonsense(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    answers = node.pass_on(calls)
    one = node.pick(answers)
    one.pop("error", None)
    one["result"] = {"nonsense": True}
    return _whole(answers, batch)


def one_is_missing(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    answers = node.pass_on(calls)
    answers.remove(node.pick(answers))
    return 200, json.dumps(answers if batch else {}).encode()


def transaction_forgotten(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    """The node says that it has the transaction, and has not."""
    kept = [call for call in calls if call["method"] != SEND]
    answers = node.pass_on(kept) if kept else []
    forgotten = [call for call in calls if call["method"] == SEND]
    answers += [{"jsonrpc": "2.0", "id": call["id"], "result": "0x" + "00" * 32} for call in forgotten]
    by_id = {answer["id"]: answer for answer in answers}
    return _whole([by_id[call["id"]] for call in calls], batch)


def sent_twice(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    node.pass_on(calls)
    return _whole(node.pass_on(calls), batch)


def newest_logs_missing(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    """The node's index of logs is a block behind its head."""
    answers = node.pass_on(calls)
    for answer in answers:
        logs = answer.get("result")
        if isinstance(logs, list) and logs and "topics" in logs[0]:
            newest = logs[-1]["blockNumber"]
            answer["result"] = [log for log in logs if log["blockNumber"] != newest]
    return _whole(answers, batch)


def receipts_of_another_fork(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    answers = node.pass_on(calls)
    for call, answer in zip(calls, answers, strict=True):
        if call["method"] == "eth_getTransactionReceipt":
            answer["result"] = node.old_receipt(call["params"][0])
    return _whole(answers, batch)


def back_in_time(node: FaultyNode, calls: list[Call], batch: bool) -> tuple[int, bytes]:
    """Answered by another node behind the balancer, which is some blocks behind."""
    asked = {"jsonrpc": "2.0", "id": 0, "method": "eth_blockNumber", "params": []}
    (head,) = node.pass_on([asked])
    last = max(int(head["result"], 16) - node.behind(), 0)
    answers = node.pass_on([_as_of(call, last) for call in calls])
    for call, answer in zip(calls, answers, strict=True):
        result = answer.get("result")
        if call["method"] == "eth_blockNumber":
            answer["result"] = hex(last)
        elif call["method"] == "eth_getLogs" and isinstance(result, list):
            answer["result"] = [log for log in result if int(log["blockNumber"], 16) <= last]
        elif isinstance(result, dict):
            number = result.get("number") or result.get("blockNumber")  # of a block, or of a receipt
            if number is not None and int(number, 16) > last:
                answer["result"] = None
    return _whole(answers, batch)


def _as_of(call: Call, last: int) -> Call:
    params = [hex(last) if one == "latest" else one for one in call["params"]]
    return call | {"params": params}


FAULTS = (
    never_asked, answer_lost, too_late, bad_gateway, cut_off, internal_error, refused_as_a_whole, one_is_null,
    one_is_nonsense, one_is_missing, transaction_forgotten, sent_twice, newest_logs_missing,
    receipts_of_another_fork, back_in_time, back_in_time,
)  # fmt: skip
