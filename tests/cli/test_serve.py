"""`liandong keys` and `liandong serve` as their users run them."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from command import LIANDONG, Run

from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_keys_are_made_listed_and_revoked(liandong: Run) -> None:
    where = ("--database", "sqlite:///keys.sqlite")
    made = liandong("keys", "create", "a mall", "--scope", "mall", *where)
    assert made.returncode == 0, made.stderr
    word = made.stdout.strip()
    assert word.startswith("ldk_")
    listed = liandong("keys", "list", *where)
    assert "a mall" in listed.stdout and word not in listed.stdout
    assert liandong("keys", "revoke", 1, *where).returncode == 0
    unknown = liandong("keys", "revoke", 7, *where)
    assert unknown.returncode == 3 and "no key 7" in unknown.stderr
    both = liandong("keys", "create", "x", "--scope", "mall", "--scope", "risk", *where)
    assert both.returncode == 3 and "at most" in both.stderr
    assert liandong("keys", "rotate-personal", *where).returncode == 3
    rotated = liandong("keys", "rotate-personal", *where, LIANDONG_PERSONAL_KEYS="a:" + "11" * 32)
    assert rotated.stdout.strip() == "0 rows sealed anew"


def test_serve_runs_api_mirror_and_outbox_until_it_is_stopped(
    liandong: Run, tmp_path: Path, port: int
) -> None:
    with EmbeddedNode() as node:
        deploy_locally(node.client(), path=tmp_path / "deployment.json")
        word = liandong(
            "keys", "create", "m", "--scope", "mall", "--database", "sqlite:///x.sqlite"
        ).stdout.strip()
        process = subprocess.Popen(
            [LIANDONG, "serve", "--rpc", node.url, "--deployment", "deployment.json", "--port", str(port),
             "--database", "sqlite:///x.sqlite"],
            cwd=tmp_path, stderr=subprocess.PIPE, text=True, env={"PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        try:
            client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=40)
            for _ in range(300):
                try:
                    if client.get("/ready").status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.1)
            headers = {"Authorization": f"Bearer {word}", "Idempotency-Key": "k", "Prefer": "wait=30"}
            wallet = "0x" + "12" * 20
            made = client.post("/v1/suppliers", json={"wallet": wallet}, headers=headers)
            assert made.status_code == 200, made.text
        finally:
            process.send_signal(signal.SIGINT)
            _, log = process.communicate(timeout=40)
        assert process.returncode in (0, -signal.SIGINT), log
        lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        answered = [line for line in lines if line.get("route") == "/v1/suppliers"]
        assert answered[0]["status"] == 200 and answered[0]["request"] == made.headers["x-request-id"]
        assert word not in log and wallet not in log


def test_serve_says_what_is_missing(liandong: Run) -> None:
    failed = liandong("serve", "--deployment", "nothing.json", "--database", "sqlite:///x.sqlite")
    assert failed.returncode == 3 and "nothing.json" in failed.stderr
