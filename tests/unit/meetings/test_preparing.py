"""Forms of session, balance, turns, clock times and differences, on plain values."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from civicforum import rulebook
from civicforum.errors import Invalid
from civicforum.meetings.default_rules import limits_of, text_for
from civicforum.meetings.differences import Change, Part, compare, sides
from civicforum.meetings.forms_of_session import TEMPLATES, Afterwards, Heading, judge_balance
from civicforum.meetings.papers import PDF, PaperProblem, read_paper
from civicforum.meetings.preparation import timetable
from civicforum.meetings.rules import DELIBERATIONS, MeetingForm, ParticipantClass
from civicforum.meetings.turns import chair_on, next_after, spans
from civicforum.records.photos import LARGEST_KEPT

BOOK = rulebook.load("national-2026")
C = ParticipantClass


def test_every_form_has_its_template() -> None:
    assert TEMPLATES.keys() == set(MeetingForm)
    assert all(template.record and template.afterwards for template in TEMPLATES.values())
    assert all(TEMPLATES[form].required for form in DELIBERATIONS)


@pytest.mark.law("C5", "council.publication")
def test_what_happened_at_the_three_meetings_is_published() -> None:
    published = {form for form, template in TEMPLATES.items() if template.publication_rule}
    assert published == {MeetingForm.HEARING, MeetingForm.COORDINATION, MeetingForm.APPRAISAL}
    for form in published:
        assert BOOK.switch(TEMPLATES[form].publication_rule).on
        assert Afterwards.PUBLISH in TEMPLATES[form].afterwards


@pytest.mark.law("C5")
def test_each_of_the_three_meetings_has_its_own_record() -> None:
    records = [
        set(TEMPLATES[form].record)
        for form in (MeetingForm.HEARING, MeetingForm.COORDINATION, MeetingForm.APPRAISAL)
    ]
    assert Heading.HEARING_REPORT in records[0] - records[1] - records[2]
    assert Heading.CLAIMS in records[1] - records[0] - records[2]
    assert Heading.MARKS in records[2] - records[0] - records[1]


def test_hearing_without_representatives_is_missing_them() -> None:
    balance = judge_balance(MeetingForm.HEARING, {C.COMMITTEE: 1, C.RESIDENT: 2, C.EXPERT: 0})
    assert balance.missing == (frozenset({C.REPRESENTATIVE}),)
    assert list(balance.counts) == [C.RESIDENT, C.COMMITTEE]


@pytest.mark.parametrize(("residents", "others", "warned"), [(2, 2, False), (3, 2, True), (1, 0, False)])
def test_side_with_more_than_half_is_named(residents: int, others: int, warned: bool) -> None:
    balance = judge_balance(MeetingForm.COUNCIL, {C.RESIDENT: residents, C.COMMITTEE: others})
    assert balance.majority is (C.RESIDENT if warned else None)


def test_assembly_is_never_out_of_balance() -> None:
    balance = judge_balance(MeetingForm.REPRESENTATIVE_ASSEMBLY, {C.REPRESENTATIVE: 40, C.COMMITTEE: 7})
    assert balance.majority is None
    assert balance.missing == ()


@dataclass
class Turn:
    position: int
    from_on: date
    until_on: date
    skipped_because: str = ""


def three_turns() -> list[Turn]:
    return [
        Turn(number, span.from_on, span.until_on)
        for number, span in enumerate(spans(date(2026, 1, 31), months=1, number=3), start=1)
    ]


def test_turns_follow_each_other_by_the_calendar() -> None:
    assert [(turn.from_on, turn.until_on) for turn in three_turns()] == [
        (date(2026, 1, 31), date(2026, 2, 27)),
        (date(2026, 2, 28), date(2026, 3, 30)),
        (date(2026, 3, 31), date(2026, 4, 29)),
    ]


@pytest.mark.parametrize(
    ("day", "position"),
    [
        (date(2026, 1, 30), None),
        (date(2026, 1, 31), 1),
        (date(2026, 2, 27), 1),
        (date(2026, 2, 28), 2),
        (date(2026, 4, 29), 3),
        (date(2026, 4, 30), None),
    ],
)
def test_chair_of_a_day_is_whose_turn_runs(day: date, position: int | None) -> None:
    found = chair_on(three_turns(), day)
    assert (found.position if found else None) == position


def test_turn_that_is_passed_over_goes_to_the_next_unit() -> None:
    turns = three_turns()
    turns[0].skipped_because = "搬迁"
    first = chair_on(turns, date(2026, 2, 1))
    assert first is turns[1]
    assert next_after(turns, first) is turns[2]
    assert next_after(turns, turns[2]) is None


def test_agenda_by_the_clock_adds_the_minutes() -> None:
    at = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
    assert [one.strftime("%H:%M") for one in timetable(at, [45, 10, 90])] == ["11:00", "11:45", "11:55"]


def test_default_rules_are_twelve_with_the_numbers_of_the_rulebook() -> None:
    lines = text_for(BOOK).splitlines()
    assert len(lines) == 12
    assert "不超过2分钟" in lines[7]
    assert (limits_of(BOOK).speech_seconds, limits_of(BOOK).speeches_each) == (120, 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("甲。乙。", "甲。乙。"),
        ("", "新增一条。"),
        ("删去一条。", ""),
        ("费用8.6万元。建在西侧。", "费用9.2万元。建在东侧。由物业管理。"),
        ("第一条 甲。\n第二条 乙。", "第二条 乙。\n第一条 甲。"),
    ],
)
def test_parts_make_up_both_texts(before: str, after: str) -> None:
    parts = compare(before, after)
    old, new = sides(parts)
    assert "".join(part.text for part in old) == before
    assert "".join(part.text for part in new) == after
    assert all(part.text for part in parts)


def test_number_changes_whole_and_the_rest_stays() -> None:
    assert compare("费用不超过8.6万元。", "费用不超过8.9万元。") == [
        Part(Change.SAME, "费用不超过"),
        Part(Change.REMOVED, "8.6"),
        Part(Change.ADDED, "8.9"),
        Part(Change.SAME, "万元。"),
    ]


def test_two_texts_of_ten_thousand_characters_are_compared_in_no_time() -> None:
    before = "".join(f"第{number}条社区公共收益用于维修。" for number in range(700))
    after = before.replace("维修", "维修和绿化").replace("第9条", "第九条")
    started = time.process_time()
    for one, other in ((before, after), (before[:10000], "完全不同" * 2500), ("甲乙" * 5000, "乙丙" * 5000)):
        compare(one, other)
    assert time.process_time() - started < 2


def test_paper_is_told_by_its_content() -> None:
    file = read_paper(b"%PDF-1.7 ...")
    assert (file.media_type, file.content) == (PDF, b"%PDF-1.7 ...")
    for data, problem in (
        (b"", PaperProblem.EMPTY),
        (b"%PDF-" + b"0" * LARGEST_KEPT, PaperProblem.TOO_LARGE),
        (b"<html>%PDF-1.7", PaperProblem.WRONG_TYPE),
        (b"PK\x03\x04", PaperProblem.WRONG_TYPE),
    ):
        with pytest.raises(Invalid) as refused:
            read_paper(data)
        assert refused.value.reason == problem
