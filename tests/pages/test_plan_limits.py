"""The plan pages over HTTP: who may, what is too much, what makes no sense."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fastapi.routing import APIRoute
from visiting import Site, new_key

from liandong.access.matrix import MATRIX, PAGES
from liandong.access.principals import KEY_SCOPES, Scope
from liandong.backtest_jobs.queue import MOST_WAITING
from liandong.pages.backtests import pages as backtests
from liandong.pages.backtests.asked import MOST_BYTES
from liandong.pages.plans import drafts, publishing
from liandong.pages.plans import pages as plans
from liandong.rules.plan import SEED

DRAFT = dict(parse_qsl(drafts.of_plan(SEED).query))
ID = "0123456789abcdef"
BASE = "/brand/plans"
HOME = "/app/brand/plans"
RULES = {
    ("GET", ""): "view_plans", ("GET", "/on-their-way"): "view_plans",
    ("GET", "/new"): "try_plan", ("GET", "/new/{version}"): "try_plan", ("POST", "/new"): "try_plan",
    ("GET", "/what-if"): "try_plan", ("GET", "/draft.json"): "try_plan", ("GET", "/changes"): "try_plan",
    ("POST", "/publish"): "publish_plan", ("POST", "/announced/{number}/call-off"): "publish_plan",
    ("GET", "/backtests"): "backtest_plan", ("POST", "/backtests"): "backtest_plan",
    ("GET", "/backtests/new"): "backtest_plan",
    ("GET", "/backtests/{number}"): "backtest_plan", ("POST", "/backtests/{number}/delete"): "backtest_plan",
    ("GET", "/backtests/{number}/{folder}/report.html"): "backtest_plan",
    ("GET", "/backtests/{number}/{folder}/tables.zip"): "backtest_plan",
}  # fmt: skip
"""Whose rule of the matrix each page goes by."""


@pytest.fixture(scope="module")
def planner(site: Site) -> Iterator[httpx.Client]:
    with visiting(site, Scope.PLANNER) as client:
        yield client


@pytest.fixture(scope="module")
def everybody(site: Site) -> Iterator[dict[Scope, httpx.Client]]:
    """A session of each kind of key."""
    with ExitStack() as stack:
        yield {scope: stack.enter_context(visiting(site, scope)) for scope in sorted(KEY_SCOPES)}


def visiting(site: Site, *scopes: Scope) -> httpx.Client:
    cookies = {"liandong_language": "en"}
    if scopes:
        cookies["liandong_session"] = new_key(site, *scopes)
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Referer": site.api.url + HOME}
    return httpx.Client(base_url=site.api.url + HOME, cookies=cookies, headers=headers, timeout=60)


def routes() -> set[tuple[str, str]]:
    every = [*plans.router.routes, *publishing.router.routes, *backtests.router.routes]
    found = [route for route in every if isinstance(route, APIRoute)]
    return {(method, route.path.removeprefix(BASE)) for route in found for method in route.methods}


def test_every_page_has_its_rule_and_every_rule_its_page() -> None:
    assert routes() == set(RULES)
    assert set(PAGES) <= set(RULES.values()) and not set(PAGES) & set(MATRIX)


@pytest.mark.parametrize("page", sorted(RULES), ids=lambda page: " ".join(page))
def test_who_may_see_and_do_what(
    site: Site, everybody: dict[Scope, httpx.Client], page: tuple[str, str]
) -> None:
    method, path = page
    rule = (MATRIX | PAGES)[RULES[page]]
    at = path.format(version=1, number=ID, folder="draft")
    for scope, client in everybody.items():
        answer = client.request(method, site.api.url + HOME + at)
        assert (answer.status_code == 403) == (scope not in rule.scopes), (scope, answer.status_code)
    with visiting(site) as anybody:
        answer = anybody.request(method, site.api.url + HOME + at)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/app/key?back=")


def test_plan_files(planner: httpx.Client) -> None:
    for text, said in (
        ("nonsense", "not JSON"),
        ("[1]", "must hold one object"),
        ('{"base": "seed", "team_bps": 1, "team_bps": 2}', "given twice"),
        ('{"base": "seed", "tier_bps": [1, 2]}', "must be 5 rates"),
        ("[" * 20_000, "nested too deep"),
        ('{"base": "seed", "team_bps": ' + "9" * 5_000 + "}", "cannot be read"),
    ):
        answer = planner.post("/new", files={"file": ("plan.json", text.encode())})
        assert (answer.status_code, said in answer.text) == (422, True), said
    assert planner.post("/new", files={"file": ("plan.json", b" " * 70_000)}).status_code == 413
    assert planner.post("/new", data={"pasted": " " * 70_000}, files={"x": b""}).status_code == 413
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert planner.post("/new", content=b"nonsense", headers=headers).status_code == 422
    answer = planner.post("/new", data={"pasted": '{"base": "strict", "team_bps": "<b>", "cap_bps": true}'})
    assert answer.status_code == 303
    page = planner.get(answer.headers["location"].removeprefix(HOME))
    assert page.status_code == 200 and "&lt;b&gt;" in page.text and "<b>" not in page.text.split("<main")[0]
    assert page.text.count("<code>PlanFormatError</code>") == 2


def test_any_draft_and_any_order_get_an_answer(planner: httpx.Client) -> None:
    for strange in ("", "-1", "1e9", "∞", "９", "9" * 300, "\x00", "0.001", "%", "nan"):
        answer = planner.get("/what-if", params={name: strange for name in DRAFT})
        assert answer.status_code == 200, strange
        order = {"price": strange, "cost": strange, "channel": strange, "tier": strange}
        answer = planner.get("/what-if", params=DRAFT | order)
        assert answer.status_code == 200, strange
    assert planner.get("/draft.json", params=DRAFT | {"cap_bps": "101"}).status_code == 422
    assert planner.get("/draft.json").status_code == 422
    document = planner.get("/draft.json", params=DRAFT | {"team_bps": "８.5"}).json()
    assert document["team_bps"] == 850
    for page in ("/changes", "/backtests/new"):
        answer = planner.get(page, params=DRAFT | {"cap_bps": "101"})
        assert answer.status_code == 303 and "/new?" in answer.headers["location"]
        assert "cap_bps=101" in answer.headers["location"]
    assert planner.get("/new/999").status_code == 404


def test_what_is_published_was_read_and_is_published_once(site: Site, planner: httpx.Client) -> None:
    with site.api.caller() as anybody:
        in_force = next(one for one in anybody.get("/v1/plans").json()["items"] if one["in_force"])
    draft = {**DRAFT, "deposit_lock_days": "61", "number": str(in_force["version"])}
    draft["token"] = secrets.token_hex(8)
    for more, said in (({}, "untold"), ({"confirmed": "1", "number": "0"}, "moved")):
        answer = planner.post("/publish", data=draft | more)
        assert answer.status_code == 303
        query = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
        assert query["said"] == said and query["deposit_lock_days"] == "61"
    assert "has just changed" in planner.get("/changes", params=query).text
    assert planner.post("/publish", data=draft | {"confirmed": "1", "return_days": "6"}).status_code == 422
    for _ in range(2):
        answer = planner.post("/publish", data=draft | {"confirmed": "1"})
        assert answer.headers["location"] == "/app/brand/plans"
        assert planner.get(site.api.url + HOME).status_code == 200
        site.api.caught_up()
    with site.api.caller(Scope.PLANNER, name="planner") as client:
        sent = [one for one in client.get("/v1/requests").json()["items"] if one["kind"] == "publish_plan"]
    assert len([one for one in sent if draft["token"] in one["key"]]) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ("note-orders", "no file was chosen")),
        ({"cost": "200%"}, ("note-cost", "InvalidRatio")),
        ({"team_size": "0"}, ("note-team_size", "from 1 to 2000")),
        ({"seed": "x"}, ("note-seed", "InvalidRequest")),
        ({"seed": "9" * 4_000}, ("413", "BodyTooLarge")),
        ({"encoding": "rot13"}, ("note-encoding", "UnreadableFile")),
        ({"money": "gold"}, ("note-money", "InvalidRequest")),
        ({"column_amount": "total"}, ("note-orders", "no column &#39;total&#39; for the amount")),
    ],
)
def test_uploads_that_cannot_be_used(
    planner: httpx.Client, more: dict[str, str], said: tuple[str, str]
) -> None:
    files = {"orders": ("orders.csv", b"invoiced_at,amount\n2026-01-01,100\n")} if more else {"x": b""}
    answer = planner.post("/backtests", data=form() | more, files=files)
    assert answer.status_code == (413 if said[0] == "413" else 422)
    _, _, after = answer.text.partition(f'id="{said[0]}"' if said[0] != "413" else "<main")
    assert said[1] in after[:600]


def form() -> dict[str, str]:
    given = {"cost": "45%", "fees": "1%", "delivery": "3", "team_size": "5", "seed": "1", "money": "auto"}
    return DRAFT | given | {"encoding": "utf-8-sig"}


def test_files_that_are_too_large(planner: httpx.Client) -> None:
    files = {"orders": ("orders.csv", b"x" * (MOST_BYTES + 1))}
    answer = planner.post("/backtests", data=form(), files=files)
    assert answer.status_code == 422 and "BodyTooLarge" in answer.text
    files["agents"] = ("agents.csv", b"x" * (9 * 2**20))
    assert planner.post("/backtests", data=form(), files=files).status_code == 413  # the server's own limit


def test_backtests_are_their_callers_own_and_the_queue_is_bounded(site: Site, planner: httpx.Client) -> None:
    orders = "invoiced_at,amount\n" + "".join(f"2026-01-{1 + n % 28:02},{n + 100}\n" for n in range(400))
    files = {"orders": ("../../etc/orders<b>.csv", orders.encode())}
    begun: list[str] = []
    try:
        for _ in range(MOST_WAITING):
            answer = planner.post("/backtests", data=form(), files=files)
            assert answer.status_code == 303, answer.text
            begun.append(answer.headers["location"].rpartition("/")[2])
        answer = planner.post("/backtests", data=form(), files=files)
        assert answer.status_code == 503 and "BacktestQueueFull" in answer.text
        page = planner.get(f"/backtests/{begun[-1]}")
        assert page.status_code == 200 and "orders&lt;b&gt;.csv" in page.text and "etc" not in page.text
        with visiting(site, Scope.MALL) as other:
            assert other.get(f"/backtests/{begun[0]}").status_code == 404
            assert other.post(f"/backtests/{begun[0]}/delete").status_code == 404
        for strange in (ID, "%2e%2e", "x" * 16):
            assert planner.get(f"/backtests/{strange}").status_code in (404, 422)
        assert planner.get(f"/backtests/{begun[-1]}/draft/report.html").status_code == 404
    finally:
        for one in begun:
            planner.post(f"/backtests/{one}/delete")
