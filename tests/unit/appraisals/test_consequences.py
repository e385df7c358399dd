"""What a certified grade leads to, by hand."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from civicforum import rulebook
from civicforum.appraisals.consequences import Graded, Proposal, Shares, propose, running, shares_of
from civicforum.appraisals.rules import ConsequenceKind
from civicforum.appraisals.scales import DUTY_POINTS

BOOK = rulebook.load("national-2026")
NOBODY = Shares(unfit=0, poor=0, cast=20)
_K = ConsequenceKind


def graded(day: date, grade: str = "不称职") -> Graded:
    return Graded(uuid.uuid4(), f"{day}", day, grade, grade == "不称职")


def history(*grades: str) -> list[Graded]:
    """Return one cycle for each grade, half a year apart, the earliest first."""
    return [graded(date(2024 + at // 2, 6 * (at % 2) + 1, 1), one) for at, one in enumerate(grades)]


def kinds(
    past: list[Graded], shares: Shares = NOBODY, *, is_elected_member: bool = True, counts: bool = True
) -> list[ConsequenceKind]:
    return [one.kind for one in proposals(past, shares, is_elected_member=is_elected_member, counts=counts)]


def proposals(
    past: list[Graded], shares: Shares = NOBODY, *, is_elected_member: bool = True, counts: bool = True
) -> list[Proposal]:
    return propose(
        BOOK,
        graded=past[-1],
        history=past if counts else [],
        shares=shares,
        is_elected_member=is_elected_member,
    )


@pytest.mark.law("D1", "appraisal.strikes")
def test_two_unfit_grades_running_propose_the_end_of_the_post_with_both_cycles() -> None:
    past = history("称职", "不称职", "不称职")
    (proposal,) = proposals(past)
    assert proposal.kind is _K.TWO_STRIKES
    assert proposal.verdict.rule.id == "appraisal.strikes"
    assert proposal.verdict.arithmetic == "2 ≥ 2"
    assert proposal.grounds == tuple(past[1:])


@pytest.mark.parametrize(
    "grades",
    [("不称职",), ("不称职", "称职", "不称职"), ("不称职", "不称职", "称职"), ("不称职", "", "不称职")],
)
def test_grades_that_are_not_two_running_propose_nothing(grades: tuple[str, ...]) -> None:
    assert kinds(history(*grades)) == []


@pytest.mark.law("D2")
def test_a_cycle_that_does_not_count_ends_no_post() -> None:
    assert kinds(history("不称职", "不称职"), counts=False) == []


@pytest.mark.law("D1", "appraisal.ends_other_posts")
def test_the_same_grades_end_no_post_that_somebody_was_appointed_to() -> None:
    assert kinds(history("不称职", "不称职"), is_elected_member=False) == []


def test_cycles_are_in_the_order_of_their_days_whenever_they_were_certified() -> None:
    first, second, third = history("不称职", "称职", "不称职")
    assert running([third, first, second], third.cycle_id) == (third,)
    late = graded(date(2024, 8, 1))
    assert running([third, first, late], late.cycle_id) == (first, late, third)


@pytest.mark.law("D6", "appraisal.unfit")
@pytest.mark.parametrize(
    ("unfit", "expected"), [(9, [_K.WARNING_TALK]), (10, [_K.OFFER_RESIGNATION, _K.WARNING_TALK])]
)
def test_a_resignation_is_offered_from_half_of_the_forms_on(
    unfit: int, expected: list[ConsequenceKind]
) -> None:
    assert kinds(history("不称职"), Shares(unfit, unfit, 20)) == expected


@pytest.mark.law("D6", "appraisal.warning")
@pytest.mark.parametrize(("poor", "expected"), [(7, []), (8, [_K.WARNING_TALK])])
def test_a_talk_is_held_where_more_than_a_third_are_poor(poor: int, expected: list[ConsequenceKind]) -> None:
    assert kinds(history("称职"), Shares(0, poor, 21)) == expected


def test_nobody_who_was_appointed_is_asked_to_resign_but_a_talk_is_for_everybody() -> None:
    assert kinds(history("不称职"), Shares(20, 20, 20), is_elected_member=False) == [_K.WARNING_TALK]


def test_where_the_law_ends_the_post_nothing_less_is_proposed() -> None:
    assert kinds(history("不称职", "不称职"), Shares(20, 20, 20)) == [_K.TWO_STRIKES]


def test_shares_leave_out_who_does_not_know_but_count_the_form() -> None:
    points = (*DUTY_POINTS, "")
    shares = shares_of((3, 4, 2, 5, 6), points=points, poor_from=2, ends_with_unfit=True)
    assert shares == Shares(unfit=5, poor=7, cast=20)
    shares = shares_of((3, 4, 2, 5, 6), points=points, poor_from=2, ends_with_unfit=False)
    assert shares == Shares(unfit=0, poor=7, cast=20)
