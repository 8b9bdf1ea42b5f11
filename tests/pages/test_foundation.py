"""What all pages share: headers, whose writes are taken, where links may lead, texts in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from visiting import Site

from liandong.chain.abi import abi_of
from liandong.db.chain import ChainEvent
from liandong.pages.language import CATALOGUES, FOLDER, LANGUAGES, all_texts
from liandong.pages.site import own_path
from liandong.payouts import statements

TEXT_USED = re.compile(r"""\bt\(\s*"([a-z_]+\.[a-z0-9_ ]*)"(\s*~)?""")


@pytest.fixture(scope="module")
def anybody(site: Site) -> Iterator[httpx.Client]:
    with site.api.caller() as client:
        yield client


@pytest.mark.parametrize("path", ["/app/sign-in", "/app/nothing", "/app/static/base.css", "/app/earnings"])
def test_nothing_comes_from_elsewhere(anybody: httpx.Client, path: str) -> None:
    answer = anybody.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'") and "unsafe" not in policy and "http" not in policy
    assert answer.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?! src)", answer.text)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_writes_come_from_our_own_pages_only(
    anybody: httpx.Client, headers: dict[str, str], status: int
) -> None:
    assert anybody.post("/app/sign-out", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("written", "to"),
    [
        ("/app/payouts?from=3", "/app/payouts?from=3"),
        ("https://elsewhere.example/app/", "/app/earnings"),
        ("//elsewhere.example", "/app/earnings"),
        ("/app//elsewhere.example", "/app/earnings"),
        ("/v1/status", "/app/earnings"),
    ],
)
def test_links_on_lead_to_our_own_pages_only(written: str, to: str) -> None:
    assert own_path(written) == to


def test_errors_are_pages(anybody: httpx.Client) -> None:
    answer = anybody.get("/app/nothing", headers={"Cookie": "liandong_language=en"})
    assert answer.status_code == 404 and "There is no such page" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert anybody.get("/v1/nothing").headers["content-type"] == "application/problem+json"
    # of the switch on the page, whatever the browser would like
    headers = {"Cookie": "liandong_language=zh", "Accept-Language": "en"}
    chinese = anybody.get("/app/nothing", headers=headers).text
    assert "没有这个页面" in chinese and "这个地址上什么都没有" in chinese


def test_every_text_is_there_in_both_languages() -> None:
    for name, texts in all_texts().items():
        assert len(texts) == 2 and all(texts), name
        assert set(re.findall(r"{\w+}", texts[0])) == set(re.findall(r"{\w+}", texts[1])), name


def test_templates_use_texts_that_there_are_and_no_other_is_kept() -> None:
    used, begun = set(), set()
    for path in [*FOLDER.rglob("*.html"), *FOLDER.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for name, more in TEXT_USED.findall(text):
            (begun if more else used).add(name)
        used |= set(re.findall(r'"([a-z_]+\.[a-z0-9_]+)"', text)) & set(all_texts())
        begun |= {f"{one}" for one in re.findall(r'under\("([a-z_.]+)"', text)}
    assert used <= set(all_texts()), sorted(used - set(all_texts()))
    idle = {name for name in set(all_texts()) - used if not name.startswith((*begun, "layout."))}
    assert idle == set()


def test_htmx_is_the_one_that_the_lock_names() -> None:
    installed = Path(__file__).parents[2] / "node_modules/htmx.org/dist/htmx.min.js"
    assert (FOLDER / "static/vendor/htmx.min.js").read_bytes() == installed.read_bytes()


def test_every_entry_of_a_statement_has_a_name_in_both_languages() -> None:
    row = ChainEvent(block_number=1, log_index=0, transaction_index=0, name="", amount=2, account=16)
    row.detail = '{"heldBack": 1, "repaid": 1}'
    for row.name in statements.NAMES:
        for entry in statements.views((row, None, None)):
            for language in LANGUAGES:
                assert CATALOGUES[language](f"layout.line_{entry.entry}")
                assert CATALOGUES[language](f"layout.into_{entry.into}")


def test_every_event_has_a_name_in_both_languages() -> None:
    for event in abi_of("ISettlementEvents").events.values():
        for language in LANGUAGES:
            assert CATALOGUES[language](f"records.event_{event.name}")
