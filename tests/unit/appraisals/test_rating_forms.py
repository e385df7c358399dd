"""The form of a group of raters, how a report stands, and what minutes and an outside sheet say."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from civicforum.appraisals.forms_of_rating import (
    Graded,
    Hearing,
    ScaleOfForm,
    hearing_of,
    introduction_of_form,
    questions_of,
    roll_opens_at,
    title_of_form,
)
from civicforum.appraisals.hearing_minutes import Spoken, passage_of_hearing
from civicforum.appraisals.outside_sheets import OutsideSheet, SheetRow, check_outside, pairs_of_sheets
from civicforum.errors import Invalid
from civicforum.polls.questions import QuestionKind, check_paper, check_spec
from civicforum.polls.small_groups import judge_ways
from civicforum.polls.terms import LONGEST_TITLE
from civicforum.rulebook import load
from civicforum.rulebook.days import day_starts

DUTY, BODY, UNUSED = (
    ScaleOfForm(uuid.uuid4(), title, levels)
    for title, levels in (
        ("履职评议", ("优秀", "称职", "基本称职", "不称职")),
        ("班子评议", ("满意", "基本满意", "不满意")),
        ("其他", ("好", "差")),
    )
)
GRADED = [
    Graded(uuid.uuid4(), "林国安（书记）", DUTY.id),
    Graded(uuid.uuid4(), "居民委员会", BODY.id),
    Graded(uuid.uuid4(), "陈伯龙（主任）", DUTY.id),
]
HELD_AT = day_starts(datetime(2026, 4, 1, tzinfo=UTC).date())
DAY = timedelta(days=1)


def test_each_scale_that_grades_somebody_is_one_question_with_its_names_in_order() -> None:
    specs = questions_of([DUTY, BODY, UNUSED], GRADED)
    assert [(one.kind, one.title, one.options, one.levels) for one in specs] == [
        (QuestionKind.GRADE, "履职评议", ("林国安（书记）", "陈伯龙（主任）"), DUTY.levels),
        (QuestionKind.GRADE, "班子评议", ("居民委员会",), BODY.levels),
    ]
    for spec in specs:
        check_spec(spec)
    check_paper(specs)


def test_the_title_keeps_the_group_however_long_the_cycle_is_called() -> None:
    assert title_of_form("半年述职评议", "居民代表") == "半年述职评议（居民代表）"
    title = title_of_form("评" * 200, "居民代表")
    assert len(title) == LONGEST_TITLE
    assert title.endswith("评（居民代表）")


def test_raters_read_first_whom_they_grade_and_that_no_name_is_on_the_form() -> None:
    text = introduction_of_form("请客观评议。", GRADED)
    assert text.startswith("请您评议：林国安（书记）、居民委员会、陈伯龙（主任）。\n\n评议表不记名")
    assert text.endswith("\n\n请客观评议。")
    assert introduction_of_form("  ", GRADED).endswith("可以不选。")


@pytest.mark.parametrize(
    ("closes_at", "objections_end", "opens_at"),
    [
        # Objections are long over: the roll grades from the day of the cycle on.
        (HELD_AT + 5 * DAY, HELD_AT - 10 * DAY, HELD_AT),
        # They last into it: from the day after them.
        (HELD_AT + 5 * DAY, HELD_AT + DAY - timedelta(seconds=1), HELD_AT + DAY),
        # A roll that is to be counted with the assembly has closed before, and begins as early as it can.
        (HELD_AT, HELD_AT - 7 * DAY - timedelta(seconds=1), HELD_AT - 7 * DAY),
    ],
)
def test_a_roll_grades_after_its_objections(
    closes_at: datetime, objections_end: datetime, opens_at: datetime
) -> None:
    found = roll_opens_at(held_at=HELD_AT, closes_at=closes_at, objections_end=objections_end)
    assert found == opens_at


@pytest.mark.parametrize(
    ("is_submitted", "is_heard", "unheard_reason", "expected"),
    [
        (True, True, "", Hearing.HEARD),
        (False, True, "", Hearing.HEARD),
        (True, False, "", Hearing.AWAITED),
        (False, False, "", Hearing.MISSING),
        (True, False, "住院", Hearing.NOT_GIVEN),
        (False, False, "住院", Hearing.NOT_GIVEN),
    ],
)
def test_how_a_report_stands(
    is_submitted: bool, is_heard: bool, unheard_reason: str, expected: Hearing
) -> None:
    found = hearing_of(is_submitted=is_submitted, is_heard=is_heard, unheard_reason=unheard_reason)
    assert found is expected


def test_minutes_name_who_reported_who_did_not_and_that_the_grading_went_on() -> None:
    spoken = [
        Spoken(
            name="林国安（书记）",
            hearing=Hearing.HEARD,
            text="汇报了半年工作。",
            questions=[("电梯何时修好？", "下月底前。")],
        ),
        Spoken(name="刘建平（站长）", hearing=Hearing.NOT_GIVEN, unheard_reason="住院"),
        Spoken(name="陈伯龙（主任）", hearing=Hearing.MISSING),
    ]
    text = passage_of_hearing("半年述职评议", spoken, quorum="12 ≥ 2/3 × 18 = 12", article="评议方案")
    assert text.splitlines() == [
        "述职和评议：半年述职评议",
        "1．林国安（书记）：到会口头述职。汇报了半年工作。",
        "　　代表问：电梯何时修好？",
        "　　答：下月底前。",
        "2．刘建平（站长）：未到会口头述职，原因：住院。不影响对其进行评议。",
        "3．陈伯龙（主任）：未提交书面述职报告，也未口头述职。不影响对其进行评议。",
        "发放评议表时清点人数：12 ≥ 2/3 × 18 = 12（评议方案），符合规定人数。评议采用无记名方式。",
    ]


@pytest.mark.parametrize(
    ("screen", "paper", "holds"),
    [
        (4, 0, True),
        (0, 4, True),
        (0, 0, True),
        (5, 5, True),
        (40, 5, True),
        (40, 4, False),
        (4, 40, False),
        (1, 1, False),
    ],
)
def test_either_way_is_taken_by_nobody_or_by_five(screen: int, paper: int, holds: bool) -> None:
    verdict = judge_ways(load("national-2026"), screen=screen, paper=paper)
    assert verdict.holds is holds
    assert verdict.rule.id == "privacy.least"


ROW = SheetRow(uuid.uuid4(), "林国安（书记）", DUTY.levels)


def sheet(*numbers: int, forms: int = 10) -> OutsideSheet:
    return OutsideSheet(forms, {ROW.subject_id: numbers})


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (sheet(5, 5, 0, 1), "over"),
        (sheet(5, 5, 0, -1), "missing"),
        (sheet(5, 5, 0), "missing"),
        (sheet(0, 0, 0, 0, forms=0), "forms"),
        (sheet(0, 0, 0, 0, forms=100_001), "forms"),
        (OutsideSheet(10, {}), "missing"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(read: OutsideSheet, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_outside(read, [ROW])
    assert refusal.value.reason == reason


def test_forms_may_leave_somebody_without_a_grade() -> None:
    check_outside(sheet(5, 4, 0, 0), [ROW])
    check_outside(sheet(5, 5, 0, 0), [ROW])


def test_two_readings_are_compared_number_by_number() -> None:
    pairs = pairs_of_sheets(sheet(5, 4, 0, 0), sheet(5, 5, 0, 0, forms=11), [ROW])
    assert [(one.name, one.level, one.first, one.second) for one in pairs if one.differs] == [
        ("", "", 10, 11),
        ("林国安（书记）", "称职", 4, 5),
    ]
    assert len(pairs) == 5
