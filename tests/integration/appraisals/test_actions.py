"""Corrective actions from their opening to their closing, and the clock over them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.appraisals.models import CorrectiveAction
from civicforum.appraisals.rules import ActionSource, ActionState, Recheck
from civicforum.appraisals.services import actions, rechecks
from civicforum.appraisals.services.action_clocks import sweep_actions
from civicforum.appraisals.services.actions import Wanted
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalEntry
from tests.factories import actor_of, make_body, make_person, make_post, make_term
from tests.support.appraisals import Town, make_town
from tests.support.graded import UNFIT, WELL, GradedCycle, certify, instant, make_cycle

HELD_ON = date(2025, 6, 2)
CERTIFIED = instant(HELD_ON + timedelta(days=12))
_S = ActionState


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=0)


def committee_of(town: Town) -> uuid.UUID:
    statement = select(Body.id).where(
        Body.community_id == town.community_id, Body.kind == BodyKind.RESIDENTS_COMMITTEE
    )
    return db.session.scalars(statement).one()


def wanted(town: Town, **changes: object) -> Wanted:
    values: dict[str, object] = {
        "title": "入户走访太少",
        "problem": "居民反映半年没有见过委员。",
        "owner_id": committee_of(town),
        **changes,
    }
    return Wanted(**values)  # type: ignore[arg-type]


def graded(town: Town, counts: tuple[int, ...] = UNFIT) -> GradedCycle:
    cycle = make_cycle(town, grades={town.members[1]: counts}, held_on=HELD_ON)
    certify(cycle)
    return cycle


def opened(town: Town) -> CorrectiveAction:
    """Open an action for the poor grade of a member of the committee, which owns it."""
    action_id = actions.open_for_grade(
        subject_id=graded(town).subjects[town.members[1]],
        wanted=wanted(town),
        actor=town.supervisor,
        now=CERTIFIED,
    )
    return db.session.get_one(CorrectiveAction, action_id)


def owner(town: Town) -> object:
    return actor_of(db.session.get_one(Person, town.director_id), Role.COMMITTEE)


def planned(town: Town, due_on: date = HELD_ON + timedelta(days=30)) -> CorrectiveAction:
    action = opened(town)
    actions.plan(
        action_id=action.id, measure="每周三走访十户", due_on=due_on, actor=owner(town), now=CERTIFIED
    )
    return action


def reported(town: Town) -> CorrectiveAction:
    """Report it done on the twentieth day; residents then have until the end of the thirtieth."""
    action = planned(town)
    actions.report(
        action_id=action.id,
        proof="已走访八十户，有记录。",
        actor=owner(town),
        now=instant(HELD_ON + timedelta(days=20)),
    )
    return action


def after(action: CorrectiveAction) -> object:
    assert action.recheck_until is not None
    return action.recheck_until + timedelta(minutes=1)


def answer(town: Town, action: CorrectiveAction, *verdicts: Recheck) -> None:
    community = db.session.get_one(Community, town.community_id)
    for verdict in verdicts:
        rechecks.recheck(
            action_id=action.id,
            verdict=verdict,
            comment="",
            actor=actor_of(make_person(community)),
            now=instant(HELD_ON + timedelta(days=21)),
        )


def close(town: Town, action: CorrectiveAction, **terms: object) -> None:
    values: dict[str, object] = {"note": "已核实", "actor": town.supervisor, "now": after(action), **terms}
    actions.close(action_id=action.id, **values)  # type: ignore[arg-type]


@pytest.mark.law("D10", "action.plan")
def test_a_poor_grade_opens_one_action_with_a_number_and_a_day_for_the_plan(town: Town) -> None:
    action = opened(town)
    assert (action.number, action.state, action.source) == (1, _S.OPEN, ActionSource.GRADE)
    assert action.due_on == HELD_ON + timedelta(days=12 + 10)
    with pytest.raises(AlreadyDone):
        actions.open_for_grade(
            subject_id=action.source_id, wanted=wanted(town), actor=town.supervisor, now=CERTIFIED
        )


def test_a_grade_that_is_not_poor_opens_nothing(town: Town) -> None:
    with pytest.raises(Invalid, match="not_poor"):
        actions.open_for_grade(
            subject_id=graded(town, WELL).subjects[town.members[1]],
            wanted=wanted(town),
            actor=town.supervisor,
            now=CERTIFIED,
        )


def test_only_whoever_leads_the_cycle_opens_one(town: Town) -> None:
    with pytest.raises(NotEligible):
        actions.open_for_grade(
            subject_id=graded(town).subjects[town.members[1]],
            wanted=wanted(town),
            actor=town.clerk,
            now=CERTIFIED,
        )


def test_the_person_named_holds_a_post_in_the_body(town: Town) -> None:
    with pytest.raises(Invalid, match="owner"):
        actions.open_for_grade(
            subject_id=graded(town).subjects[town.members[1]],
            wanted=wanted(town, owner_person_id=town.secretary_id),
            actor=town.supervisor,
            now=CERTIFIED,
        )


def test_numbers_of_a_community_follow_each_other(town: Town) -> None:
    first = opened(town)
    second = actions.open_locked(
        db.session(),
        community_id=town.community_id,
        source=ActionSource.SERVICE_RATING,
        source_id=uuid.uuid4(),
        wanted=wanted(town),
        actor=None,
        now=CERTIFIED,
    )
    assert [first.number, second.number] == [1, 2]


def test_only_the_owner_plans_and_reports(town: Town) -> None:
    action = opened(town)
    for actor in (town.supervisor, town.clerk):
        with pytest.raises(NotEligible):
            actions.plan(
                action_id=action.id,
                measure="走访",
                due_on=HELD_ON + timedelta(days=30),
                actor=actor,
                now=CERTIFIED,
            )
    with pytest.raises(TransitionNotAllowed):
        actions.report(action_id=action.id, proof="做了", actor=owner(town), now=CERTIFIED)


# It is the 14th of June 2025.
@pytest.mark.parametrize("due_on", [date(2025, 6, 13), date(2026, 6, 15)])
def test_a_plan_is_for_a_day_to_come_within_a_year(town: Town, due_on: date) -> None:
    action = opened(town)
    with pytest.raises(Invalid, match="due_on"):
        actions.plan(
            action_id=action.id,
            measure="走访",
            due_on=due_on,
            actor=owner(town),
            now=CERTIFIED,
        )


@pytest.mark.law("D10")
def test_residents_say_it_is_mended_and_the_supervision_committee_closes_it(town: Town) -> None:
    action = reported(town)
    answer(town, action, Recheck.MENDED, Recheck.PARTLY)
    with pytest.raises(TransitionNotAllowed):
        close(town, action, now=instant(HELD_ON + timedelta(days=25)))
    swept = sweep_actions(now=after(action))
    assert (swept.rounds_ended, swept.reopened) == (1, 0)
    close(town, action)
    assert action.state is _S.CLOSED
    assert action.closed_by_id == town.supervisor.person_id


def test_more_answers_of_not_mended_open_it_again_at_the_end_of_the_time(town: Town) -> None:
    action = reported(town)
    answer(town, action, Recheck.MENDED, Recheck.NOT_MENDED, Recheck.NOT_MENDED)
    assert sweep_actions(now=action.recheck_until).rounds_ended == 0
    assert sweep_actions(now=after(action)).reopened == 1
    db.session.refresh(action)
    assert (action.state, action.times_reopened) == (_S.OPEN, 1)
    assert action.due_on == HELD_ON + timedelta(days=31 + 10)
    assert sweep_actions(now=after(action)).rounds_ended == 0


def test_without_any_answer_the_supervision_committee_looks_on_the_spot(town: Town) -> None:
    action = reported(town)
    sweep_actions(now=after(action))
    with pytest.raises(Invalid, match="spot"):
        close(town, action)
    close(town, action, is_seen_on_spot=True)
    assert action.is_seen_on_spot


def test_the_supervision_committee_sends_back_what_it_finds_not_mended(town: Town) -> None:
    action = reported(town)
    answer(town, action, Recheck.MENDED)
    with pytest.raises(TransitionNotAllowed):
        actions.send_back(action_id=action.id, note="没有改", actor=town.supervisor, now=CERTIFIED)
    now = after(action)
    sweep_actions(now=now)
    with pytest.raises(NotEligible):
        actions.send_back(action_id=action.id, note="没有改", actor=town.clerk, now=now)
    actions.send_back(action_id=action.id, note="现场看，没有改", actor=town.supervisor, now=now)
    assert (action.state, action.times_reopened) == (_S.OPEN, 1)


def test_nobody_of_the_body_that_owns_it_closes_it(session: Session, town: Town) -> None:
    community = session.get_one(Community, town.community_id)
    station = make_body(community, BodyKind.MEDIATION_COMMITTEE)
    make_term(session.get_one(Person, town.supervisor.person_id), make_post(station, PostKind.MEMBER))
    action = actions.open_locked(
        session,
        community_id=town.community_id,
        source=ActionSource.SERVICE_RATING,
        source_id=uuid.uuid4(),
        wanted=wanted(town, owner_id=station.id),
        actor=None,
        now=CERTIFIED,
    )
    session.commit()
    actor, due_on = town.supervisor, HELD_ON + timedelta(days=30)
    actions.plan(action_id=action.id, measure="改", due_on=due_on, actor=actor, now=CERTIFIED)
    actions.report(action_id=action.id, proof="改了", actor=actor, now=CERTIFIED)
    sweep_actions(now=after(action))
    with pytest.raises(NotEligible):
        close(town, action, is_seen_on_spot=True)


def test_the_clock_flags_an_owner_once_for_each_day(town: Town) -> None:
    action = opened(town)
    late = instant(action.due_on + timedelta(days=1))
    assert sweep_actions(now=instant(action.due_on, 23)).overdue == 0
    assert sweep_actions(now=late).overdue == 1
    assert sweep_actions(now=late + timedelta(days=1)).overdue == 0
    due_on = action.due_on + timedelta(days=9)
    actions.plan(action_id=action.id, measure="走访", due_on=due_on, actor=owner(town), now=late)
    assert sweep_actions(now=instant(due_on + timedelta(days=1))).overdue == 1


def test_the_whole_way_stands_in_the_register(session: Session, town: Town) -> None:
    action = reported(town)
    sweep_actions(now=after(action))
    close(town, action, is_seen_on_spot=True)
    entries = session.scalars(
        select(JournalEntry.action)
        .where(JournalEntry.subject_id == action.id)
        .order_by(JournalEntry.sequence)
    ).all()
    assert entries == ["action.open", "action.plan", "action.report", "action.count_rechecks", "action.close"]
