"""The application as its visitors and its mall meet it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from market import DAY, Market
from playwright.sync_api import Page
from served import Served
from wallet import TestWallet

from liandong.access.keys import create_key
from liandong.access.principals import Scope
from liandong.chain.node import NodeClock
from liandong.chain.signer import Signer

OpenPage = Callable[..., Page]
"""Opens a page in a browser of its own: ``open_page(wallet, language="en", width=390)``."""


@dataclass
class Site:
    """The application, its mall, and the chain behind it."""

    api: Served
    market: Market
    mall: httpx.Client
    clock: NodeClock
    rpc_url: str

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        """A write of the mall's, once it is mined."""
        headers = {"Prefer": "wait=30", "Idempotency-Key": secrets.token_hex(8)}
        answer = self.mall.post(path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sale(self, seller: int, price: int = 20_000, **more: Any) -> int:
        """An order of a seller's, recorded."""
        body = {
            "order_id": secrets.token_hex(6), "channel": "retail", "price": price, "cost": price // 4,
            "supplier": self.market.supplier, "seller": seller,
        }  # fmt: skip
        number: int = self.post("/v1/orders", body | more)["order"]
        return number

    def sales(self, seller: int, count: int) -> list[int]:
        """Orders of a seller's, recorded together, so that they are in one batch."""
        sale = {"channel": "retail", "price": 20_000, "cost": 5_000, "supplier": self.market.supplier}
        body = [sale | {"order_id": secrets.token_hex(6), "seller": seller} for _ in range(count)]
        items = self.mall.post("/v1/orders/bulk", json=body).json()["items"]
        until = time.monotonic() + 30
        while True:
            found = [self.mall.get(f"/v1/requests/{one['request']['id']}").json() for one in items]
            if all(one["state"] in ("mined", "final") for one in found):
                return [one["order"] for one in found]
            assert time.monotonic() < until, found
            time.sleep(0.05)

    def deliver(self, *orders: int) -> None:
        """They arrive today."""
        items = self.post("/v1/deliveries", {"orders": list(orders)})["items"]
        until = time.monotonic() + 30
        while any(self.state_of(one["request"]["id"]) not in ("mined", "final") for one in items):
            assert time.monotonic() < until
            time.sleep(0.05)

    def state_of(self, request: int) -> str:
        """How far a request is."""
        state: str = self.mall.get(f"/v1/requests/{request}").json()["state"]
        return state

    def days_pass(self, days: int) -> None:
        """The chain's clock goes on."""
        self.clock.set(self.clock.now() + days * DAY)
        self.api.caught_up()

    def settled(self, seller: int, **more: Any) -> int:
        """An order of a seller's that has settled."""
        order = self.sale(seller, **more)
        self.deliver(order)
        self.days_pass(9)
        self.post("/v1/settlements", {"orders": [order]})
        return order

    def wallet(self, signer: Signer) -> TestWallet:
        """A browser wallet on the application's chain."""
        return TestWallet(signer, self.rpc_url, self.market.client.deployment.chain_id)


def sign_in(page: Page, path: str = "/app/earnings") -> Page:
    """Signs in with the page's wallet, and goes on to a page."""
    page.goto(path)
    page.get_by_role("button", name="Test Wallet").click()
    page.wait_for_url(f"**{path}")
    return page


def new_key(site: Site, *scopes: Scope) -> str:
    """A key with these scopes."""
    _, word = create_key(site.api.app.state.context.database, "+".join(scopes), scopes, 100_000)
    return word
