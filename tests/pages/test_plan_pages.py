"""The plan editor in a real browser: what is wrong is said beside its field; what drafts pay; publishing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from test_accessible import serious
from visiting import OpenPage, Site, new_key

from liandong.access.principals import Scope
from liandong.pages.plans.drafts import of_plan
from liandong.rules.plan import STRICT

HISTORY = """order_no,buyer,phone,paid_at,total
S1,李雷,13800001111,2026-01-05T10:00,100.00
S2,韩梅梅,13800002222,2026-01-06T11:00,200.00
S3,李雷,13800001111,yesterday,50.00
S4,李雷,13800001111,2026-01-07T11:00,80.00
R1,李雷,13800001111,2026-01-09T11:00,-80.00
"""
COLUMNS = {"Time": "paid_at", "Amount": "total", "Customer": "buyer", "Invoice": "order_no"}


@pytest.fixture
def planner(site: Site, open_page: OpenPage) -> Page:
    page = open_page(width=1280)
    page.goto("/app/brand/plans")
    page.get_by_label("Key").fill(new_key(site, Scope.PLANNER))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app/brand/plans")
    return page


def amounts(page: Page, line: str) -> list[str]:
    """In force, draft, difference."""
    row = page.locator(f".pays tr[data-line={line}]")
    expect(row).to_be_visible()
    return row.locator("td").all_inner_texts()


def test_what_is_wrong_is_said_beside_the_field(planner: Page) -> None:
    planner.get_by_role("link", name="New plan").click()
    verdict = planner.locator("#state")
    expect(verdict).to_contain_text("This plan can be used")
    cap = planner.get_by_label("Cap on selling commission")
    cap.fill("140")
    note = planner.locator("#note-cap_bps")
    expect(note).to_have_text("InvalidPlan cannot be above 100 %")
    expect(cap).to_have_attribute("aria-invalid", "true")
    planner.get_by_label("Return window").fill("6")
    expect(planner.locator("#note-return_days")).to_contain_text("statutory return window")
    planner.get_by_label("Late refunds").fill("70000")
    expect(planner.locator("#note-refund_days")).to_contain_text("AmountTooLarge")
    planner.get_by_label("Silver", exact=True).fill("1")
    expect(planner.locator("#note-tier_bps")).to_contain_text("none below the one before")
    planner.get_by_label("Leader's allowance").fill("many")
    expect(planner.locator("#note-team_bps")).to_contain_text("PlanFormatError")
    expect(verdict).to_contain_text("5 to put right")
    planner.reload()  # the draft is in the address
    expect(note).to_contain_text("InvalidPlan")
    expect(planner.get_by_label("Leader's allowance")).to_have_value("many")
    planner.get_by_role("link", name="中文").click()
    expect(note).to_have_text("InvalidPlan 不得超过 100%")
    expect(planner.locator("#note-return_days")).to_contain_text("法定退货期为 7 天")


def test_the_order_beside_the_form_follows_draft_and_choices(planner: Page) -> None:
    planner.goto("/app/brand/plans/new?start=seed")
    assert amounts(planner, "team") == ["8.00", "8.00", "0.00"]
    planner.get_by_label("Leader's allowance").fill("10.5")
    expect(planner.locator(".pays tr[data-line=team]")).to_contain_text("+2.50")
    assert amounts(planner, "team") == ["8.00", "10.50", "+2.50"]
    expect(planner.locator("#note-team_bps")).to_have_text("changed from 8 %")
    planner.locator("#price").fill("200")
    expect(planner.locator(".pays tr[data-line=team]")).to_contain_text("+5.00")
    planner.get_by_label("Seller's tier").select_option("diamond")
    expect(planner.locator(".pays tr[data-line=direct]")).to_contain_text("60.00")
    planner.get_by_label("Channel").select_option("store")
    expect(planner.locator(".pays tr[data-line=guide]")).to_contain_text("42.00")
    planner.get_by_text("Nobody guided the buyer").first.click()
    expect(planner.locator(".pays tr[data-line=store]")).to_contain_text("40.00")
    planner.locator("#price").fill("0")
    expect(planner.locator("#note-price")).to_contain_text("InvalidPrice")
    planner.locator("#price").fill("10")
    expect(planner.locator("#what-if")).to_contain_text("PriceBelowCost")
    # the table of `liandong plan check`: a member sells, starter
    row = planner.locator("#situation-2 tr[data-line=team] td").first
    expect(row).to_contain_text("10.50")


def test_a_plan_file_is_where_a_draft_starts_from_and_ends(planner: Page, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"base": "strict", "cap_bps": 20_000}), encoding="utf-8")
    planner.goto("/app/brand/plans/new")
    planner.get_by_text("Start from", exact=True).click()
    planner.get_by_label("A plan file").set_input_files(path)
    planner.get_by_role("button", name="Open").click()
    expect(planner.get_by_label("Leader's allowance")).to_have_value("0")
    expect(planner.locator("#note-cap_bps")).to_contain_text("InvalidPlan")
    planner.get_by_label("Cap on selling commission").fill("32.25")
    expect(planner.locator("#state")).to_contain_text("This plan can be used")
    with planner.expect_download() as saved:
        planner.get_by_role("button", name="Download JSON").click()
    document = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert (document["base"], document["cap_bps"], document["team_bps"]) == ("seed", 3225, 0)
    planner.get_by_text("Start from", exact=True).click()
    planner.get_by_label("or paste it").fill('{"base": "sead", "gift_bps": 1}')
    planner.get_by_role("button", name="Open").click()
    problems = planner.locator("#file-problems")
    expect(problems).to_contain_text("one of seed, case, strict")
    expect(problems).to_contain_text("unknown plan parameter gift_bps")


def test_what_was_written_before_the_page_was_ready_is_tried_too(planner: Page) -> None:
    early = """addEventListener("readystatechange", () => {
        const cap = document.querySelector("input[name=cap_bps]");
        if (cap && document.readyState === "interactive") cap.value = "200";
    }, true);"""
    planner.add_init_script(early)
    planner.goto("/app/brand/plans/new")
    expect(planner.locator("#note-cap_bps")).to_contain_text("InvalidPlan")


def test_a_draft_is_published_after_its_differences_were_read(site: Site, planner: Page) -> None:
    planner.goto("/app/brand/plans/new")
    stays = planner.get_by_label("Deposit stays")
    was = int(stays.input_value())
    stays.fill(str(was + 15))
    expect(planner.locator("#state")).to_contain_text("1 changed")
    planner.get_by_role("button", name="Review and publish").click()
    row = planner.locator("tr[data-parameter=deposit_lock_days]")
    expect(row).to_contain_text(f"{was} days")
    expect(row).to_contain_text(f"{was + 15} days")
    expect(planner.locator("[data-test=when]")).to_contain_text("As soon as it is published")
    planner.get_by_text("I have read the differences above").click()
    planner.get_by_role("button", name="Publish this plan").click()
    planner.wait_for_url("**/app/brand/plans")
    with site.api.caller() as anybody:
        newest = anybody.get("/v1/plans").json()["items"][-1]["version"]
    # the page loads anew by itself when the plan is in force
    number = planner.get_by_text(re.compile("^Version")).first
    expect(number).to_be_visible()
    site.api.caught_up()
    with site.api.caller() as anybody:
        found = anybody.get("/v1/plans").json()["items"][-1]
    assert found["in_force"] and found["parameters"]["deposit_lock_days"] == was + 15
    expect(planner.locator("section", has_text="Plan in force").first).to_contain_text(f"{was + 15} days")
    assert found["version"] >= newest
    history = planner.locator(f"#version-{found['version']}")
    history.locator("summary").first.click()
    expect(history).to_contain_text("deposit_lock_days")


def test_a_backtest_of_past_orders(site: Site, planner: Page, tmp_path: Path) -> None:
    orders = tmp_path / "过去的订单.csv"
    orders.write_text(HISTORY, encoding="utf-8")
    planner.goto("/app/brand/plans/new?start=seed")
    planner.get_by_label("Leader's allowance").fill("0")
    expect(planner.locator("#note-team_bps")).to_contain_text("changed")
    planner.get_by_role("button", name="Backtest on past orders").click()
    planner.get_by_label("Orders (CSV)").set_input_files(orders)
    planner.get_by_role("button", name="Start the backtest").click()
    note = planner.locator("#note-orders")
    expect(note).to_contain_text("MissingColumn")
    expect(note).to_contain_text("过去的订单.csv has no column 'invoiced_at'")
    for label, name in COLUMNS.items():
        planner.get_by_label(label, exact=False).first.fill(name)
    planner.get_by_label("Orders (CSV)").set_input_files(orders)
    planner.get_by_label("Agents of a made-up team").fill("6")
    planner.get_by_role("button", name="Start the backtest").click()
    verdict = planner.locator("[data-test=verdict]")
    expect(verdict).to_have_text("Agrees to the last minor unit", timeout=60_000)
    bad = planner.locator("details[data-kind='bad rows']")
    expect(bad.locator("tbody tr")).to_have_count(1)
    expect(bad.locator("tbody tr td").first).to_have_text("4")
    expect(bad).to_contain_text("'yesterday' is not a time")
    expect(planner.locator("[data-test=scenarios]")).to_contain_text("Direct")
    for scheme, width in (("light", 1280), ("dark", 390)):
        planner.set_viewport_size({"width": width, "height": 844})
        planner.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert serious(planner) == []
        assert planner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with planner.expect_download() as saved:
        planner.get_by_role("link", name="Whole report (HTML)").first.click()
    report = Path(saved.value.path()).read_text(encoding="utf-8")
    assert "What would plan “draft” have paid?" in report
    folder = site.api.app.state.context.settings.backtest_folder
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert kept and not any("李雷" in path.read_text(encoding="utf-8") for path in kept)
    assert not any("1380000" in path.read_text(encoding="utf-8") for path in kept)
    planner.get_by_role("button", name="Delete the result").click()
    planner.wait_for_url("**/app/brand/plans/new?**")
    assert list(folder.glob("*/")) == []
    expect(planner.get_by_label("Leader's allowance")).to_have_value("0")


@pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1280)])
def test_no_serious_finding_on_any_page_of_plans(planner: Page, scheme: str, width: int) -> None:
    planner.set_viewport_size({"width": width, "height": 844})
    planner.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    draft = of_plan(STRICT).query
    for path in ("", "/new?team_bps=200", f"/changes?{draft}", f"/backtests/new?{draft}"):
        planner.goto(f"/app/brand/plans{path}")
        planner.wait_for_load_state("networkidle")
        assert serious(planner) == [], path
        assert planner.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
