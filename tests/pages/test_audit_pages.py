"""What auditors see, in a real browser: books, replays that name what was changed, records, governance."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text
from visiting import OpenPage, Site, new_key

from liandong.access.principals import Scope


@pytest.fixture(scope="module")
def settled(site: Site) -> int:
    """An order that settled, and one that is on its way."""
    order = site.settled(site.market.amy)
    site.sale(site.market.amy)
    site.api.caught_up()
    return order


@pytest.fixture
def auditor(site: Site, open_page: OpenPage, settled: int) -> Page:
    page = open_page(width=1280)
    page.goto("/app/audit/books")
    page.get_by_label("Key").fill(new_key(site, Scope.AUDITOR))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app/audit/books")
    return page


@pytest.fixture(scope="module")
def by_http(site: Site, settled: int) -> Iterator[httpx.Client]:
    """An auditor's session without a browser, in English."""
    cookies = {"liandong_session": new_key(site, Scope.AUDITOR), "liandong_language": "en"}
    with httpx.Client(base_url=site.api.url, cookies=cookies, timeout=60) as client:
        yield client


def test_the_books_add_up_now_and_over_time(auditor: Page) -> None:
    expect(auditor.locator("[data-test=verdict]")).to_have_text("Adds up")
    held = auditor.locator("[data-test=held]").inner_text()
    assert held == auditor.locator("[data-test=left]").inner_text()
    # what came in, whatever agents of other tests have withdrawn since
    expect(auditor.locator("main")).to_contain_text("10,000,000,000.00")
    assert 9_999_000_000 < float(held.strip("¥").replace(",", "")) <= 10_000_000_000
    expect(auditor.locator("[data-test=over-time]")).to_contain_text("every one adds up")
    cookie = next(one for one in auditor.context.cookies() if one["name"] == "liandong_session")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"


def test_a_replay_agrees_and_a_tampered_row_is_found_and_named(site: Site, auditor: Page) -> None:
    auditor.get_by_role("button", name="Start a replay").click()
    state = auditor.locator("[data-test=state]")
    expect(state).to_have_text("Agrees")
    database = site.api.app.state.context.database
    with database.write() as session:
        session.execute(text("UPDATE account SET available = available + 700 WHERE number = :n"),
                        {"n": site.market.amy})  # fmt: skip
    try:
        auditor.goto("/app/audit/books")
        expect(auditor.locator("[data-test=verdict]")).to_have_text("Does not add up")
        auditor.get_by_role("button", name="Start a replay").click()
        expect(state).to_have_text("Differs")
        expect(auditor.locator("[data-test=difference]")).to_have_text(f"account {site.market.amy} available")
    finally:
        with database.write() as session:
            session.execute(text("UPDATE account SET available = available - 700 WHERE number = :n"),
                            {"n": site.market.amy})  # fmt: skip
    auditor.get_by_role("link", name="Replays", exact=True).first.click()
    expect(auditor.get_by_text(f"account {site.market.amy} available")).to_be_visible()


def test_an_order_is_taken_apart(settled: int, auditor: Page) -> None:
    auditor.get_by_role("link", name="Records").click()
    auditor.get_by_label("Number, or a transaction's hash").fill(str(settled))
    auditor.get_by_role("button", name="Open").click()
    expect(auditor.get_by_role("heading", name=f"Order {settled}")).to_be_visible()
    direct = auditor.locator("[data-line=direct]")
    expect(direct).to_contain_text("As told")
    expect(direct).to_contain_text("slot − region")
    for name in ("RetailOrderRecorded", "OrdersDelivered", "DirectPaid", "OrdersSettled"):
        expect(auditor.locator(".life").get_by_text(name, exact=True)).to_be_visible()
    auditor.locator(".life .hash").last.click()
    expect(auditor.get_by_role("heading", name="Transaction")).to_be_visible()
    auditor.go_back()
    auditor.locator("dd a[href*=batches]").click()
    expect(auditor.locator("[data-test=verdict]")).to_have_text("As committed on chain")


def test_a_tampered_order_is_not_as_committed(site: Site, settled: int, by_http: httpx.Client) -> None:
    database = site.api.app.state.context.database
    with database.read() as session:
        first = session.execute(text("SELECT batch_first FROM sales_order WHERE number = :n"), {"n": settled})
        batch = first.scalar_one()
    change = "UPDATE sales_order SET price = price + :by WHERE number = :n"
    with database.write() as session:
        session.execute(text(change), {"by": 1, "n": settled})
    try:
        assert "Not as committed on chain" in by_http.get(f"/app/audit/records/batches/{batch}").text
    finally:
        with database.write() as session:
            session.execute(text(change), {"by": -1, "n": settled})


def test_accounts_pools_and_governance(site: Site, by_http: httpx.Client) -> None:
    account = by_http.get(f"/app/audit/records/accounts/{site.market.amy}").text
    assert "Entries add up" in account and "Direct sale" in account
    assert by_http.get("/app/audit/records/accounts/1").status_code == 200
    pools = by_http.get("/app/audit/records/pools").text
    epoch = re.search(r"/app/audit/records/pools/support/\d+", pools)
    assert epoch and "⌊pool × weight ÷ weights⌋" in by_http.get(epoch[0]).text
    governance = by_http.get("/app/audit/governance").text
    assert "Operator" in governance and "In force" in governance and "Made operator" in governance
    counters = by_http.get("/app/audit/compliance/counters").text
    assert "Nobody above three" in counters and "Direct sale" in counters


def test_exports(by_http: httpx.Client) -> None:
    page = by_http.get("/app/audit/compliance").text
    for path in re.findall(r'href="(/app/audit/exports/[^"]+)"', page):
        answer = by_http.get(path)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv"), path
        _, *rows = answer.text.splitlines()
        assert rows and all(len(row) for row in rows), path
    books = by_http.get("/app/audit/exports/books.csv").text.splitlines()
    assert books[0].endswith("held,difference") and books[-1].endswith(",0")


@pytest.mark.parametrize(
    "path", ["books", "replays", "records", "governance", "compliance", "records/orders/1", "books/over-time"]
)
def test_who_may_see_them(site: Site, path: str) -> None:
    with httpx.Client(base_url=site.api.url) as client:
        assert client.get(f"/app/audit/{path}").headers["location"].startswith("/app/key?back=")
        client.cookies.set("liandong_session", new_key(site, Scope.MONITOR))
        assert client.get(f"/app/audit/{path}").status_code == 403


def test_a_wrong_key_and_a_key_that_may_not_start(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/app/key")
    page.get_by_label("Key").fill("no key at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This is no valid key")).to_be_visible()
    with httpx.Client(base_url=site.api.url) as client:
        client.cookies.set("liandong_session", new_key(site, Scope.MALL))
        headers = {"Sec-Fetch-Site": "same-origin"}
        assert client.post("/app/audit/replays", headers=headers).status_code == 403


MISSING = [
    "records/orders/99999", "records/batches/99999", "records/accounts/99999", "records/pools/support/999",
    "replays/9999", "records/find?kind=order&q=nonsense", "records/find?kind=transaction&q=0x12",
]  # fmt: skip


@pytest.mark.parametrize("path", MISSING)
def test_what_there_is_not(by_http: httpx.Client, path: str) -> None:
    assert by_http.get(f"/app/audit/{path}").status_code == 404
