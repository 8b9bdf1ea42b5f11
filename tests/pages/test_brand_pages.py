"""What the brand sees, in a real browser: sales, what was rejected and why, lanes."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from visiting import Site


def test_sales_liabilities_and_what_was_rejected(site: Site, brand: Page) -> None:
    order = {"order_id": "dear-1", "channel": "retail", "price": 100, "cost": 5000}
    body = order | {"supplier": site.market.supplier, "seller": site.market.amy}
    answer = site.mall.post("/v1/orders", json=body, headers={"Prefer": "wait=30"})
    assert answer.json()["code"] == "PriceBelowCost"
    waiting = site.sale(site.market.amy, price=45_600)
    site.api.caught_up()
    brand.goto("/app/")
    expect(brand.locator("[data-test=sold]")).to_contain_text("¥")
    expect(brand.get_by_text("Not delivered yet")).to_be_visible()
    rejected = brand.locator("li[data-request]").filter(has_text="dear-1")
    expect(rejected).to_contain_text("PriceBelowCost")
    rejected.get_by_role("button", name="Try again").click()
    brand.wait_for_url("**/app/brand/overview")
    brand.goto(f"/app/audit/records/orders/{waiting}")
    expect(brand.get_by_text("To be paid at settlement")).to_be_visible()
    expect(brand.get_by_role("link", name="Webhooks")).to_be_visible()


def test_an_order_is_found_by_the_malls_own_id(site: Site, brand: Page) -> None:
    number = site.sale(site.market.amy, order_id="mine-77")
    site.api.caught_up()
    brand.get_by_role("link", name="Orders", exact=True).click()
    brand.get_by_label("Number, or a transaction's hash").fill("mine-77")
    brand.get_by_role("button", name="Open").click()
    expect(brand.get_by_role("heading", name=f"Order {number}")).to_be_visible()


def test_lanes(site: Site, brand: Page) -> None:
    site.sale(site.market.amy)
    brand.get_by_role("link", name="Lanes").click()
    expect(brand.get_by_text("Operator")).to_be_visible()
