"""How a rule, and what it refuses, is said on every page."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from civicforum.lawbook.texts import broken_text, rule_text, verdict_text
from civicforum.rulebook import Verdict, load

BOOK = load("national-2026")
LAW = "Organic Law of Urban Residents' Committees"
FOURTH_PROXY = BOOK.count("proxy.per_holder").judge(4)


def test_a_refusal_says_rule_article_sum_and_remedy(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert verdict_text(FOURTH_PROXY) == (
            f"Nobody holds more than three proxies ({LAW}, art 19; 4 > 3). "
            "Choose another voter who does not hold so many proxies yet, or let the voter vote in person."
        )


def test_a_refusal_in_chinese_has_chinese_marks(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        assert verdict_text(FOURTH_PROXY) == (
            "每名受托人接受的委托不超过三人（城市居民委员会组织法 第十九条；4 > 3）。"
            "请另选一名接受委托未满规定人数的选民作受托人，或者由委托人本人投票。"
        )


def test_what_compares_nothing_is_no_sum(app: Flask) -> None:
    switch = BOOK.switch("proxy.candidates")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = verdict_text(Verdict(False, switch.value, switch))
    assert said.startswith(
        "Candidates hold no proxies (Organic Law of Urban Residents' Committees, art 19). "
    )
    assert "✗" not in said


def test_the_remedy_is_left_out_where_it_is_said_once_for_several(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        sentence = f"Nobody holds more than three proxies ({LAW}, art 19"
        assert broken_text(FOURTH_PROXY) == f"{sentence}; 4 > 3)."
        assert rule_text(FOURTH_PROXY.rule) == f"{sentence})."


def test_a_rule_without_remedy_ends_with_its_sum(app: Flask) -> None:
    rule = replace(FOURTH_PROXY.rule, remedy_en="")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert verdict_text(replace(FOURTH_PROXY, rule=rule)).endswith("art 19; 4 > 3).")
