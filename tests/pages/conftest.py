"""The running application with an embedded chain, and a real browser with a wallet before it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from market import open_market
from playwright.sync_api import Browser, Page, sync_playwright
from served import served
from visiting import OpenPage, Site, new_key
from wallet import TestWallet

from liandong.access.principals import Scope
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode, NodeClock

CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("pages")
    with EmbeddedNode() as node:
        market = open_market(deploy_locally(node.client()))
        url = f"sqlite:///{folder / 'pages.sqlite'}"
        more = {"finality": 3, "due_seconds": 10**6, "chain_name": "Test Chain"}
        with served(market.client, url, folder, **more) as api, api.caller(Scope.MALL) as mall:
            api.caught_up()
            yield Site(api, market, mall, NodeClock(node.client()), node.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "these tests take a browser: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[OpenPage]:
    contexts = []
    strange: list[str] = []

    def open_(
        wallet: TestWallet | None = None, language: str = "en", width: int = 390, base_url: str = ""
    ) -> Page:
        ours = base_url or site.api.url
        context = browser.new_context(base_url=ours, viewport={"width": width, "height": 844})
        context.set_default_timeout(20_000)
        contexts.append(context)
        context.add_cookies(
            [{"name": "liandong_language", "value": language, "domain": "127.0.0.1", "path": "/app"}]
        )
        page = context.new_page()
        page.on("request", lambda one: None if one.url.startswith(ours) else strange.append(one.url))
        page.on("console", lambda one: strange.append(one.text) if is_trouble(one.type, one.text) else None)
        page.on("pageerror", lambda error: strange.append(str(error)))
        if wallet is not None:
            wallet.put_into(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert strange == [], "requests to other hosts, refusals of the Content-Security-Policy, script errors"


@pytest.fixture
def brand(site: Site, open_page: OpenPage) -> Page:
    """A page that is signed in with a mall's key."""
    page = open_page()
    page.goto("/app/key")
    page.get_by_label("Key").fill(new_key(site, Scope.MALL))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app/brand/overview")
    return page


def is_trouble(kind: str, text: str) -> bool:
    """Whether the browser complains; an answer that is no success is for the test to judge."""
    return kind == "error" and "the server responded with a status of" not in text
