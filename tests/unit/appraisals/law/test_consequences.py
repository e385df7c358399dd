"""What follows from grades: the end of a post (art 37), offers to resign, warning talks, corrections."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from civicforum import rulebook
from civicforum.appraisals.law import (
    judge_ends_post,
    judge_strikes,
    judge_unfit,
    judge_warning,
    plan_due_at,
    recheck_until,
)
from civicforum.rulebook.days import day_ends
from tests.support.law import BOOK, at, book_with

OPENED = at(date(2026, 7, 20), 15)


@pytest.mark.law("D1", "appraisal.strikes")
@pytest.mark.parametrize(
    ("unfit", "ends"),
    [
        ([], False),
        ([True], False),
        ([True, True], True),
        ([True, True, True], True),
        ([True, False, True], False),
        ([False, True, True], True),
        # The pair was proposed when it was new; a better grade since is no reason to propose it again.
        ([True, True, False], False),
    ],
)
def test_art_37_two_appraisals_running_up_to_the_last_end_the_post(unfit: list[bool], ends: bool) -> None:
    verdict = judge_strikes(BOOK, unfit)
    assert verdict.holds is ends
    assert "第三十七条" in verdict.rule.article


@pytest.mark.law("D1", "appraisal.strikes")
def test_art_37_the_sum_says_how_many_were_running() -> None:
    assert judge_strikes(BOOK, [True, False, True]).arithmetic == "1 < 2"
    assert judge_strikes(BOOK, [False, True, True]).arithmetic == "2 ≥ 2"


@pytest.mark.law("D1", "appraisal.strikes", "appraisal.ends_other_posts")
def test_art_37_the_same_grades_end_the_post_of_an_elected_member_and_of_nobody_who_was_appointed() -> None:
    member = judge_ends_post(BOOK, [True, True], is_elected_member=True)
    secretary = judge_ends_post(BOOK, [True, True], is_elected_member=False)
    assert (member.holds, member.rule.id) == (True, "appraisal.strikes")
    assert (secretary.holds, secretary.rule.id) == (False, "appraisal.ends_other_posts")
    assert "服务站站长" in secretary.rule.text("zh_Hans")


@pytest.mark.law("D1", "appraisal.ends_other_posts")
@pytest.mark.parametrize("profile", rulebook.profiles())
def test_no_profile_lets_an_appraisal_end_the_post_of_a_secretary(profile: str) -> None:
    assert not judge_ends_post(rulebook.load(profile), [True, True], is_elected_member=False).holds


@pytest.mark.law("D6", "appraisal.unfit")
@pytest.mark.parametrize(
    ("unfit", "cast", "holds"), [(19, 40, False), (20, 40, True), (20, 41, False), (21, 41, True)]
)
def test_local_half_of_the_grades_ask_for_an_offer_to_resign(unfit: int, cast: int, holds: bool) -> None:
    assert judge_unfit(BOOK, unfit, cast).holds is holds


@pytest.mark.law("D6", "appraisal.unfit")
def test_local_nobody_is_unfit_whom_nobody_graded() -> None:
    assert not judge_unfit(BOOK, 0, 0).holds


@pytest.mark.law("D6", "appraisal.warning")
@pytest.mark.parametrize(
    ("poor", "cast", "holds"), [(19, 60, False), (20, 60, False), (21, 60, True), (20, 59, True)]
)
def test_local_more_than_a_third_of_poor_grades_ask_for_a_warning_talk(
    poor: int, cast: int, holds: bool
) -> None:
    assert judge_warning(BOOK, poor, cast).holds is holds


@pytest.mark.law("D10", "action.plan")
def test_default_a_corrective_action_has_its_measure_on_the_tenth_day() -> None:
    assert plan_due_at(BOOK, OPENED) == day_ends(date(2026, 7, 30))
    rule = BOOK.clock("action.plan")
    for days, holds in ((9, True), (10, True), (11, False)):
        assert rule.judge(OPENED, OPENED + timedelta(days=days)).holds is holds


@pytest.mark.law("D10", "action.recheck")
def test_default_residents_recheck_until_the_tenth_day_after_the_report() -> None:
    assert recheck_until(BOOK, OPENED) == day_ends(date(2026, 7, 30))
    longer = book_with("action.recheck", days=14)
    assert recheck_until(longer, OPENED) == day_ends(date(2026, 8, 3))
