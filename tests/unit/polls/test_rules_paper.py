"""Typed lists, and the counts of a box that can be: each sum worked by hand."""

from __future__ import annotations

import pytest

from civicforum import rulebook
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec, contest_of
from civicforum.polls.rules_paper import (
    BoxFault,
    BoxSheet,
    Impossible,
    NotLines,
    NotNumbers,
    PaperSum,
    Word,
    added,
    blanks,
    check_box,
    judge_excess,
    merged,
    read_names,
    read_numbers,
    read_rankings,
    word_of,
    write_in_marks,
)

MOTION = contest_of(QuestionSpec(QuestionKind.MOTION, "加装电梯"))
EACH = contest_of(
    QuestionSpec(
        QuestionKind.SELECTION, "选二人", options=("甲", "乙"), marking=Marking.EACH, most=2, write_ins=2
    )
)
TICKS = contest_of(
    QuestionSpec(QuestionKind.SELECTION, "选一至二", options=("甲", "乙", "丙"), least=1, most=2)
)
GRADE = contest_of(QuestionSpec(QuestionKind.GRADE, "评议", options=("保洁",), levels=("好", "中", "差")))
RANK = contest_of(QuestionSpec(QuestionKind.RANKING, "排序", options=("东", "西", "南"), depth=2))


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", []),
        ("3, 7-9", [3, 7, 8, 9]),
        ("３、７－９；12\n40", [3, 7, 8, 9, 12, 40]),
        ("5至6 8~9", [5, 6, 8, 9]),
        ("4 4", [4, 4]),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, numbers: list[int]) -> None:
    assert read_numbers(typed) == numbers


@pytest.mark.parametrize("typed", ["three", "9-7", "1-", "1-99999999", "-3", "1.5"])
def test_what_is_no_number_is_named(typed: str) -> None:
    with pytest.raises(NotNumbers) as error:
        read_numbers(f"1 {typed}")
    assert error.value.args == (typed,)


def test_the_desk_says_one_word() -> None:
    nothing = {"is_struck_off": False, "has_paper": False, "voted_on_screen": False}
    assert word_of(**nothing) is Word.MAY_VOTE
    assert word_of(**{**nothing, "has_paper": True}) is Word.HAS_VOTED
    assert word_of(**{**nothing, "voted_on_screen": True}) is Word.HAS_VOTED
    assert word_of(**{**nothing, "has_paper": True, "is_struck_off": True}) is Word.NOT_ON_ROLL


def test_a_count_that_can_be_has_no_fault() -> None:
    sheet = BoxSheet(found=12, invalid=2, counts=(6, 3), grounds={"blank": 1, "torn": 1})
    assert check_box([MOTION], sheet, issued=13) == []


@pytest.mark.parametrize(
    ("sheet", "wrong"),
    [
        (BoxSheet(14, 0, (8, 4)), Impossible(BoxFault.MORE_FOUND, "found", "14 > 13")),
        (BoxSheet(3, 4, (0, 0)), Impossible(BoxFault.MORE_INVALID, "invalid", "4 > 3")),
        (BoxSheet(9, 2, (4, 3), (), {"torn": 1}), Impossible(BoxFault.GROUNDS, "grounds", "1 ≠ 2")),
        (BoxSheet(9, 2, (4, 3)), Impossible(BoxFault.GROUNDS, "grounds", "0 ≠ 2")),
        (BoxSheet(10, 0, (6, 5)), Impossible(BoxFault.TOO_MANY_MARKS, "mark-0", "6 + 5 = 11 > 10")),
        (BoxSheet(10, 0, (3, 11)), Impossible(BoxFault.TOO_MANY_MARKS, "mark-1", "11 > 10")),
    ],
)
def test_a_count_that_cannot_be_is_shown_with_its_sum(sheet: BoxSheet, wrong: Impossible) -> None:
    assert check_box([MOTION], sheet, issued=13) == [wrong]


def test_ticks_are_at_least_and_at_most_what_each_paper_must_hold() -> None:
    few, many = BoxSheet(5, 0, (2, 1, 1)), BoxSheet(5, 0, (5, 5, 1))
    assert check_box([TICKS], few, issued=5) == [
        Impossible(BoxFault.TOO_FEW_MARKS, "mark-0", "2 + 1 + 1 = 4 < 5")
    ]
    assert check_box([TICKS], many, issued=5) == [
        Impossible(BoxFault.TOO_MANY_MARKS, "mark-0", "5 + 5 + 1 = 11 > 10")
    ]


def test_for_and_against_one_name_are_no_more_than_the_papers_and_names_take_seats() -> None:
    # Slots: for 甲, for 乙, against 甲, against 乙, and two lines for names. Four papers, two seats each.
    assert check_box([EACH], BoxSheet(4, 0, (3, 2, 1, 1, 2, 1), ({"丙": 3},)), issued=4) == []
    both = check_box([EACH], BoxSheet(4, 0, (3, 1, 2, 0, 0, 0), ({},)), issued=4)
    assert both == [Impossible(BoxFault.TOO_MANY_MARKS, "mark-0", "3 + 2 = 5 > 4")]
    seats = check_box([EACH], BoxSheet(4, 0, (4, 3, 0, 0, 2, 0), ({"丙": 2},)), issued=4)
    assert seats == [Impossible(BoxFault.TOO_MANY_MARKS, "mark-0", "4 + 3 + 2 + 0 = 9 > 8")]


def test_each_item_has_one_grade_on_a_paper() -> None:
    assert check_box([GRADE], BoxSheet(5, 0, (2, 2, 1)), issued=5) == []
    wrong = check_box([GRADE], BoxSheet(5, 0, (3, 2, 1)), issued=5)
    assert [one.arithmetic for one in wrong] == ["3 + 2 + 1 = 6 > 5"]


def test_there_are_no_more_orders_than_papers() -> None:
    assert check_box([RANK], BoxSheet(5, 0, (), ({"01": 3, "2": 2},)), issued=5) == []
    wrong = check_box([MOTION, RANK], BoxSheet(5, 0, (1, 1), ({"01": 4, "2": 2},)), issued=5)
    assert wrong == [Impossible(BoxFault.TOO_MANY_TEXTS, "pool-0", "6 > 1 × 5")]


def test_names_are_read_with_their_numbers() -> None:
    assert read_names("王秀英 = 3\n李四：2\n\n王秀英 1") == {"王秀英": 4, "李四": 2}


@pytest.mark.parametrize("typed", ["王秀英", "王秀英 = 0", "= 3", "一二三四五六七八九十 2"])
def test_a_line_without_a_name_or_a_number_is_refused(typed: str) -> None:
    with pytest.raises(NotLines):
        read_names(typed)


def test_orders_are_read_by_the_numbers_of_the_options() -> None:
    assert read_rankings("2 1 = 5\n3=2\n2>1 1", RANK) == {"10": 6, "2": 2}


@pytest.mark.parametrize("typed", ["4 = 1", "1 1 = 2", "1 2 3 = 1", "东 = 1", "0 = 1"])
def test_what_is_no_order_of_these_options_is_refused(typed: str) -> None:
    with pytest.raises(NotLines):
        read_rankings(typed, RANK)


def test_lines_for_names_are_filled_from_the_first() -> None:
    assert write_in_marks(EACH, {"丙": 5, "丁": 1}, 4) == [4, 2]
    assert write_in_marks(EACH, {}, 4) == [0, 0]
    assert write_in_marks(MOTION, {}, 4) == []


def test_papers_that_rank_nothing_are_what_is_left() -> None:
    assert blanks(RANK, {"10": 3}, 5) == {"10": 3, "": 2}
    assert blanks(RANK, {"10": 5}, 5) == {"10": 5}
    assert blanks(EACH, {"丙": 1}, 5) == {"丙": 1}


def test_papers_add_up_by_station_and_together() -> None:
    hall, box = PaperSum(20, 18, 3, 1), PaperSum(5, 6, 0)
    assert (hall.not_returned, hall.valid, box.not_returned) == (2, 15, -1)
    assert hall + box == PaperSum(25, 24, 3, 1)


def test_more_papers_than_handed_out_in_all_boxes_void_the_poll() -> None:
    book = rulebook.load("national-2026")
    # One paper carried from the hall to the box changes nothing in all boxes together.
    assert judge_excess(book, PaperSum(20, 18, 0) + PaperSum(5, 6, 0)).holds
    verdict = judge_excess(book, PaperSum(25, 26, 0))
    assert (verdict.holds, verdict.arithmetic, verdict.rule.articles) == (False, "26 > 25", (44,))


def test_boxes_are_added_slot_by_slot_and_name_by_name() -> None:
    assert added([(1, 2), (3, 4)], 2) == (4, 6)
    assert added([], 2) == (0, 0)
    assert merged([({"丙": 1},), ({"丙": 2, "丁": 1},)], 1) == ({"丙": 3, "丁": 1},)
