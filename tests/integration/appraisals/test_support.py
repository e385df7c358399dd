"""Support plans: who opens one, and what ends it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import SupportPlan
from civicforum.appraisals.queries.support import list_again
from civicforum.appraisals.rules import CycleKind, PlanOutcome
from civicforum.appraisals.services.action_clocks import sweep_actions
from civicforum.appraisals.services.consequences import Settlement, settle
from civicforum.appraisals.services.support import Help, link_again, open_plan
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.models import Person
from tests.factories import actor_of
from tests.support.appraisals import Town, make_town
from tests.support.graded import UNFIT, WELL, certify, instant, make_cycle, term_of

FIRST, AGAIN = date(2025, 6, 2), date(2025, 12, 8)
OPENED = instant(FIRST + timedelta(days=20))


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=0)


def given(town: Town) -> Help:
    return Help(helper_id=town.director_id, measures="每周一次一起走访", until_on=AGAIN)


def secretary(town: Town) -> Actor:
    return actor_of(db.session.get_one(Person, town.secretary_id), Role.PARTY)


def poor(town: Town) -> uuid.UUID:
    """Return the subject with a certified poor grade."""
    graded = make_cycle(town, grades={town.members[1]: UNFIT}, held_on=FIRST)
    certify(graded)
    return graded.subjects[town.members[1]]


def opened(town: Town) -> SupportPlan:
    plan_id = open_plan(subject_id=poor(town), given=given(town), actor=secretary(town), now=OPENED)
    return db.session.get_one(SupportPlan, plan_id)


def linked(town: Town, counts: tuple[int, ...]) -> tuple[SupportPlan, object]:
    """Return a plan that waits for a later cycle with these grades, and that cycle."""
    plan = opened(town)
    again = make_cycle(
        town,
        grades={town.members[1]: counts},
        held_on=AGAIN,
        kind=CycleKind.SUPPORT,
        counts_for_37=False,
    )
    subject_id = again.subjects[town.members[1]]
    link_again(plan_id=plan.id, again_id=subject_id, actor=town.supervisor, now=OPENED)
    return plan, again


def test_a_poor_grade_opens_a_plan_that_states_what_opened_it(town: Town) -> None:
    plan = opened(town)
    assert (plan.person_id, plan.helper_id) == (town.members[1], town.director_id)
    assert "被评为“不称职”" in plan.trigger
    assert "不称职12票" in plan.trigger
    with pytest.raises(AlreadyDone):
        open_plan(subject_id=plan.subject_id, given=given(town), actor=secretary(town), now=OPENED)


def test_no_other_grade_opens_one_and_no_result_that_is_not_certified(town: Town) -> None:
    well = make_cycle(town, grades={town.members[1]: WELL}, held_on=FIRST)
    counted = make_cycle(town, grades={town.members[1]: UNFIT}, held_on=FIRST, title="未核定")
    certify(well)
    for graded, refusal in ((well, Invalid), (counted, TransitionNotAllowed)):
        with pytest.raises(refusal):
            open_plan(
                subject_id=graded.subjects[town.members[1]],
                given=given(town),
                actor=secretary(town),
                now=OPENED,
            )


def test_neither_a_member_of_the_committee_nor_the_person_opens_one(session: Session, town: Town) -> None:
    subject_id = poor(town)
    person = session.get_one(Person, town.members[1])
    for actor in (
        actor_of(session.get_one(Person, town.director_id), Role.COMMITTEE),
        actor_of(person, Role.PARTY),
    ):
        with pytest.raises(NotEligible):
            open_plan(subject_id=subject_id, given=given(town), actor=actor, now=OPENED)


def test_the_helper_is_somebody_else_and_the_day_is_to_come(town: Town) -> None:
    subject_id = poor(town)
    wrong = {
        "helper": replace(given(town), helper_id=town.members[1]),
        "measures": replace(given(town), measures=" "),
        "until_on": replace(given(town), until_on=FIRST),
    }
    for field, help_ in wrong.items():
        with pytest.raises(Invalid, match=field):
            open_plan(subject_id=subject_id, given=help_, actor=secretary(town), now=OPENED)


@pytest.mark.law("D10")
@pytest.mark.parametrize(
    ("counts", "expected"), [(WELL, PlanOutcome.IMPROVED), (UNFIT, PlanOutcome.NOT_IMPROVED)]
)
def test_the_certified_re_appraisal_ends_the_plan(
    session: Session, town: Town, counts: tuple[int, ...], expected: PlanOutcome
) -> None:
    plan, again = linked(town, counts)
    assert plan.closed_at is None
    certify(again)  # type: ignore[arg-type]
    session.refresh(plan)
    assert plan.outcome is expected


def test_only_a_later_appraisal_of_the_same_person_ends_it(town: Town) -> None:
    plan = opened(town)
    earlier = make_cycle(town, grades={town.members[1]: WELL}, held_on=FIRST - timedelta(days=200))
    other = make_cycle(town, grades={town.members[2]: WELL}, held_on=AGAIN)
    later = make_cycle(town, grades={town.members[1]: WELL}, held_on=AGAIN, title="复评")
    certified = make_cycle(town, grades={town.members[1]: WELL}, held_on=AGAIN, title="已核定")
    certify(certified)
    wrong = [
        earlier.subjects[town.members[1]],
        other.subjects[town.members[2]],
        certified.subjects[town.members[1]],
    ]
    for again_id in wrong:
        with pytest.raises(Invalid, match="again"):
            link_again(plan_id=plan.id, again_id=again_id, actor=town.supervisor, now=OPENED)
    assert [one.id for one in list_again(db.session(), plan)] == [later.subjects[town.members[1]]]


def test_a_plan_ends_when_the_term_is_over(session: Session, town: Town) -> None:
    plan, term = opened(town), term_of(town.members[1])
    last = FIRST + timedelta(days=40)
    term.ended_on, term.end_reason = last, "辞职获得通过"
    session.commit()
    assert sweep_actions(now=instant(last)).plans_ended == 0
    assert sweep_actions(now=instant(last + timedelta(days=1))).plans_ended == 1
    session.refresh(plan)
    assert plan.outcome is PlanOutcome.LEFT_POST


def test_two_strikes_end_the_plan_with_the_post(session: Session, town: Town) -> None:
    plan = opened(town)
    (strikes,) = certify(make_cycle(town, grades={town.members[1]: UNFIT}, held_on=AGAIN))
    on = AGAIN + timedelta(days=12)
    settle(
        consequence_id=strikes.id,
        done=Settlement(on=on, text="评议公告第2号"),
        actor=town.supervisor,
        now=instant(on),
    )
    session.refresh(plan)
    assert plan.outcome is PlanOutcome.LEFT_POST
