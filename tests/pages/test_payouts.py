"""Payouts after refunds, and what the relay to the node passes on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from market import AMY
from playwright.sync_api import expect
from visiting import OpenPage, Site, sign_in

from liandong.pages.session import COOKIE

OURS = {"Sec-Fetch-Site": "same-origin", "Cookie": "liandong_language=en"}


@pytest.fixture
def amy(site: Site) -> Iterator[httpx.Client]:
    """Amy's browser without scripts."""
    with closing(site.api.sign_in(AMY.account)) as client:
        word = client.headers.pop("Authorization").removeprefix("Bearer ")
        client.headers.update({"Sec-Fetch-Site": "same-origin"})
        client.cookies.update({COOKIE: word, "liandong_language": "en"})
        yield client


def test_a_refund_takes_back_by_the_formula_and_the_old_payment_still_proves(
    site: Site, open_page: OpenPage
) -> None:
    order = site.settled(site.market.amy)
    for amount in (5_001, 2_999):
        site.post(f"/v1/orders/{order}/refunds", {"amount": amount})
    page = sign_in(open_page(site.wallet(AMY)), "/app/payouts")
    for at in range(2):
        page.get_by_role("link", name="Taken back by a refund").nth(at).click()
        expect(page.get_by_text("agrees with what the chain paid")).to_be_visible()
        page.go_back()
    page.get_by_role("link", name="Direct sale").first.click()
    expect(page.get_by_text("+¥40.00")).to_be_visible()
    page.get_by_role("button", name="Prove it").click()
    expect(page.locator("#verdict")).to_have_text("Proved")


def test_what_a_refund_could_not_take_back_is_shown_as_debt(site: Site, amy: httpx.Client) -> None:
    order = site.settled(site.market.amy)
    number, account = site.market.amy, site.mall.get(f"/v1/accounts/{site.market.amy}").json()
    site.market.client.withdraw(number, account["available"], owner=AMY)
    site.api.caught_up()
    site.post(f"/v1/orders/{order}/refunds", {"amount": 20_000})
    text = amy.get("/app/earnings").text
    assert "from refunds; later earnings pay it first" in text
    rows = list(csv.DictReader(io.StringIO(amy.get("/app/payouts.csv").text)))
    assert {"taken back", "debt"} <= {row["entry"] for row in rows if row["order"] == str(order)}
    site.settled(number)  # pays the debt, for the tests that follow


def test_the_statement_is_paged(site: Site, amy: httpx.Client) -> None:
    for _ in range(3):
        orders = site.sales(site.market.amy, 12)
        site.deliver(*orders)
        site.days_pass(9)
        site.post("/v1/settlements", {"orders": orders})
    first = amy.get("/app/payouts").text
    assert first.count('<a class="row"') == 30
    to = first.partition('hx-get="')[2].partition('"')[0]
    second = amy.get(to, headers={"HX-Request": "true"}).text
    assert second.lstrip().startswith("<li>") and '<a class="row"' in second


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"method": "eth_chainId"}, 200),
        ({"method": "eth_sendRawTransaction", "params": ["0x00"]}, 422),
        ({"method": "eth_call", "params": [{"to": "0x" + "11" * 20, "data": "0x"}, "latest"]}, 403),
        ({"method": "eth_call", "params": []}, 403),
        ({"method": "eth_getTransactionReceipt", "params": ["0x00"]}, 403),
        ({"method": "eth_getTransactionReceipt", "params": ["0x" + "00" * 32]}, 200),
    ],
)
def test_only_reads_of_our_contracts_are_passed_on(
    amy: httpx.Client, body: dict[str, object], status: int
) -> None:
    assert amy.post("/app/node", json=body).status_code == status


def test_the_relay_takes_a_session(site: Site) -> None:
    with site.api.caller() as anybody:
        answer = anybody.post("/app/node", json={"method": "eth_chainId"}, headers=OURS)
        assert (answer.status_code, answer.json()["code"]) == (401, "SessionLost")
