"""The deposit in a real browser: held back, locked, set off against debt, taken back by its owner."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, expect
from visiting import OpenPage, Site, sign_in
from wallet import TestWallet

from liandong.chain.local import local_signer


@pytest.fixture
def seller(site: Site) -> tuple[int, TestWallet]:
    """A certified agent, and its wallet."""
    signer = local_signer(f"wallet of {secrets.token_hex(4)}")
    site.api.caught_up()
    found = site.post("/v1/founders", {"wallet": signer.address, "region": 310000})
    number = found["result"]["participant"]
    headers = {"Prefer": "wait=30", "Idempotency-Key": secrets.token_hex(8)}
    answer = site.mall.put(
        f"/v1/participants/{number}/certification", json={"certified": True}, headers=headers
    )
    assert answer.status_code < 300, answer.text
    return number, site.wallet(signer)


def sells_abroad(site: Site, seller: int) -> int:
    """A settled cross-border order of 500.00: its service fee is 50.00, of which 5.00 are held back."""
    more = {"channel": "cross_border", "price": 50_000, "duty": 700, "insurance": 80}
    return site.settled(seller, **more)


def follow(page: Page) -> None:
    expect(page.get_by_text("Done").first).to_be_visible()
    page.get_by_role("link", name="Go on").click()


def test_held_back_locked_and_taken_back(
    site: Site, open_page: OpenPage, seller: tuple[int, TestWallet]
) -> None:
    me, wallet = seller
    order = sells_abroad(site, me)
    page = sign_in(open_page(wallet))
    page.get_by_role("link", name="can be taken back from").click()
    expect(page.locator("[data-test=deposit]")).to_have_text("¥5.00")
    expect(page.locator("[data-test=lock]")).to_contain_text("30 more days")
    expect(page.get_by_role("link", name=f"Order {order}")).to_contain_text("+¥5.00")
    expect(page.get_by_role("heading", name="Insured orders")).to_be_visible()
    expect(page.get_by_label("Amount")).to_have_count(0)

    site.days_pass(30)
    page.reload()
    page.get_by_label("Amount").fill("9")
    page.get_by_role("button", name="Take it back with my wallet").click()
    expect(page.get_by_text("Enter an amount from 0.01 to 5.00")).to_be_visible()
    page.get_by_label("Amount").fill("2.00")
    page.get_by_role("button", name="Take it back with my wallet").click()
    follow(page)
    expect(page.locator("[data-test=deposit]")).to_have_text("¥3.00")
    expect(page.get_by_text("Deposit paid back")).to_be_visible()
    found = site.mall.get(f"/v1/participants/{me}/deposit").json()
    assert (found["amount"], found["held_back"], found["released"], found["set_off"]) == (300, 500, 200, 0)


def test_debt_is_set_off_and_keeps_it(
    site: Site, open_page: OpenPage, seller: tuple[int, TestWallet]
) -> None:
    me, wallet = seller
    order = sells_abroad(site, me)
    account = site.mall.get(f"/v1/accounts/{me}").json()
    page = sign_in(open_page(wallet), "/app/withdraw")
    page.get_by_role("button", name="Send it yourself").click()
    follow(page)
    site.post(f"/v1/orders/{order}/refunds", {"amount": 50_000, "receipt": "0x" + "11" * 32})
    site.api.caught_up()
    page.goto("/app/deposit")
    expect(page.locator("[data-test=deposit]")).to_have_text("¥0.00")
    owed = account["available"]
    expect(page.get_by_text(f"You owe ¥{owed // 100}.{owed % 100:02}")).to_be_visible()
    expect(page.get_by_role("row", name="Set off against debt and refunds")).to_contain_text("5.00")


def test_frozen_or_nothing_held_cannot_be_taken(
    site: Site, open_page: OpenPage, seller: tuple[int, TestWallet]
) -> None:
    _, wallet = seller
    page = sign_in(open_page(wallet), "/app/deposit")
    expect(page.get_by_text("Nothing is held now")).to_be_visible()
    expect(page.get_by_text("They appear when cross-border orders settle")).to_be_visible()
    expect(page.get_by_role("button", name="Take it back with my wallet")).to_have_count(0)
