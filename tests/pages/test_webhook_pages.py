"""Webhooks in a real browser: address, secret, test, what was told, sent again, one or all of them."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator

import httpx
import pytest
from listener import Listener, listening
from playwright.sync_api import Page, expect
from visiting import OpenPage, Site, new_key

from liandong.access.principals import Scope
from liandong.db.webhooks import WebhookMessage
from liandong.webhooks import targets


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture
def webhooks(site: Site, open_page: OpenPage) -> Iterator[Page]:
    """The page of a mall that has said nothing yet."""
    page = open_page()
    page.goto("/app/brand/webhooks")
    page.get_by_label("Key").fill(new_key(site, Scope.MALL))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app/brand/webhooks")
    expect(page.get_by_text("No address is set")).to_be_visible()
    yield page
    site.mall.delete("/v1/webhook")


def set_to(page: Page, url: str) -> str:
    page.get_by_label("address").fill(url)
    page.get_by_role("button", name="Set it").or_(page.get_by_role("button", name="Change it")).click()
    return page.locator("[data-test=secret]").inner_text()


def told(listener: Listener, count: int) -> None:
    until = time.monotonic() + 20
    while len(listener.taken) < count:
        assert time.monotonic() < until, listener.taken
        time.sleep(0.05)


def given_up(site: Site, *subjects: str) -> None:
    """Messages that nobody took for a week."""
    now = int(time.time())
    with site.api.app.state.context.database.write() as session:
        target = targets.get(session, "key:mall").id
        for place, subject in enumerate(subjects):
            session.add(
                WebhookMessage(
                    target_id=target, source=f"test {place}", subject=subject, kind="order.settled",
                    body=f'{{"kind": "order.settled", "order": 1, "place": {place}}}', created_at=now - 10**6,
                    tries=40, done_at=now, last_failure="HTTP 500",
                )
            )  # fmt: skip


def test_an_address_its_secret_and_a_test(webhooks: Page, listener: Listener) -> None:
    secret = set_to(webhooks, listener.url)
    webhooks.goto("/app/brand/webhooks")
    expect(webhooks.locator("[data-test=secret]")).to_have_count(0)
    expect(webhooks.locator("[data-test=address]")).to_have_text(listener.url)
    webhooks.get_by_role("button", name="Send a test").click()
    row = webhooks.locator("li[data-message]").first
    expect(row).to_contain_text("Taken")
    told(listener, 1)
    body, signature, raw = listener.taken[0]
    at, mac = signature.removeprefix("t=").split(",v1=")
    assert body["kind"] == "ping"
    assert mac == hmac.new(secret.encode(), at.encode() + b"." + raw, hashlib.sha256).hexdigest()

    webhooks.get_by_role("button", name="New secret").click()
    other = webhooks.locator("[data-test=secret]").inner_text()
    assert other.startswith("whs_") and other != secret
    for did in ("Address set", "Test sent", "New secret"):
        expect(
            webhooks.locator("section", has=webhooks.get_by_role("heading", name="Changes"))
        ).to_contain_text(did)
    webhooks.get_by_text("Stop telling").click()
    webhooks.get_by_role("button", name="Delete").click()
    expect(webhooks.get_by_text("No address is set")).to_be_visible()


def test_sent_again_one_and_all_in_order(site: Site, webhooks: Page, listener: Listener) -> None:
    set_to(webhooks, listener.url)
    given_up(site, "order:1", "order:1", "order:2")
    webhooks.goto("/app/brand/webhooks?state=given%20up")
    expect(webhooks.locator("[data-test=given-up]")).to_have_text("3")
    row = webhooks.locator("li[data-message]").last
    row.locator("summary").click()
    expect(row.locator("pre")).to_contain_text('"place": 0')
    expect(row.get_by_role("link", name="open order 1")).to_have_attribute(
        "href", "/app/audit/records/orders/1"
    )
    row.get_by_role("button", name="Send again").click()
    expect(row).to_contain_text("Taken")
    told(listener, 1)

    webhooks.get_by_role("button", name="Send all failed again").click()
    expect(webhooks.get_by_text("2 messages are on their way again")).to_be_visible()
    told(listener, 3)
    assert sorted(one["place"] for one, _, _ in listener.taken) == [0, 1, 2]
    webhooks.goto("/app/brand/webhooks")
    expect(webhooks.locator("[data-test=given-up]")).to_have_text("0")
    expect(webhooks.get_by_role("button", name="Send all failed again")).to_be_disabled()


@pytest.mark.parametrize("url", ["http://mall.example/x", "https://user:word@mall.example/"])
def test_an_address_that_is_refused_stays_to_be_corrected(webhooks: Page, url: str) -> None:
    webhooks.get_by_label("address").fill(url)
    webhooks.get_by_role("button", name="Set it").click()
    expect(webhooks.get_by_role("alert")).to_contain_text("This address cannot be used")
    expect(webhooks.get_by_label("address")).to_have_value(url)
    expect(webhooks.get_by_text("No address is set")).to_be_visible()


PATHS = ("", "/secret", "/removal", "/ping", "/again", "/1/again")


@pytest.mark.parametrize("path", PATHS)
def test_only_malls_change_anything(site: Site, path: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=site.api.url, headers=headers) as client:
        assert client.post(f"/app/brand/webhooks{path}").status_code == 401
        for scope in (Scope.AUDITOR, Scope.RISK, Scope.TREASURER):
            client.cookies.set("liandong_session", new_key(site, scope))
            assert client.post(f"/app/brand/webhooks{path}").status_code == 403


def test_auditors_see_what_everybody_changed(site: Site, webhooks: Page, listener: Listener) -> None:
    set_to(webhooks, listener.url + "?token=hidden")
    with site.api.caller(Scope.AUDITOR) as auditor, site.api.caller(Scope.MALL, name="another") as another:
        newest = auditor.get("/v1/webhook/changes").json()["items"][0]
        assert (newest["caller"], newest["action"], newest["url"]) == ("key:mall", "set", listener.url)
        assert another.get("/v1/webhook/changes").json()["items"] == []
        assert another.post("/v1/webhook/redeliveries").json()["code"] == "NoWebhook"
        message = site.mall.post("/v1/webhook/ping").json()["id"]
        assert another.put("/v1/webhook", json={"url": listener.url}).status_code == 200
        assert another.post(f"/v1/webhook/messages/{message}/redelivery").status_code == 404
        another.delete("/v1/webhook")
    cookies = {"liandong_session": new_key(site, Scope.AUDITOR), "liandong_language": "en"}
    with httpx.Client(base_url=site.api.url, cookies=cookies) as client:
        governance = client.get("/app/audit/governance").text
    assert listener.url in governance and "token=" not in governance and "Address set" in governance
    again = site.mall.post(f"/v1/webhook/messages/{message}/redelivery").json()
    assert (again["id"], again["state"]) == (message, "waiting")
    assert site.mall.post("/v1/webhook/secret").json()["secret"].startswith("whs_")
