"""Counting a cycle: results of every subject, places, and who may."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import SubjectResult
from civicforum.appraisals.plans import GroupPlan
from civicforum.appraisals.result_sheets import from_json
from civicforum.appraisals.rules import CycleState, RaterBasis
from civicforum.appraisals.scales import ScalePlan
from civicforum.appraisals.services.counting import count_locked
from civicforum.appraisals.services.steps import lock_to_lead
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.records.models import JournalEntry
from tests.support.appraisal_results import (
    COUNTED,
    DAY,
    count_by_hand,
    hand_counts,
    make_certified,
    make_counted,
    posted_again,
    start_rating,
)
from tests.support.appraisals import (
    cycle_of,
    make_town,
    posted_halfyear,
    three_groups,
)


def results(session: Session) -> list[SubjectResult]:
    return list(session.scalars(select(SubjectResult).order_by(SubjectResult.raters, SubjectResult.id)))


def test_count_writes_the_result_of_each_subject(session: Session) -> None:
    made = make_counted()
    cycle = cycle_of(made.cycle_id)
    assert (cycle.state, cycle.counted_at) == (CycleState.COUNTED, COUNTED)
    secretary, head, director = (one.result for one in cycle.subjects)
    assert secretary is not None
    assert head is not None
    assert director is not None
    # 9 × 100 + 3 × 80 + 1 × 60 = 1200, of 13 forms.
    assert (secretary.grade, secretary.score, secretary.raters) == ("优秀", "1200/13", 13)
    assert (head.grade, head.is_poor) == ("称职", False)
    assert (director.grade, director.is_poor, director.is_unfit) == ("不称职", True, True)
    # The places of three who were rated by 13, 14 and 13.
    assert [secretary.rank, head.rank, director.rank] == [1, 2, 3]


def test_count_is_journalled_once_with_its_due_day(session: Session) -> None:
    make_counted()
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "appraisal.count")).all()
    assert [entry.is_public for entry in entries] == [True]
    # Ten days after the first of April, and not a word of grades.
    assert entries[0].payload["due_at"].startswith("2026-04-11")
    assert set(entries[0].payload) == {"forms", "opened", "groups", "due_at"}


@pytest.mark.law("D11", "appraisal.rank")
def test_few_raters_have_no_place(session: Session) -> None:
    made = make_counted(rows=((6, 2, 1, 0), (3, 6, 0, 0), (5, 4, 0, 0)))
    assert [one.result.rank for one in cycle_of(made.cycle_id).subjects if one.result] == [None] * 3


def test_counting_twice_is_refused(session: Session) -> None:
    made = make_counted()
    cycle = lock_to_lead(session, cycle_id=made.cycle_id, actor=made.second)
    with pytest.raises(TransitionNotAllowed):
        count_locked(session, cycle, [], actor=made.second, now=COUNTED)


@pytest.mark.parametrize("role", [Role.CLERK, Role.COMMITTEE, Role.PARTY, Role.ADMIN])
def test_only_the_supervision_committee_leads(session: Session, role: Role) -> None:
    town = make_town()
    cycle_id = posted_halfyear(town)
    start_rating(cycle_id, town)
    other = Actor(person_id=town.clerk.person_id, community_id=town.community_id, roles=frozenset({role}))
    with pytest.raises(NotEligible), transaction() as locked:
        lock_to_lead(locked, cycle_id=cycle_id, actor=other)


def test_nobody_leads_a_cycle_in_which_they_are_graded(session: Session) -> None:
    town = make_town()
    cycle_id = posted_halfyear(town)
    graded = replace(town.supervisor, person_id=town.secretary_id)
    with pytest.raises(NotEligible), transaction() as locked:
        lock_to_lead(locked, cycle_id=cycle_id, actor=graded)


@pytest.mark.law("D5")
def test_published_scheme_of_three_groups_is_exact(session: Session) -> None:
    """3/10 × 88 + 1/10 × 98 + 3/5 × 86, by hand, for the first subject.

    Street: 6 × 100 + 2 × 80 + 2 × 60 = 880, of 10 is 88. Colleagues: 9 × 100 + 1 × 80 = 980, of 10 is 98.
    Residents: 12 × 100 + 5 × 80 + 2 × 60 + 1 × 0 = 1720, of 20 is 86.
    3/10 × 88 = 132/5, 1/10 × 98 = 49/5, 3/5 × 86 = 258/5; together 439/5.
    """
    town = make_town()
    cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
    rest = ((5, 5, 0, 0),) * 2
    count_by_hand(
        town,
        cycle_id,
        {
            "街道": ((6, 2, 2, 0), *rest),
            "同事": ((9, 1, 0, 0), *rest),
            "居民": ((12, 5, 2, 1), *rest),
        },
    )
    first = cycle_of(cycle_id).subjects[0].result
    assert first is not None
    assert first.score == "439/5"
    figures = from_json(first.figures)
    assert figures.arithmetic == "3/10 × 88 + 1/10 × 98 + 3/5 × 86 = 439/5 = 87.8"
    assert [one.counts for one in figures.groups] == [(6, 2, 2, 0), (9, 1, 0, 0), (12, 5, 2, 1)]


def test_what_may_not_be_shown_is_in_no_row(session: Session) -> None:
    town = make_town()
    cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
    count_by_hand(
        town,
        cycle_id,
        {"街道": ((4, 0, 0, 0),) * 3, "同事": ((7, 1, 1, 0),) * 3, "居民": ((12, 5, 2, 1),) * 3},
        forms=21,
    )
    for row in results(session):
        shown = [one["counts"] for one in row.figures["groups"]]
        # The street's four stand with the colleagues' nine, and there is no score beside them.
        assert shown == [None, None, [12, 5, 2, 1]]
        assert (row.score, row.figures["arithmetic"]) == ("", "")


def test_change_since_the_last_certified_cycle(session: Session) -> None:
    first = make_certified()
    later = COUNTED + 200 * DAY
    cycle_id = posted_again(first.town, later)
    count_by_hand(
        first.town,
        cycle_id,
        {"居民代表": ((3, 8, 2, 1), (9, 3, 1, 0), (1, 2, 3, 7))},
        now=later,
    )
    found = [from_json(one.result.figures) for one in cycle_of(cycle_id).subjects if one.result]
    before = [one.before for one in found]
    assert all(one is not None and one.cycle_id == first.cycle_id for one in before)
    assert [one.rank for one in before if one] == [1, 2, 3]
    assert [one.rank for one in found] == [2, 1, 3]
    assert before[0] is not None
    assert before[0].score == Fraction(1200, 13)


def test_rows_of_a_shut_box_are_named_and_count_nowhere(session: Session) -> None:
    town = make_town()
    cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
    count_by_hand(town, cycle_id, {"街道": (), "同事": ((7, 1, 1, 0),) * 3, "居民": ((12, 5, 2, 1),) * 3})
    figures = [from_json(row.figures) for row in results(session)]
    assert {one.too_few for one in figures} == {("街道",)}
    assert {one.counts for one in figures} == {(19, 6, 3, 1)}
    assert hand_counts(cycle_id, {"街道": (), "同事": (), "居民": ()})[0].is_open is False


def test_a_score_of_odd_weights_and_points_is_kept_exact_however_long(session: Session) -> None:
    town = make_town()
    primes = (999983, 999979, 999961, 999959, 999953, 999931, 999917)
    points = tuple(f"{600000 - 80000 * at}/{prime}" for at, prime in enumerate(primes))
    scale = ScalePlan(title="评议", levels=tuple("甲乙丙丁戊己庚"), points=points, poor_from=5)
    weight = Fraction(1, 999907)
    groups = (
        GroupPlan(name="居民代表", basis=RaterBasis.PRESENT, weight=weight),
        GroupPlan(name="街道", basis=RaterBasis.OUTSIDE, weight=1 - weight, document="评议表"),
    )
    cycle_id = posted_halfyear(town, scales=(scale,), groups=groups)
    one_each = [(1,) * 7] * 3
    count_by_hand(town, cycle_id, {"居民代表": one_each, "街道": one_each})
    result = results(session)[0]
    # Both groups say the same, so that the weights add nothing: the mean of the seven points.
    assert Fraction(result.score) == sum(map(Fraction, points), Fraction(0)) / 7
    assert len(result.score) > 80
