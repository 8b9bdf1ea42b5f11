"""Error titles in Chinese and English: every error has both, and the caller's header chooses."""

from __future__ import annotations

import importlib
import pkgutil
import re

import httpx
import pytest

import liandong
from liandong.http.language import CHINESE, sentence_of, wanted
from liandong.http.problems import all_errors


def test_every_error_has_a_title_in_both_languages() -> None:
    for module in pkgutil.walk_packages(liandong.__path__, "liandong."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)  # so that no error is unknown yet
    errors = all_errors()
    assert set(CHINESE) == set(errors)
    for name, error in errors.items():
        assert re.fullmatch(r"[A-Z].{10,}\.", sentence_of(error)), name
        assert re.search(r"[\u4e00-\u9fff].*。$", CHINESE[name]), name


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("zh", "zh"),
        ("fr", "en"),
        ("fr, *;q=0.5", "en"),
        ("en;q=0, *", "zh"),
        ("ZH-hant ; q=0.2", "zh"),
        ("zh;q=nonsense,,;,=" + "x" * 9000, "en"),
    ],
)
def test_what_the_header_prefers(header: str, language: str) -> None:
    assert wanted(header) == language


def test_problems_are_told_in_the_callers_language(anybody: httpx.Client) -> None:
    for header, language, title in (
        ("zh-CN,zh;q=0.9", "zh", "这个地址上什么都没有。"),
        ("de", "en", "There is nothing at this address."),
    ):
        answer = anybody.get("/v1/nothing", headers={"Accept-Language": header})
        assert answer.json()["title"] == title and answer.json()["code"] == "NotFound"
        assert answer.headers["content-language"] == language
        assert "Accept-Language" in answer.headers["vary"]
    listed = anybody.get("/v1/problems", headers={"Accept-Language": "zh"}).json()
    assert len(listed) > 100 and all(one["title"] == CHINESE[one["code"]] for one in listed)


def test_a_request_that_was_refused_says_why_in_the_callers_language(anybody: httpx.Client) -> None:
    headers = {"Accept-Language": "zh", "Content-Type": "application/x-ndjson"}
    answer = anybody.post("/v1/orders/bulk", content=b"{", headers=headers)
    assert answer.status_code == 401 and "登录令牌" in answer.json()["title"]
