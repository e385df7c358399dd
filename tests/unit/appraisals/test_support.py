"""Who sees a support plan, and how it ends."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from civicforum.accounts.rules import Actor
from civicforum.appraisals.rules import PlanOutcome
from civicforum.appraisals.support import has_left, may_open, may_see, outcome_of
from civicforum.bodies.rules import Role

PERSON, HELPER, COMMUNITY = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
SEES = {Role.PARTY, Role.COMMITTEE, Role.SUPERVISOR}
OPENS = {Role.PARTY, Role.SUPERVISOR}


def actor(person_id: uuid.UUID, *roles: Role, assisted_by: uuid.UUID | None = None) -> Actor:
    return Actor(person_id, COMMUNITY, frozenset({Role.RESIDENT, *roles}), assisted_by=assisted_by)


def sees(who: Actor | None) -> bool:
    return may_see(who, person_id=PERSON, helper_id=HELPER)


@pytest.mark.parametrize("role", list(Role))
def test_a_plan_is_read_by_those_concerned_and_those_who_look_after_staff(role: Role) -> None:
    assert sees(actor(uuid.uuid4(), role)) is (role in SEES)
    assert sees(actor(PERSON)), "the person"
    assert sees(actor(HELPER)), "the helper"
    assert not sees(None)
    assert not sees(actor(PERSON, assisted_by=uuid.uuid4())), "a clerk would read it"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_opens_a_plan_for_themselves(role: Role) -> None:
    assert may_open(actor(uuid.uuid4(), role), PERSON) is (role in OPENS)
    assert not may_open(actor(PERSON, role), PERSON)


@pytest.mark.parametrize(
    ("grade", "is_poor", "expected"),
    [
        ("称职", False, PlanOutcome.IMPROVED),
        ("不称职", True, PlanOutcome.NOT_IMPROVED),
        ("", False, PlanOutcome.NOT_IMPROVED),
    ],
)
def test_a_plan_ends_well_with_a_grade_that_is_not_poor(
    grade: str, is_poor: bool, expected: PlanOutcome
) -> None:
    assert outcome_of(grade, is_poor=is_poor) is expected


@pytest.mark.parametrize(
    ("ended_on", "until", "expected"),
    [
        (None, date(2026, 3, 2), False),
        (None, date(2026, 3, 1), True),
        (date(2026, 3, 2), date(2029, 1, 1), False),
        (date(2026, 3, 1), date(2029, 1, 1), True),
    ],
)
def test_somebody_has_left_after_the_last_day(ended_on: date | None, until: date, expected: bool) -> None:
    assert has_left(ended_on, until, date(2026, 3, 2)) is expected
