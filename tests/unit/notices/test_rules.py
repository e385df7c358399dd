"""The way of a draft, and when items of the catalogue are due; days are worked by hand."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import TransitionNotAllowed
from civicforum.notices import rules
from civicforum.notices.calendar import Period, due_at, judge_due, last_end, periods_ended, rhythm_of
from civicforum.notices.rules import DraftState, NoticeState, Rhythm, move, move_notice
from civicforum.notices.standard import STANDARD, is_slower
from civicforum.rulebook.days import day_ends

BOOK = rulebook.load("national-2026")
D = DraftState
STEPS = {
    (D.DRAFT, D.IN_REVIEW),
    (D.IN_REVIEW, D.OBJECTED),
    (D.IN_REVIEW, D.REVIEWED),
    (D.IN_REVIEW, D.DRAFT),
    (D.OBJECTED, D.IN_REVIEW),
    (D.REVIEWED, D.MET),
    (D.REVIEWED, D.DRAFT),
    (D.MET, D.POSTED),
    (D.MET, D.DRAFT),
    *((state, D.DROPPED) for state in (D.DRAFT, D.IN_REVIEW, D.OBJECTED, D.REVIEWED, D.MET)),
}


@pytest.mark.parametrize(("state", "to"), list(itertools.product(DraftState, repeat=2)))
def test_a_draft_takes_these_steps_and_no_other(state: DraftState, to: DraftState) -> None:
    if (state, to) in STEPS:
        assert move(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move(state, to)


@pytest.mark.parametrize(("state", "to"), list(itertools.product(NoticeState, repeat=2)))
def test_a_notice_ends_once(state: NoticeState, to: NoticeState) -> None:
    if state is NoticeState.POSTED and to is not NoticeState.POSTED:
        assert move_notice(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move_notice(state, to)


def test_nobody_of_the_supervision_committee_drafts_or_posts() -> None:
    def actor(*roles: Role, assisted_by: uuid.UUID | None = None) -> Actor:
        return Actor(uuid.uuid4(), uuid.uuid4(), frozenset(roles), assisted_by)

    director, clerk, both = actor(Role.COMMITTEE), actor(Role.CLERK), actor(Role.CLERK, Role.SUPERVISOR)
    assert (rules.may_draft(director), rules.may_post(director), rules.may_review(director)) == (
        True,
        True,
        False,
    )
    assert (rules.may_draft(clerk), rules.may_post(clerk), rules.may_review(clerk)) == (True, False, False)
    assert (rules.may_draft(both), rules.may_post(both), rules.may_review(both)) == (False, False, True)
    assert not rules.may_draft(actor(Role.CLERK, assisted_by=uuid.uuid4()))


@pytest.mark.parametrize(
    ("rhythm", "last", "due"),
    [
        (Rhythm.QUARTERLY, date(2026, 3, 31), date(2026, 4, 15)),
        (Rhythm.QUARTERLY, date(2025, 12, 31), date(2026, 1, 15)),
        (Rhythm.MONTHLY, date(2026, 1, 31), date(2026, 2, 15)),
        (Rhythm.MONTHLY, date(2024, 2, 29), date(2024, 3, 15)),
        (Rhythm.HALF_YEARLY, date(2026, 6, 30), date(2026, 7, 15)),
        (Rhythm.YEARLY, date(2026, 12, 31), date(2027, 1, 15)),
        # What formed on 25 February is posted within ten days: February has 28 of them.
        (Rhythm.AD_HOC, date(2026, 2, 25), date(2026, 3, 7)),
    ],
)
@pytest.mark.law(
    "E3",
    "disclosure.ordinary",
    "disclosure.finance",
    "disclosure.appraisal",
    "disclosure.low_income",
    "disclosure.day_of_month",
)
def test_an_item_is_due_by_the_end_of_this_day(rhythm: Rhythm, last: date, due: date) -> None:
    assert due_at(rhythm, last, BOOK) == day_ends(due)


def test_the_last_day_ends_at_midnight_in_shanghai() -> None:
    due = due_at(Rhythm.QUARTERLY, date(2026, 3, 31), BOOK)
    assert due + timedelta(microseconds=1) == datetime(2026, 4, 15, 16, 0, tzinfo=UTC)


def test_periods_follow_one_another_from_the_day_an_item_began() -> None:
    assert periods_ended(Rhythm.QUARTERLY, date(2025, 11, 3), date(2026, 4, 1)) == [
        Period(date(2025, 11, 3), date(2025, 12, 31)),
        Period(date(2026, 1, 1), date(2026, 3, 31)),
    ]
    # The quarter is not over on its own last day.
    assert len(periods_ended(Rhythm.QUARTERLY, date(2025, 11, 3), date(2026, 3, 31))) == 1
    assert [one.last for one in periods_ended(Rhythm.MONTHLY, date(2024, 1, 31), date(2024, 4, 1))] == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
    ]
    assert periods_ended(Rhythm.AD_HOC, date(2020, 1, 1), date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("rhythm", "today", "last"),
    [
        (Rhythm.MONTHLY, date(2026, 3, 1), date(2026, 2, 28)),
        (Rhythm.QUARTERLY, date(2026, 3, 31), date(2025, 12, 31)),
        (Rhythm.QUARTERLY, date(2026, 4, 1), date(2026, 3, 31)),
        (Rhythm.HALF_YEARLY, date(2026, 7, 1), date(2026, 6, 30)),
        (Rhythm.YEARLY, date(2026, 12, 31), date(2025, 12, 31)),
    ],
)
def test_the_latest_period_that_is_over(rhythm: Rhythm, today: date, last: date) -> None:
    assert last_end(rhythm, today) == last


def test_lateness_is_told_with_its_days() -> None:
    due = due_at(Rhythm.QUARTERLY, date(2026, 3, 31), BOOK)
    in_time = judge_due(Rhythm.QUARTERLY, date(2026, 3, 31), due, due, BOOK)
    assert (in_time.holds, in_time.arithmetic) == (True, "2026-04-15 ≤ 2026-04-15")
    # Three in the morning of 3 May in Shanghai is still 2 May in London.
    late = judge_due(Rhythm.QUARTERLY, date(2026, 3, 31), due, datetime(2026, 5, 2, 19, 0, tzinfo=UTC), BOOK)
    assert (late.holds, late.arithmetic) == (False, "2026-05-03 > 2026-04-15")
    ad_hoc = judge_due(Rhythm.AD_HOC, date(2026, 2, 25), due, datetime(2026, 3, 8, 1, 0, tzinfo=UTC), BOOK)
    assert (ad_hoc.holds, ad_hoc.arithmetic) == (False, "2026-03-08 − 2026-02-25 = 11 > 10")


def test_the_catalogue_covers_the_seven_categories_once_each_code() -> None:
    assert {item.category for item in STANDARD} == set(rules.NoticeCategory)
    assert len({item.code for item in STANDARD}) == len(STANDARD)
    rhythms = {item.code: item.slowest(BOOK) for item in STANDARD}
    assert rhythms["accounts"] is rhythms["low_income"] is Rhythm.MONTHLY
    assert rhythms["facilities"] is Rhythm.QUARTERLY
    assert rhythms["appraisal_results"] is Rhythm.HALF_YEARLY
    assert {17, 19, 34, 37, 38, 42} == {article for item in STANDARD for article in item.articles}


def test_a_rhythm_follows_from_months_and_can_be_compared() -> None:
    assert [rhythm_of(months) for months in (1, 2, 3, 5, 6, 12, 24)] == [
        Rhythm.MONTHLY,
        Rhythm.MONTHLY,
        Rhythm.QUARTERLY,
        Rhythm.QUARTERLY,
        Rhythm.HALF_YEARLY,
        Rhythm.YEARLY,
        Rhythm.YEARLY,
    ]
    assert is_slower(Rhythm.YEARLY, Rhythm.QUARTERLY)
    assert not is_slower(Rhythm.MONTHLY, Rhythm.QUARTERLY)
    assert is_slower(Rhythm.AD_HOC, Rhythm.MONTHLY)
    assert not is_slower(Rhythm.AD_HOC, Rhythm.AD_HOC)
