"""The sheet of an organ outside: entered apart by two people, and fixed once they agree."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.outside_sheets import OutsideSheet
from civicforum.appraisals.rules import RaterBasis
from civicforum.appraisals.services.outside import agreed, enter_outside
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.models import Person
from tests.factories import NOW, actor_of
from tests.support.appraisal_results import COUNTED, start_rating
from tests.support.appraisals import (
    Town,
    cycle_of,
    make_town,
    posted_halfyear,
    subject_ids,
    three_groups,
)

pytestmark = pytest.mark.usefixtures("session")
ROWS = ((8, 2, 0, 0), (5, 5, 0, 0), (0, 4, 4, 1))


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def cycle_id(town: Town) -> uuid.UUID:
    found = posted_halfyear(town, groups=three_groups(), meeting_id=None)
    start_rating(found, town)
    return found


def street(cycle_id: uuid.UUID) -> uuid.UUID:
    return next(one.id for one in cycle_of(cycle_id).groups if one.basis is RaterBasis.OUTSIDE)


def enter(
    cycle_id: uuid.UUID, actor: Actor, rows: tuple[tuple[int, ...], ...] = ROWS, forms: int = 10
) -> int:
    counts = dict(zip(subject_ids(cycle_id), rows, strict=True))
    return enter_outside(
        group_id=street(cycle_id), sheet=OutsideSheet(forms, counts), actor=actor, now=COUNTED
    )


def sheet_now(cycle_id: uuid.UUID) -> OutsideSheet | None:
    group = next(one for one in cycle_of(cycle_id).groups if one.basis is RaterBasis.OUTSIDE)
    return agreed(group.outside_counts)


def test_it_counts_once_two_people_read_every_number_alike(town: Town, cycle_id: uuid.UUID) -> None:
    assert enter(cycle_id, town.supervisor) == 1
    assert sheet_now(cycle_id) is None
    assert enter(cycle_id, town.clerk, ((8, 1, 0, 0), *ROWS[1:])) == 2
    assert sheet_now(cycle_id) is None
    # The second looked again.
    assert enter(cycle_id, town.clerk) == 2
    found = sheet_now(cycle_id)
    assert found is not None
    assert found.counts == dict(zip(subject_ids(cycle_id), ROWS, strict=True))
    with pytest.raises(TransitionNotAllowed):
        enter(cycle_id, town.clerk, forms=11)


def test_a_third_person_and_whoever_is_graded_enter_nothing(
    session: Session, town: Town, cycle_id: uuid.UUID
) -> None:
    enter(cycle_id, town.supervisor)
    enter(cycle_id, town.clerk, forms=11)
    third = actor_of(session.get_one(Person, town.members[1]), Role.CLERK)
    with pytest.raises(TransitionNotAllowed):
        enter(cycle_id, third)
    graded = actor_of(session.get_one(Person, town.director_id), Role.CLERK, Role.SUPERVISOR)
    with pytest.raises(NotEligible):
        enter(cycle_id, graded)
    with pytest.raises(NotEligible):
        enter(cycle_id, Actor(person_id=town.members[2], community_id=town.community_id))


@pytest.mark.parametrize(
    ("rows", "forms", "reason"),
    [
        (((8, 2, 1, 0), *ROWS[1:]), 10, "over"),
        (((8, -1, 0, 0), *ROWS[1:]), 10, "missing"),
        (((8, 2, 0), *ROWS[1:]), 10, "missing"),
        (ROWS, 0, "forms"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(
    town: Town, cycle_id: uuid.UUID, rows: tuple[tuple[int, ...], ...], forms: int, reason: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        enter(cycle_id, town.clerk, rows, forms)
    assert refusal.value.reason == reason


def test_nothing_is_entered_before_the_grading_begins_or_for_a_group_that_has_a_box(town: Town) -> None:
    cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
    with pytest.raises(TransitionNotAllowed):
        enter(cycle_id, town.clerk)
    start_rating(cycle_id, town)
    roll = next(one.id for one in cycle_of(cycle_id).groups if one.basis is RaterBasis.ROLL)
    sheet = OutsideSheet(10, dict(zip(subject_ids(cycle_id), ROWS, strict=True)))
    with pytest.raises(NotFound):
        enter_outside(group_id=roll, sheet=sheet, actor=town.clerk, now=NOW)
