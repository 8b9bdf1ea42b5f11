"""A node that answers nonsense is one that does not answer; what it is called does not tell secrets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from liandong.chain.errors import NodeRefused, NodeUnreachable
from liandong.chain.rpc import RpcClient


class Speaker:
    """Answers every request with the same words."""

    def __init__(self) -> None:
        self.words = b""
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(mine.words)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def client(self) -> RpcClient:
        return RpcClient(
            f"http://user:secret@127.0.0.1:{self.server.server_port}/secret?key=secret", timeout=5
        )


@pytest.fixture(scope="module")
def speaker() -> Iterator[Speaker]:
    found = Speaker()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.mark.parametrize(
    "words",
    [
        "",
        "<html>",
        "7",
        "null",
        "{}",
        "[]",
        '{"id": 1}',
        '{"id": 2, "result": "0x1"}',
        '[{"id": 1, "result": 1}, 5]',
    ],
)
def test_nonsense_is_no_answer(speaker: Speaker, words: str) -> None:
    speaker.words = words.encode()
    with pytest.raises(NodeUnreachable) as caught:
        speaker.client().batch([("eth_chainId", ()), ("eth_blockNumber", ())])
    assert "127.0.0.1" in str(caught.value) and "secret" not in str(caught.value)


def test_a_batch_that_is_refused_as_a_whole_is_refused_in_each_part(speaker: Speaker) -> None:
    error = {"code": -32005, "message": "response too large"}
    speaker.words = json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
    answers = speaker.client().batch([("eth_chainId", ()), ("eth_getLogs", ({},))])
    assert [type(one) for one in answers] == [NodeRefused, NodeRefused]
    with pytest.raises(NodeRefused, match="too large"):
        speaker.client().call("eth_chainId")


@pytest.mark.parametrize("result", [None, "x", 5, {"a": 1}])
def test_what_must_be_a_number_is_one(speaker: Speaker, result: object) -> None:
    speaker.words = json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}).encode()
    with pytest.raises(NodeUnreachable, match="which is no number"):
        speaker.client().number("eth_blockNumber")
