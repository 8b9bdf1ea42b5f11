"""Campaigns in a real browser: opened by the form, seen to be open, won, failed, over; what becomes due."""

from __future__ import annotations

import secrets

import httpx
import pytest
from playwright.sync_api import Page, expect
from visiting import Site, new_key

from liandong.access.principals import Scope


def number() -> int:
    return 1 + secrets.randbelow(10**6)


def opened(site: Site, kind: str, days: int = 5, target: int = 2) -> int:
    one = number()
    site.post("/v1/campaigns", {"campaign": one, "kind": kind, "target": target, "days": days})
    return one


def sold(site: Site, campaign: int, **more: int) -> int:
    market = site.market
    return site.sale(market.amy, channel="campaign", partner=market.boss, campaign=campaign, **more)


def test_is_opened_by_the_form_and_won_by_its_orders(site: Site, brand: Page) -> None:
    one = number()
    brand.get_by_role("link", name="Campaigns").click()
    brand.get_by_role("link", name="Open a campaign").click()
    brand.get_by_label("Orders that win it").fill("2")
    brand.get_by_label("Days from today").fill("5")
    brand.get_by_label("Number").fill(str(one))
    brand.get_by_role("button", name="Open it").click()
    expect(brand.get_by_text("Done").first).to_be_visible()
    brand.get_by_role("link", name="Go on").click()
    expect(brand.get_by_role("heading", name=f"Group buy {one}")).to_be_visible()
    standing = brand.locator("[data-test=standing]")
    expect(standing).to_have_text("Open")
    expect(brand.get_by_text("No orders on their way")).to_be_visible()

    first = sold(site, one)
    site.api.caught_up()
    brand.reload()
    expect(brand.locator("[data-test=due]")).to_contain_text("Waits for the group")
    sold(site, one)
    site.deliver(first)
    brand.reload()
    expect(standing).to_have_text("Won")
    expect(brand.locator("[data-test=sold]")).to_have_text("¥400.00")
    due = brand.locator("[data-test=due]")
    expect(due).to_contain_text("To be delivered")
    expect(due).to_contain_text("Settles on")
    brand.locator(f"a[href$='/orders/{first}']").first.click()
    expect(brand.get_by_role("heading", name=f"Order {first}")).to_be_visible()
    brand.locator(f"a[href$='/campaigns/{one}']").first.click()
    expect(standing).to_have_text("Won")


def test_a_presale_by_its_balances_and_a_group_that_failed(site: Site, brand: Page) -> None:
    presale, group = opened(site, "presale"), opened(site, "group", target=3)
    paid, unpaid, lonely = sold(site, presale), sold(site, presale, price=30_000), sold(site, group)
    site.post(f"/v1/orders/{paid}/balance")
    site.deliver(paid)
    brand.goto(f"/app/brand/campaigns/{presale}")
    expect(brand.locator("[data-test=balance]")).to_have_text("¥200.00")
    expect(brand.locator("[data-test=deposit]")).to_have_text("¥300.00")
    expect(brand.locator("[data-test=due]")).to_contain_text("Waits for its balance")
    site.days_pass(6)
    brand.reload()
    expect(brand.locator("[data-test=standing]")).to_have_text("Over")
    expect(brand.get_by_role("row", name=f"{unpaid} to be voided")).to_be_visible()
    expect(brand.get_by_role("row", name=f"{paid} counts")).to_contain_text("in full")
    brand.goto("/app/brand/campaigns")
    tile = brand.locator(f"[data-campaign='{group}']")
    expect(tile).to_contain_text("Failed")
    tile.get_by_role("link").click()
    expect(brand.locator("[data-test=due]")).to_contain_text("To be voided")
    expect(brand.locator(f"a[href$='/orders/{lonely}']").first).to_be_visible()


def test_a_number_that_is_taken_is_told(site: Site, brand: Page) -> None:
    taken = opened(site, "group")
    brand.goto("/app/brand/campaigns/new")
    brand.get_by_label("Live presale").check()
    expect(brand.get_by_label("Orders that win it")).not_to_be_visible()
    brand.get_by_label("Number").fill(str(taken))
    brand.get_by_role("button", name="Open it").click()
    expect(brand.get_by_text("CampaignExists")).to_be_visible()


def test_the_same_form_sent_twice_opens_one(site: Site) -> None:
    fields = {"kind": "presale", "campaign": str(number()), "days": "1", "target": "", "once": "ab"}
    with httpx.Client(base_url=site.api.url) as client:
        client.cookies.set("liandong_session", new_key(site, Scope.MALL))
        headers = {"Sec-Fetch-Site": "same-origin"}
        first, again = (client.post("/app/brand/campaigns", data=fields, headers=headers) for _ in range(2))
    assert first.status_code == 303 and first.headers["location"] == again.headers["location"]


@pytest.mark.parametrize(
    ("scope", "path", "method", "status"),
    [
        (Scope.AUDITOR, "", "GET", 200),
        (Scope.AUDITOR, "/new", "GET", 403),
        (Scope.AUDITOR, "", "POST", 403),
        (Scope.RISK, "", "POST", 403),
        (Scope.MONITOR, "", "GET", 403),
        (Scope.MALL, "/4294967295", "GET", 404),
    ],
)
def test_who_may_see_and_open(site: Site, scope: Scope, path: str, method: str, status: int) -> None:
    with httpx.Client(base_url=site.api.url) as client:
        client.cookies.set("liandong_session", new_key(site, scope))
        answer = client.request(
            method, f"/app/brand/campaigns{path}", headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == status


@pytest.mark.parametrize("fields", [{}, {"kind": "group", "campaign": "x", "days": "1"}, {"kind": "raffle"}])
def test_a_form_that_is_no_campaign(site: Site, fields: dict[str, str]) -> None:
    with httpx.Client(base_url=site.api.url) as client:
        client.cookies.set("liandong_session", new_key(site, Scope.MALL))
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        answer = client.post("/app/brand/campaigns", data=fields, headers=headers)
        assert answer.status_code == 422
