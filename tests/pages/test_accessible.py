"""No serious finding of axe on any page, light and dark, narrow and wide."""

from __future__ import annotations

from pathlib import Path

import pytest
from market import AMY
from playwright.sync_api import Page
from visiting import OpenPage, Site, sign_in

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")

PAGES = ("earnings", "payouts", "team", "claims", "withdraw", "card")


def serious(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_agents(site: Site, open_page: OpenPage, scheme: str) -> None:
    site.settled(site.market.amy)
    site.sale(site.market.amy)
    page = open_page(site.wallet(AMY), width=1280 if scheme == "dark" else 390)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
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
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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
