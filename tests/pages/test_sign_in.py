"""Signing in with a browser wallet, in a real browser: as it should go, and all that can go wrong."""

from __future__ import annotations

import httpx
from market import AMY
from playwright.sync_api import expect
from visiting import OpenPage, Site, sign_in

from liandong.chain.local import local_signer


def test_signs_in_sees_its_own_and_signs_out(site: Site, open_page: OpenPage) -> None:
    wallet = site.wallet(AMY)
    page = sign_in(open_page(wallet))
    expect(page.get_by_role("heading", name="My earnings")).to_be_visible()
    expect(page.get_by_text(f"Agent {site.market.amy}", exact=True)).to_be_visible()
    assert wallet.asked == ["eth_requestAccounts", "eth_chainId", "personal_sign"]
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "liandong_session"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"

    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="我的收益")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert "liandong_session" not in {one["name"] for one in page.context.cookies()}


def test_a_refused_signature_is_told_and_can_be_tried_again(site: Site, open_page: OpenPage) -> None:
    wallet = site.wallet(AMY)
    wallet.refuses = {"personal_sign"}
    page = open_page(wallet)
    page.goto("/app/sign-in")
    page.get_by_role("button", name="Test Wallet").click()
    expect(page.get_by_text("You refused in your wallet")).to_be_visible()
    wallet.refuses = set()
    page.get_by_role("button", name="Test Wallet").click()
    expect(page.get_by_role("heading", name="My earnings")).to_be_visible()


def test_a_wallet_on_another_network_is_led_to_ours(site: Site, open_page: OpenPage) -> None:
    wallet = site.wallet(AMY)
    wallet.chain_id = 1
    page = open_page(wallet)
    page.goto("/app/sign-in")
    page.get_by_role("button", name="Test Wallet").click()
    expect(page.get_by_text("Switch it to Test Chain")).to_be_visible()
    assert "personal_sign" not in wallet.asked
    page.get_by_role("button", name="Switch network").click()
    expect(page.get_by_role("heading", name="My earnings")).to_be_visible()


def test_a_lost_session_leads_to_signing_in_and_back(site: Site, open_page: OpenPage) -> None:
    page = sign_in(open_page(site.wallet(AMY)))
    cookie = next(one for one in page.context.cookies() if one["name"] == "liandong_session")
    with httpx.Client(base_url=site.api.url) as client:
        client.post("/v1/sign-out", headers={"Authorization": f"Bearer {cookie['value']}"})
    page.goto("/app/earnings?days=360")
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    page.get_by_role("button", name="Test Wallet").click()
    page.wait_for_url("**/app/earnings?days=360")
    expect(page.get_by_role("heading", name="My earnings")).to_be_visible()


def test_no_wallet_in_the_browser(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/app/")
    expect(page.get_by_text("No wallet was found in this browser")).to_be_visible()


def test_a_wallet_of_nobody_is_told_how_to_join(site: Site, open_page: OpenPage) -> None:
    page = sign_in(open_page(site.wallet(local_signer("wallet of nobody"))))
    expect(page.get_by_role("heading", name="You are not an agent yet")).to_be_visible()
