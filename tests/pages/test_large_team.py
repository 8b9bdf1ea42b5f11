"""A team of ten thousand: its page comes within a second and stays as quick to use as a small one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from market import AMY
from playwright.sync_api import expect
from served import Served, served
from sqlalchemy import insert
from visiting import OpenPage, Site

from liandong.db.people import Participant, TeamCount, TeamPlace
from liandong.pages.session import COOKIE

DIRECTS, EACH = 2_500, 3
SECOND = 1.0


@pytest.fixture(scope="module")
def large(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Another application before the same chain, whose mirror stands still, with a made-up team."""
    folder: Path = tmp_path_factory.mktemp("large")
    url = f"sqlite:///{folder / 'large.sqlite'}"
    with served(site.market.client, url, folder, run_worker=False) as filling:
        filling.caught_up()
    with served(site.market.client, url, folder, run_worker=False, run_mirror=False) as running:
        _fill(running, site.market.amy)
        yield running


def _fill(api: Served, amy: int) -> None:
    first = 1_000_000
    directs = range(first, first + DIRECTS)
    below = range(first + DIRECTS, first + DIRECTS * (1 + EACH))
    by = {one: first + (one - below.start) // EACH for one in below} | dict.fromkeys(directs, amy)
    people = [
        {"number": one, "kind": "agent", "wallet": f"0x{one:040x}", "introducer": above, "leader": amy}
        for one, above in by.items()
    ]
    places = [
        {"number": one, "first": above, "second": by.get(above, 0), "third": 0} for one, above in by.items()
    ]
    counts = [{"above": one, "level": 1, "tier": 0, "members": EACH, "active": 0} for one in directs]
    counts += [
        {"above": amy, "level": level, "tier": 0, "members": members, "active": 0}
        for level, members in ((1, DIRECTS), (2, DIRECTS * EACH))
    ]
    with api.app.state.context.database.write() as session:
        for table, rows in ((Participant, people), (TeamPlace, places)):
            session.execute(insert(table), rows)
        for row in counts:
            session.merge(TeamCount(**row))


def test_opens_branch_by_branch_and_page_by_page(large: Served, site: Site, open_page: OpenPage) -> None:
    page = open_page(base_url=large.url)
    with closing(large.sign_in(AMY.account)) as client:
        word = client.headers["Authorization"].removeprefix("Bearer ")
        client.cookies.set(COOKIE, word)
        client.get("/app/team")
        for path in ("/app/team", "/app/earnings", f"/app/team/{1_000_000}"):
            begun = time.perf_counter()
            answer = client.get(path)
            assert time.perf_counter() - begun < SECOND, path
            assert answer.status_code == 200 and len(answer.content) < 200_000
    page.context.add_cookies([{"name": COOKIE, "value": word, "domain": "127.0.0.1", "path": "/app"}])
    page.goto("/app/team")
    expect(page.get_by_text("10,000", exact=True)).to_be_visible()
    rows = page.locator(".tree > li")
    before = rows.count()
    page.locator(".tree summary").first.click()
    expect(page.locator(".tree .branch .leaf")).to_have_count(EACH)
    page.locator(".tree > li .more").scroll_into_view_if_needed()
    expect(rows.nth(before + 5)).to_be_visible()
    page.get_by_label("Find a member by number").fill(str(1_000_000 + DIRECTS))
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("on level 2")).to_be_visible()
