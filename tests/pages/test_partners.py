"""Suppliers and stores sign in: their own earnings, payouts, withdrawals, nothing that agents alone have."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import expect
from visiting import OpenPage, Site, sign_in

from liandong.chain.local import local_signer

FOR_AGENTS = ("team", "claims", "card", "card.svg", "deposit")


@pytest.mark.parametrize("kind", ["supplier", "store"])
def test_sees_and_withdraws_its_own(site: Site, open_page: OpenPage, kind: str) -> None:
    signer = local_signer(f"wallet of {secrets.token_hex(4)}")
    me = site.post(f"/v1/{kind}s", {"wallet": signer.address})["result"]["participant"]
    if kind == "supplier":
        site.settled(site.market.amy, supplier=me, cost=5_000)
    else:
        site.settled(site.market.amy, channel="store", partner=me)
    page = sign_in(open_page(site.wallet(signer)))
    expect(page.get_by_text(f"{kind.capitalize()} {me}")).to_be_visible()
    bar = page.get_by_role("navigation", name="Main")
    expect(bar.get_by_role("link")).to_have_text(["Earnings", "Payouts", "Withdraw"])
    expect(page.get_by_text("Deposit")).to_have_count(0)
    expect(page.locator("[data-test=available]")).not_to_have_text("¥0.00")

    bar.get_by_role("link", name="Payouts").click()
    page.get_by_role("link", name="Supply" if kind == "supplier" else "Store").first.click()
    expect(page.get_by_text("agrees with what the chain paid")).to_be_visible()
    bar.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Sign, we send it").click()
    page.get_by_role("link", name="Go on").click()
    expect(page.locator("[data-test=available]")).to_have_text("¥0.00")
    for name in FOR_AGENTS:
        answer = page.goto(f"/app/{name}")
        assert answer is not None and answer.status == 403, name
    expect(page.get_by_text("AgentsOnly")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
