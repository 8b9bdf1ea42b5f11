"""The API as its callers meet it: on a socket, with a chain behind it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from fastapi import FastAPI

from liandong.access.keys import create_key
from liandong.access.principals import Scope
from liandong.app import create_app
from liandong.chain.settlement import SettlementClient
from liandong.settings import Settings

PERSONAL_KEYS = "2026b:" + "22" * 32 + ",2026a:" + "11" * 32


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Runs the app on a free port; yields its URL."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def settings_for(chain: SettlementClient, url: str, folder: Path, **more: Any) -> Settings:
    """Settings of an app before this chain."""
    path = folder / "deployment.json"
    chain.deployment.write(path)
    values: dict[str, Any] = {
        "rpc_url": chain.sender.client.url, "deployment": path, "database_url": url,
        "audit_folder": folder / "audit", "backtest_folder": folder / "backtests",
        "poll_seconds": 0.02, "personal_keys": PERSONAL_KEYS, "webhook_private": True,
        "anonymous_per_minute": 10**6,
    }  # fmt: skip
    return Settings(**(values | more))


@dataclass
class Served:
    """A running API and callers of it."""

    app: FastAPI
    url: str
    chain: SettlementClient

    def caller(self, *scopes: Scope, name: str | None = None, per_minute: int = 100_000) -> httpx.Client:
        """A client with a new key; without scopes, one without a key."""
        headers = {}
        if scopes:
            database = self.app.state.context.database
            _, word = create_key(database, name or "+".join(scopes), scopes, per_minute)
            headers["Authorization"] = f"Bearer {word}"
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def sign_in(self, account: LocalAccount) -> httpx.Client:
        """A client of a wallet that has signed in."""
        client = self.caller()
        text = client.post("/v1/sign-in/challenge", json={"address": account.address}).json()["message"]
        signature = "0x" + account.sign_message(encode_defunct(text=text)).signature.hex()
        answer = client.post("/v1/sign-in", json={"message": text, "signature": signature})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def caught_up(self) -> None:
        """Waits until the mirror has what the chain has."""
        until = time.monotonic() + 20
        with self.caller() as anybody:
            while time.monotonic() < until:
                answer = anybody.get("/ready")
                if answer.status_code == 200 and answer.json()["lag"] == 0:
                    return
                time.sleep(0.02)
        raise AssertionError(answer.text)


@contextmanager
def served(chain: SettlementClient, url: str, folder: Path, **more: Any) -> Iterator[Served]:
    """Serves the API before a chain."""
    app = create_app(settings_for(chain, url, folder, **more))
    with listening(app) as at:
        yield Served(app, at, chain)
