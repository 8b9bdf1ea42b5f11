"""An agent's life in a real browser: join, sell, see, prove, claim, withdraw."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from market import AMY, BOSS
from playwright.sync_api import Page, Route, expect
from visiting import OpenPage, Site, sign_in

from liandong.chain.local import local_signer
from liandong.chain.signer import Signer


def newcomer() -> Signer:
    return local_signer(f"wallet of {secrets.token_hex(4)}")


def follow(page: Page) -> None:
    """Waits until a write is done, and goes on."""
    expect(
        page.get_by_text("Done: it is on the chain").or_(page.get_by_text("Done, and final"))
    ).to_be_visible()
    page.get_by_role("link", name="Go on").click()


def join_by(page: Page, introducer: int) -> int:
    """Joins by an invitation; returns the number."""
    page.goto(f"/app/join/{introducer}")
    page.get_by_role("link", name="Connect a wallet").click()
    page.get_by_role("button", name="Test Wallet").click()
    page.get_by_label("Where you live").select_option("440000")
    page.get_by_label("I have understood this").check()
    page.get_by_role("button", name="Sign and join").click()
    follow(page)
    expect(page.get_by_role("heading", name="My earnings")).to_be_visible()
    return int(page.locator(".page-head .tag").inner_text().split()[-1])


def test_join_sell_see_prove_withdraw(site: Site, open_page: OpenPage) -> None:
    wallet = site.wallet(newcomer())
    page = open_page(wallet)
    me = join_by(page, site.market.boss)
    who = site.mall.get(f"/v1/participants/{me}").json()
    assert (who["wallet"], who["introducer"], who["region"]) == (
        wallet.signer.address,
        site.market.boss,
        440000,
    )

    order = site.sale(me)
    site.sale(me)
    page.reload()
    expect(page.locator("[data-test=waiting]")).to_have_text("¥80.00")
    site.deliver(order)
    page.reload()
    page.get_by_text("in 8 days").click()
    expect(page.get_by_text(f"Order {order}")).to_be_visible()

    site.days_pass(9)
    site.post("/v1/settlements", {"orders": [order]})
    page.reload()
    expect(page.locator("[data-test=available]")).to_have_text("¥40.00")
    expect(page.locator("[data-test=waiting]")).to_have_text("¥40.00")

    page.get_by_role("link", name="All payouts").click()
    page.get_by_role("link", name="Direct sale").click()
    expect(page.get_by_text("agrees with what the chain paid")).to_be_visible()
    expect(page.get_by_text("min(⌊200.00 × 20.00 %⌋, 90.00)")).to_be_visible()
    page.get_by_role("button", name="Prove it").click()
    expect(page.locator("#verdict")).to_have_text("Proved")
    for source in ("server", "wallet"):
        expect(page.locator(f"[data-source={source}] .ok")).to_have_count(4)

    page.goto("/app/withdraw")
    page.get_by_label("Amount").fill("12.34")
    page.get_by_role("button", name="Sign, we send it").click()
    follow(page)
    expect(page.locator("[data-test=available]")).to_have_text("¥27.66")
    page.goto("/app/withdraw")
    page.get_by_role("button", name="Send it yourself").click()
    follow(page)
    expect(page.locator("[data-test=available]")).to_have_text("¥0.00")
    assert site.mall.get(f"/v1/accounts/{me}").json()["withdrawn"] == 4000


@pytest.mark.parametrize(
    ("path", "value", "check"),
    [
        (("proof", "terms", "price"), 19_999, "stored"),
        (("proof", "path", 0), "0x" + "11" * 32, "stored"),
        (("amount",), 4_001, "paid"),
    ],
)
def test_a_proof_that_was_tampered_with_is_not_believed(
    site: Site, open_page: OpenPage, path: tuple[Any, ...], value: Any, check: str
) -> None:
    orders = site.sales(site.market.amy, 3)  # of one batch, so that there is a path
    site.deliver(*orders)
    site.days_pass(9)
    site.post("/v1/settlements", {"orders": orders})
    page = sign_in(open_page(site.wallet(AMY)), "/app/payouts")
    page.get_by_role("link", name=f"Order {orders[0]}").first.click()

    page.get_by_role("button", name="Prove it").click()
    expect(page.locator("#verdict")).to_have_text("Proved")

    def tamper(route: Route) -> None:
        found = route.fetch().json()
        place = found
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        route.fulfill(body=json.dumps(found), content_type="application/json")

    page.route("**/proof", tamper)
    page.get_by_role("button", name="Prove it").click()
    expect(page.locator("#verdict")).to_contain_text("Not proved")
    expect(page.locator(f"[data-source=wallet] [data-check={check}]")).to_have_class("bad")


def test_refused_and_strange_wallets_move_nothing(site: Site, open_page: OpenPage) -> None:
    wallet = site.wallet(newcomer())
    page = open_page(wallet)
    me = join_by(page, site.market.boss)
    site.settled(me)
    page.goto("/app/withdraw")
    button = page.get_by_role("button", name="Sign, we send it")
    wallet.refuses = {"eth_signTypedData_v4"}
    button.click()
    expect(page.get_by_text("You refused in your wallet")).to_be_visible()
    wallet.refuses = set()
    wallet.chain_id = 1
    button.click()
    expect(page.get_by_text("Switch it to Test Chain")).to_be_visible()
    wallet.chain_id = site.market.client.deployment.chain_id
    own, wallet.signer = wallet.signer, AMY
    button.click()
    expect(page.get_by_text("Your wallet has another account open")).to_be_visible()
    wallet.signer = own
    page.get_by_label("Amount").fill("40.01")
    button.click()
    expect(page.get_by_text("Enter an amount from 0.01 to 40.00")).to_be_visible()
    page.context.clear_cookies(name="liandong_session")
    page.get_by_label("Amount").fill("40")
    button.click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    assert site.mall.get(f"/v1/accounts/{me}").json()["withdrawn"] == 0


def test_a_share_of_the_support_fund_is_claimed(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.wallet(newcomer()))
    me = join_by(page, site.market.boss)
    site.settled(me)
    today = site.mall.get(f"/v1/orders?seller={me}").json()["items"][0]["settled_on"]
    page.goto("/app/claims")
    expect(page.get_by_text("as it stands").first).to_be_visible()
    month = today // 30
    site.days_pass((month + 1) * 30 + 15 - today)
    for number in range(month + 1):
        closed = site.mall.get("/v1/pools").json()["months_closed"]
        if number >= closed:
            site.post(f"/v1/pools/support/{number}/close")
            if number < month:
                site.days_pass(15)
    page.reload()
    page.get_by_role("button", name="Claim").click()
    follow(page)
    expect(page.get_by_text("claimed", exact=True)).to_be_visible()
    page.goto("/app/payouts")
    page.get_by_role("link", name="Support fund").click()
    expect(page.get_by_text("agrees with what the chain paid")).to_be_visible()


def test_lineage_team_and_card(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.wallet(newcomer()))
    me = join_by(page, site.market.amy)
    page.goto("/app/team")
    expect(page.locator("[data-test=introducer]")).to_have_text(str(site.market.amy))
    expect(page.locator("[data-test=leader]")).to_have_text(str(site.market.boss))
    page.goto("/app/card")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert page.locator("[data-test=invitation]").inner_text().endswith(f"/app/join/{me}")

    boss = sign_in(open_page(site.wallet(BOSS)), "/app/team")
    boss.get_by_text(f"Agent {site.market.amy}", exact=True).click()
    expect(boss.get_by_text(f"Agent {me}", exact=True)).to_be_visible()
    boss.get_by_label("Find a member by number").fill(str(me))
    boss.get_by_role("button", name="Find").click()
    expect(boss.get_by_text("on level 2")).to_be_visible()


def test_nobody_sees_what_is_not_its_own(site: Site, open_page: OpenPage) -> None:
    site.settled(site.market.amy)
    amy = sign_in(open_page(site.wallet(AMY)), "/app/payouts")
    href = amy.get_by_role("link", name="Direct sale").first.get_attribute("href")
    boss = sign_in(open_page(site.wallet(BOSS)))
    for path in (href, f"{href}/proof"):
        answer = boss.request.get(f"{site.api.url}{path}")
        assert answer.status == 404, path
    assert amy.request.get(f"{site.api.url}/app/team/{site.market.boss}").status == 403
