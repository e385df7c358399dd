"""The words of official notices: files, blanks, days, and the way from text to page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from civicforum import rulebook
from civicforum.elections.calendar import Milestone
from civicforum.elections.rules import ElectionKind, NoticeKind, RoundKind, Way, WinnerState
from civicforum.elections.texts_notices import ASKS
from civicforum.elections.wording import (
    BlankMissing,
    Heading,
    Names,
    Paragraph,
    Part,
    Rows,
    Wording,
    WordingInvalid,
    blocks_of,
    compose,
    day_in_characters,
    day_in_words,
    hours_in_words,
    load,
    names_list,
    names_of,
    ordinal,
    parted,
    span_in_words,
    table,
)
from civicforum.polls.rules import CorrectionKind, ObjectionKind, Ruling
from civicforum.rulebook import Level

BOOK = rulebook.load("national-2026")
RULE = re.compile(r"\{(law|text):([a-z_.]+)\}")


def rules_named(kind: NoticeKind, source: str) -> set[str]:
    wording = load(kind)
    words = [wording.subject, *(part.words for part in wording.parts)]
    return {rule_id for text in words for found, rule_id in RULE.findall(text) if found == source}


@pytest.mark.parametrize("profile", rulebook.profiles())
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_rule_that_a_notice_quotes_is_in_every_profile(kind: NoticeKind, profile: str) -> None:
    book = rulebook.load(profile)
    for rule_id in rules_named(kind, "text") | rules_named(kind, "law"):
        assert book.rule(rule_id).text_zh.endswith("。")


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_law_is_named_only_where_the_rulebook_has_its_article(kind: NoticeKind) -> None:
    for rule_id in rules_named(kind, "law"):
        rule = BOOK.rule(rule_id)
        assert rule.level is Level.NATIONAL
        assert rule.articles


@pytest.mark.parametrize("kind", NoticeKind)
def test_no_number_of_the_law_stands_in_a_file(kind: NoticeKind) -> None:
    for part in load(kind).parts:
        fixed = RULE.sub("", part.words)
        assert not re.search(r"\d|[一二三四五六七八九十百]+(?:日|天|人|分之|个月|周岁|条)", fixed), fixed


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_ends_with_its_closing_words_and_asks_what_has_a_label(kind: NoticeKind) -> None:
    wording = load(kind)
    closing = Part("text", names_of("additions")["closing"])
    assert wording.parts.count(closing) == 1
    assert set(wording.asks) <= ASKS.keys()
    assert wording.subject.startswith("关于")


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("organs", ElectionKind),
        ("events", ElectionKind),
        ("electors", Way),
        ("rolls", Way),
        ("objections", ObjectionKind),
        ("rulings", Ruling),
        ("corrections", CorrectionKind),
        ("rounds", set(RoundKind) - {RoundKind.FIRST}),
        ("winners", set(WinnerState) - {WinnerState.ELECTED}),
    ],
)
def test_every_value_has_its_name(group: str, values: set[str]) -> None:
    assert names_of(group).keys() == set(values)


def test_dates_of_the_calendar_that_residents_need_have_names() -> None:
    assert names_of("milestones").keys() <= set(Milestone)
    assert Milestone.POLLING_DAY in names_of("milestones")


def test_a_rule_without_an_article_of_its_own_is_not_said_to_be_national_law() -> None:
    wording = Wording("", (Part("text", "根据{law:proxy.apply}"),))
    assert compose(wording, {}, book=BOOK) == "根据本次选举规定"


def test_the_law_is_named_in_full_with_its_article() -> None:
    wording = Wording("", (Part("text", "根据{law:roll.posting}的规定，{text:roll.posting}"),))
    assert compose(wording, {}, book=BOOK) == (
        "根据《中华人民共和国城市居民委员会组织法》第十七条的规定，选民名单在选举日的二十日以前公布。"
    )


def test_headings_and_items_are_numbered_and_items_begin_anew() -> None:
    parts = (
        Part("heading", "甲"),
        Part("item", "子"),
        Part("item", "丑"),
        Part("heading", "乙"),
        Part("text", "如下："),
        Part("item", "寅"),
    )
    lines = compose(Wording("", parts), {}, book=BOOK).splitlines()
    assert lines == ["一、甲", "（一）子", "（二）丑", "二、乙", "如下：", "（一）寅"]


def test_a_part_stands_only_when_all_its_flags_are_as_it_says() -> None:
    parts = (
        Part("text", "委托", ("by_proxy", "!way.representatives")),
        Part("text", "自荐", ("election.nomination.self",)),
        Part("text", "电话{phone}", ("phone",)),
    )
    wording = Wording("", parts)
    assert compose(wording, {"phone": "123"}, flags={"by_proxy"}, book=BOOK) == "委托\n电话123"
    assert compose(wording, {"phone": ""}, flags={"by_proxy", "way.representatives"}, book=BOOK) == ""


def test_a_blank_that_nothing_fills_is_an_error_and_no_gap() -> None:
    with pytest.raises(BlankMissing, match="day"):
        compose(Wording("", (Part("text", "选举日为{day}。"),)), {}, book=BOOK)


@pytest.mark.parametrize(
    "written",
    [
        'subject = "x"\nparts = [{ text = "a", item = "b" }]',
        'subject = "x"\nparts = [{ words = "a" }]',
        'subject = "x"\nparts = [{ text = "a\\nb" }]',
        'subject = "x"\nmore = 1\nparts = []',
    ],
)
def test_a_file_with_a_slip_is_refused(written: str, tmp_path: Path) -> None:
    (tmp_path / "roll.toml").write_text(written, encoding="utf-8")
    with pytest.raises(WordingInvalid, match="roll"):
        load(NoticeKind.ROLL, folder=tmp_path)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 22), "二〇二六年十一月二十二日"),
        (date(2030, 1, 10), "二〇三〇年一月十日"),
        (date(2026, 10, 31), "二〇二六年十月三十一日"),
    ],
)
def test_a_day_under_a_notice_is_written_in_characters(day: date, written: str) -> None:
    assert day_in_characters(day) == written


def test_days_and_hours_within_a_notice() -> None:
    assert day_in_words(date(2026, 11, 22)) == "2026年11月22日（星期日）"
    assert span_in_words(date(2026, 12, 30), date(2027, 1, 3)) == "2026年12月30日至2027年1月3日"
    assert span_in_words(date(2026, 3, 10), date(2026, 3, 10)) == "2026年3月10日"
    # 00:00 UTC is 8:00 in Shanghai.
    opens = datetime(2026, 4, 12, 0, 0, tzinfo=UTC)
    assert hours_in_words(opens, opens.replace(hour=10, minute=5)) == "8:00至18:05"
    assert hours_in_words(opens, opens.replace(day=13, hour=4)) == "4月12日8:00至4月13日12:00"
    assert ordinal(12) == "第十二"


def test_a_notice_is_read_back_as_headings_paragraphs_lists_and_tables() -> None:
    text = "\n".join(
        [
            "一、投票地点",
            table("投票站", ("名称", "地点"), [("中心站", "一楼"), ("南站", "")]),
            "一、二、三，这一句有句号，不是标题。",
            names_list("第一居民小组（共2人）", ["王小明", "李　红"]),
        ]
    )
    assert blocks_of(text) == [
        Heading("一、投票地点"),
        Rows("投票站", ("名称", "地点"), (("中心站", "一楼"), ("南站", ""))),
        Paragraph("一、二、三，这一句有句号，不是标题。"),
        Names("第一居民小组（共2人）", ("王小明", "李 红")),
    ]


def test_signs_within_a_cell_do_not_part_it() -> None:
    [rows] = blocks_of(table("【甲】", ("一",), [("乙｜丙\n丁",)]))
    assert rows == Rows("甲", ("一",), (("乙 丙 丁",),))


def test_what_follows_the_closing_words_is_attached_after_the_signature() -> None:
    text = "名单如下。\n特此公告。\n附：名单\n" + names_list("一组", ["甲", "乙"])
    before, after = parted(text, "特此公告。")
    assert before == [Paragraph("名单如下。"), Paragraph("特此公告。")]
    assert after == [Paragraph("附：名单"), Names("一组", ("甲", "乙"))]
