"""No serious finding of axe on any page, light and dark, on a phone."""

from __future__ import annotations

import secrets
from pathlib import Path

from market import AMY
from playwright.sync_api import Page
from visiting import OpenPage, Site, new_key, sign_in

from liandong.access.principals import Scope

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")

PAGES = ("earnings", "deposit", "payouts", "team", "claims", "withdraw", "card")


OFFICE = {
    Scope.AUDITOR: (
        "audit/books", "audit/replays", "audit/records", "audit/records/orders/{order}",
        "audit/records/accounts/{amy}", "audit/records/pools", "audit/governance", "audit/compliance",
    ),
    Scope.MALL: (
        "brand/overview", "brand/campaigns", "brand/campaigns/new", "brand/campaigns/{campaign}",
        "brand/lanes", "brand/webhooks",
    ),
}  # fmt: skip


def serious(page: Page) -> list[str]:
    """What is serious, light and dark; and what is wider than the window."""
    page.evaluate(AXE)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            f"{scheme}: {one['id']}: {node['html']}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append("wider than the window")
    return found


def test_pages_of_agents(site: Site, open_page: OpenPage) -> None:
    site.settled(site.market.amy)
    site.sale(site.market.amy)
    page = open_page(site.wallet(AMY), width=390)
    page.goto("/app/sign-in")
    page.get_by_role("button", name="Test Wallet").wait_for()
    assert serious(page) == []
    page.goto(f"/app/join/{site.market.boss}")
    assert serious(page) == []
    sign_in(page)
    for name in PAGES:
        page.goto(f"/app/{name}")
        assert serious(page) == [], name
    page.goto("/app/payouts")
    page.get_by_role("link", name="Direct sale").first.click()
    page.get_by_role("button", name="Prove it").click()
    page.locator("#verdict.good").wait_for()
    assert serious(page) == []


def opened(site: Site) -> int:
    """A presale with an order in it."""
    number = 2_000_000 + secrets.randbelow(10**6)
    site.post("/v1/campaigns", {"campaign": number, "kind": "presale", "days": 9})
    site.sale(site.market.amy, channel="campaign", partner=site.market.boss, campaign=number)
    return number


def test_pages_of_auditors_and_the_brand(site: Site, open_page: OpenPage) -> None:
    order = site.settled(site.market.amy)
    campaign = opened(site)
    assert site.mall.put("/v1/webhook", json={"url": "https://mall.example/told"}).status_code == 200
    site.mall.post("/v1/webhook/ping")
    for scope, paths in OFFICE.items():
        page = open_page(width=390)
        page.goto("/app/key")
        assert serious(page) == []
        page.get_by_label("Key").fill(new_key(site, scope))
        page.get_by_role("button", name="Sign in").click()
        page.locator("h1").wait_for()
        for path in paths:
            page.goto("/app/" + path.format(order=order, amy=site.market.amy, campaign=campaign))
            page.wait_for_load_state("networkidle")
            assert serious(page) == [], path
    site.mall.delete("/v1/webhook")


def test_the_keyboard_is_enough(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.wallet(AMY))
    page.goto("/app/sign-in")
    page.get_by_role("button", name="Test Wallet").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/app/earnings")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
