"""Makes docs/screenshots/ anew: every page, wide in English, as on a phone in Chinese.

Usage: python scripts/screenshots.py [PAGE …]; needs Debian's chromium and fonts-noto-cjk.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("chain", "api", "pages")]

from market import AMY, BOSS, DAY, RICH  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from served import Served, served  # noqa: E402
from sqlmodel import func, select, update  # noqa: E402
from wallet import TestWallet  # noqa: E402

from liandong.access.keys import create_key  # noqa: E402
from liandong.access.principals import Scope  # noqa: E402
from liandong.chain.local import deploy_locally, local_signer  # noqa: E402
from liandong.chain.node import EmbeddedNode, NodeClock  # noqa: E402
from liandong.chain.settlement import SettlementClient  # noqa: E402
from liandong.chain.signer import Signer  # noqa: E402
from liandong.chain.words import CAMPAIGN, CROSS_BORDER, RETAIL, OrderInput  # noqa: E402
from liandong.db.webhooks import WebhookCursor, WebhookMessage  # noqa: E402
from liandong.pages.plans.drafts import of_plan  # noqa: E402
from liandong.rules.plan import Plan  # noqa: E402
from liandong.webhooks import redelivery, targets  # noqa: E402
from liandong.webhooks.making import make  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
HIGHEST = 2300
WIDTHS = {"wide": 1280, "phone": 390}
OFFICE = {
    "audit-books": "/app/audit/books", "audit-replay": "/app/audit/replays/1",
    "audit-records": "/app/audit/records", "audit-order": "/app/audit/records/orders/{order}",
    "audit-account": "/app/audit/records/accounts/{amy}", "audit-pool": "/app/audit/records/pools/support/0",
    "audit-governance": "/app/audit/governance", "audit-compliance": "/app/audit/compliance",
}  # fmt: skip
BRAND = {
    "overview": "overview", "campaigns": "campaigns", "campaign": "campaigns/4", "open": "campaigns/new",
    "webhooks": "webhooks", "lanes": "lanes",
}  # fmt: skip
PLANS = {
    "plans": "/app/brand/plans", "plan-editor": "/app/brand/plans/new?{draft}{order}",
    "plan-try": "/app/brand/plans/new?{draft}{order}#try",
    "plan-changes": "/app/brand/plans/changes?{draft}",
    "plan-upload": "/app/brand/plans/backtests/new?{draft}",
}  # fmt: skip
ORDER = "&channel=retail&leader=1&holder=1"
PLAN = Plan(silver_team=8, gold_team=20, diamond_team=60)
NEXT = replace(PLAN, team_bps=700, tier_bps=(2000, 2000, 2200, 2600, 3000))
DRAFT = replace(NEXT, team_bps=950, tier_bps=(2000, 2100, 2300, 2700, 3000), region_bps=200)


class Shop:
    """Two months of a small team's sales, always the same ones."""

    def __init__(self, chain: SettlementClient, clock: NodeClock) -> None:
        self.chain, self.clock = chain, clock
        self.random = random.Random(7)
        chain.mint(chain.keys.treasurer.address, RICH)
        chain.fund(RICH // 2)
        self.supplier, _ = chain.register_supplier(local_signer("wallet of a supplier").address)
        chain.open_group_buy(1, 3, 40)
        self.boss, _ = chain.join_founder(BOSS.address, 310000)
        self.amy, _ = chain.join(AMY.account, self.boss, 310000)
        below = [self._join(self.amy) for _ in range(9)]
        self.agents = [self.amy] * 6 + below
        self.waiting: list[tuple[int, list[int]]] = []
        self._abroad()
        self._days(0, 26)
        self._campaigns()
        # now that amy is a boss, hers may let others in
        self.agents += [self._join(one) for one in below[:5] for _ in range(3)]
        self._days(26, 52)
        self._close()
        self._presale()
        self.chain.publish_plan(NEXT)

    def _join(self, by: int) -> int:
        wallet = local_signer(f"wallet of a shop {self.random.random()}")
        return self.chain.join(wallet.account, by, 310000)[0]

    def _order(self) -> OrderInput:
        price = self.random.choice((9_900, 12_800, 19_900, 29_900, 45_800))
        seller = self.random.choice(self.agents)
        return OrderInput(RETAIL, price, self.supplier, seller=seller, cost=price * 2 // 5, fees=price // 50)

    def _days(self, *days: int) -> None:
        for day in range(days[0], days[1]):
            first = self.chain.book.last + 1
            orders = [self._order() for _ in range(self.random.randint(2, 6))]
            if day < 30 and day % 4 == 0:
                orders.append(
                    OrderInput(CAMPAIGN, 15_900, self.supplier, cost=6_000, partner=self.amy, campaign=1,
                               seller=self.random.choice(self.agents))
                )  # fmt: skip
            self.chain.record_orders(orders)
            numbers = list(range(first, first + len(orders)))
            if day % 3:
                self.chain.deliver(numbers)
                self.waiting.append((day, numbers))
            due = [one for when, many in self.waiting if when + 8 <= day for one in many]
            self.waiting = [(when, many) for when, many in self.waiting if when + 8 > day]
            if due:
                self.chain.settle(due)
            if day == 40:
                self.chain.withdraw(self.amy, 50_000, owner=AMY)
            self.clock.set(self.clock.now() + DAY)

    def _record(self, orders: list[OrderInput]) -> list[int]:
        first = self.chain.book.last + 1
        self.chain.record_orders(orders)
        return list(range(first, first + len(orders)))

    def _abroad(self) -> None:
        """Amy's cross-border sales: of each a part of the fee becomes deposit."""
        self.chain.certify(self.amy, True)
        sold = [(49_900, 900, 120), (128_000, 2_600, 300), (35_500, 700, 90)]
        numbers = self._record([
            OrderInput(CROSS_BORDER, price, self.supplier, seller=self.amy, cost=price // 2, duty=duty,
                       insurance=insurance)
            for price, duty, insurance in sold
        ])  # fmt: skip
        self.chain.deliver(numbers)
        self.waiting.append((0, numbers))

    def _sold_in(self, campaign: int, count: int, price: int) -> list[int]:
        sellers = [self.agents[place % len(self.agents)] for place in range(count)]
        return self._record([
            OrderInput(CAMPAIGN, price, self.supplier, seller=one, cost=price * 2 // 5, partner=self.amy,
                       campaign=campaign)
            for one in sellers
        ])  # fmt: skip

    def _campaigns(self) -> None:
        """A group buy that fails, and one that is open in the end."""
        self.chain.open_group_buy(2, 9, 12)
        self._sold_in(2, 4, 19_900)
        self.chain.open_group_buy(3, 20, 40)
        self._sold_in(3, 13, 12_800)

    def _presale(self) -> None:
        """A presale that is under way: some have paid their balance, some of those have their goods."""
        self.chain.open_presale(4, 9)
        sold = self._sold_in(4, 11, 45_800)
        for number in sold[::2]:
            self.chain.pay_balance(number)
        self.chain.deliver(sold[:3:2])

    def _close(self) -> None:
        self.chain.close_month(0)


def main(wanted: list[str]) -> None:
    folder = Path(tempfile.mkdtemp())
    with EmbeddedNode() as node:
        shop = Shop(deploy_locally(node.client(), plan=PLAN), NodeClock(node.client()))
        url = f"sqlite:///{folder / 'shop.sqlite'}"
        settings = {
            "run_worker": False, "run_webhooks": False, "webhook_private": False,
            "chain_name": "Liandong Local",
        }  # fmt: skip
        with served(shop.chain, url, folder, **settings) as api, sync_playwright() as playwright:
            api.caught_up()
            _audit(api)
            _tell(api)
            path = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            FOLDER.mkdir(exist_ok=True)
            for name, width in WIDTHS.items():
                _photograph(browser, api, shop, node.url, name, width, wanted)
            browser.close()


def _audit(api: Served) -> None:
    """One replay, to its end."""
    with api.caller(Scope.AUDITOR) as auditor:
        auditor.post("/v1/audits", json={})
        while auditor.get("/v1/audits/latest").json()["state"] == "running":
            time.sleep(0.1)


def _tell(api: Served) -> None:
    """The mall is told of everything; it did not take some of it."""
    database = api.app.state.context.database
    targets.put(database, api.app.state.key_ring, "key:mall", "https://mall.example/liandong")
    with database.write() as session:
        session.merge(WebhookCursor(block_number=0))
    while make(database):
        pass
    now = int(time.time())
    with database.write() as session:
        session.exec(update(WebhookMessage).values(done_at=now, taken=True, tries=1))
        last = session.exec(select(func.max(WebhookMessage.id))).one()
        for place, values in (
            (2, {"done_at": None, "taken": False, "tries": 3, "last_failure": "HTTP 503"}),
            (5, {"taken": False, "tries": 174, "last_failure": "ConnectTimeout"}),
        ):  # fmt: skip
            session.exec(update(WebhookMessage).where(WebhookMessage.id == last - place).values(**values))
    redelivery.send_again(database, "key:mall", last - 8)


def _photograph(
    browser: Browser, api: Served, shop: Shop, rpc: str, name: str, width: int, wanted: list[str]
) -> None:
    language = "en" if name == "wide" else "zh"
    page = _page(browser, api, rpc, width, language, signed_in=False)
    _shoot(page, api, "sign-in", "/app/sign-in", name, wanted)
    page.context.close()
    page = _page(browser, api, rpc, width, language)
    stranger = _page(browser, api, rpc, width, language, signer=local_signer("wallet of a stranger"))
    _shoot(stranger, api, "join", f"/app/join/{shop.amy}", name, wanted)
    for what in ("earnings", "deposit", "payouts", "team", "claims", "withdraw", "card"):
        page.set_viewport_size({"width": width, "height": 844})
        _shoot(page, api, what, f"/app/{what}", name, wanted)
    _shoot(page, api, "payout", "", name, wanted)
    settled = next(number for number in range(1, 40) if _pays_a_leader(api, number))
    office = _page(browser, api, rpc, width, language, signed_in=False)
    _shoot(office, api, "key", "/app/key", name, wanted)
    _sign_in_with_key(office, api, Scope.AUDITOR)
    for what, path in OFFICE.items():
        office.set_viewport_size({"width": width, "height": 844})
        _shoot(office, api, what, path.format(order=settled, amy=shop.amy), name, wanted)
    _sign_in_with_key(office, api, Scope.MALL)
    for what, path in BRAND.items():
        office.set_viewport_size({"width": width, "height": 844})
        _shoot(office, api, f"brand-{what}", f"/app/brand/{path}", name, wanted)
    supplier = _page(browser, api, rpc, width, language, signer=local_signer("wallet of a supplier"))
    _shoot(supplier, api, "partner", "/app/earnings", name, wanted)
    _sign_in_with_key(office, api, Scope.PLANNER)
    for what, path in PLANS.items():
        office.set_viewport_size({"width": width, "height": 844})
        _shoot(office, api, what, path.format(draft=of_plan(DRAFT).query, order=ORDER), name, wanted)
    if not wanted or "plan-backtest" in wanted:
        _shoot(office, api, "plan-backtest", _backtest(office, api), name, wanted)


def _backtest(page: Page, api: Served) -> str:
    """Plays half a year of a shop's sales; the address of what came of it."""
    dice, day = random.Random(3), datetime(2026, 1, 5, 9)
    rows = ["invoice,customer,invoiced_at,country,amount"]
    for number in range(420):
        day += timedelta(hours=dice.choice((2, 3, 5, 9)))
        price, customer = dice.choice((99, 129, 199, 299, 458)), f"b{dice.randint(1, 120)}"
        rows.append(f"S{number},{customer},{day.isoformat()},{dice.choice('沪浙苏粤')},{price}.00")
        if number % 23 == 7:
            late = day + timedelta(days=2 if number % 2 else 20)
            rows.append(f"R{number},{customer},{late.isoformat()},浙,-{price}.00")
    rows[40:40] = ["S9001,b9,yesterday,沪,99.00", "S9002,b3,2026-01-20T10:00,沪,ninety"]
    page.goto(f"{api.url}/app/brand/plans/backtests/new?{of_plan(DRAFT).query}")
    csv = {"name": "orders-2026.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    page.set_input_files("#orders", csv)
    page.locator("main form button").first.click()
    page.locator("[data-test=verdict]").wait_for(timeout=120_000)
    return page.url.removeprefix(api.url)


def _sign_in_with_key(page: Page, api: Served, scope: Scope) -> None:
    _, word = create_key(api.app.state.context.database, scope, (scope,), 10**6)
    cookie = {"name": "liandong_session", "value": word, "domain": "127.0.0.1", "path": "/app"}
    page.context.add_cookies([cookie])


def _pays_a_leader(api: Served, number: int) -> bool:
    with api.caller(Scope.AUDITOR) as auditor:
        found = auditor.get(f"/v1/orders/{number}").json()
    return found["state"] == "settled" and any(line["line"] == "team" for line in found["lines"])


def _page(
    browser: Browser, api: Served, rpc: str, width: int, language: str, *, signed_in: bool = True,
    signer: Signer = AMY,
) -> Page:  # fmt: skip
    context = browser.new_context(viewport={"width": width, "height": 844}, device_scale_factor=1)
    cookies = {"liandong_language": language}
    if signed_in:
        client = api.sign_in(signer.account)
        cookies["liandong_session"] = client.headers["Authorization"].removeprefix("Bearer ")
    context.add_cookies(
        [{"name": n, "value": v, "domain": "127.0.0.1", "path": "/app"} for n, v in cookies.items()]
    )
    page = context.new_page()
    TestWallet(signer, rpc, api.chain.deployment.chain_id).put_into(page)
    return page


def _shoot(page: Page, api: Served, what: str, path: str, name: str, wanted: list[str]) -> None:
    if wanted and what not in wanted:
        return
    if what == "payout":
        page.goto(f"{api.url}/app/payouts")
        page.locator("a.row", has_text="直推" if name == "phone" else "Direct sale").first.click()
        page.locator("#prove").click()
        page.locator("#verdict.good").wait_for()
    else:
        page.goto(f"{api.url}{path}")
        page.wait_for_timeout(600)
    if what == "brand-webhooks":
        page.locator("li[data-message] summary").nth(5).click()
    if what == "team":
        page.locator(".tree summary").first.click()
        page.wait_for_timeout(500)
    if "#" in path:
        page.screenshot(path=FOLDER / f"{what}-{name}.png")
        return
    # as high as the page, so that its bars stand where they belong
    height = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
    page.set_viewport_size({"width": WIDTHS[name], "height": height})
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(200)
    page.screenshot(path=FOLDER / f"{what}-{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
