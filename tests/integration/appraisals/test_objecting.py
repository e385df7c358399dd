"""Objections to a result, and what an upheld one leads to before and after it is certified."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalObjection
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.services.objecting import answer_objection, file_objection
from civicforum.bodies.rules import Role
from civicforum.errors import (
    AlreadyDone,
    Invalid,
    NotEligible,
    NotFound,
    RuleRefused,
    TransitionNotAllowed,
)
from civicforum.notices.models import Notice
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from tests.factories import TODAY, actor_of, make_person
from tests.support.appraisal_results import COUNTED, DAY, Counted, make_certified, make_counted, start_rating
from tests.support.appraisals import cycle_of, make_town, posted_halfyear


def resident(session: Session, made: Counted, **terms: object) -> Actor:
    community = session.get_one(Community, made.town.community_id)
    return actor_of(make_person(community, **terms))  # type: ignore[arg-type]


def answer(made: Counted, objection_id: uuid.UUID, *, is_upheld: bool) -> None:
    answer_objection(
        cycle_id=made.cycle_id,
        objection_id=objection_id,
        is_upheld=is_upheld,
        answer="经查，有两张评议表漏计。",
        actor=made.second,
        now=COUNTED + 2 * DAY,
    )


def test_any_resident_objects_from_the_count_on_and_is_not_named(session: Session) -> None:
    made = make_counted()
    actor = resident(session, made)
    objection_id = file_objection(
        cycle_id=made.cycle_id, subject_id=made.subjects[0], text=" 有人代填。 ", actor=actor, now=COUNTED
    )
    kept = session.get_one(AppraisalObjection, objection_id)
    # Five days to answer: the last is 6 April.
    assert (kept.text, (kept.due_at + timedelta(hours=8)).date().isoformat()) == ("有人代填。", "2026-04-06")
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "appraisal.object")).one()
    assert not entry.is_public


@pytest.mark.law("D4", "appraisal.objection")
@pytest.mark.parametrize(
    ("after", "in_time"),
    [(5 * DAY + timedelta(hours=13), True), (5 * DAY + timedelta(hours=14), False)],
)
def test_objections_end_with_the_posting(session: Session, after: timedelta, in_time: bool) -> None:
    # Posted on 2 April at ten: till the end of 7 April, which is fourteen hours after its ten o'clock.
    made = make_certified()
    actor = resident(session, made)
    if in_time:
        assert file_objection(
            cycle_id=made.cycle_id, subject_id=None, text="不实", actor=actor, now=COUNTED + DAY + after
        )
    else:
        with pytest.raises(RuleRefused):
            file_objection(
                cycle_id=made.cycle_id, subject_id=None, text="不实", actor=actor, now=COUNTED + DAY + after
            )


def test_who_moved_away_and_who_says_nothing_are_refused(session: Session) -> None:
    made = make_counted()
    gone = resident(session, made, left_on=TODAY)
    with pytest.raises(NotEligible):
        file_objection(cycle_id=made.cycle_id, subject_id=None, text="不实", actor=gone, now=COUNTED)
    for text in (" ", "长" * 2001):
        with pytest.raises(Invalid):
            file_objection(
                cycle_id=made.cycle_id, subject_id=None, text=text, actor=made.town.clerk, now=COUNTED
            )
    with pytest.raises(NotFound):
        file_objection(
            cycle_id=made.cycle_id, subject_id=uuid.uuid4(), text="不实", actor=made.town.clerk, now=COUNTED
        )


def test_nothing_is_objected_to_before_the_count(session: Session) -> None:
    town = make_town()
    cycle_id = posted_halfyear(town)
    start_rating(cycle_id, town)
    with pytest.raises(TransitionNotAllowed):
        file_objection(cycle_id=cycle_id, subject_id=None, text="不实", actor=town.clerk, now=COUNTED)


def test_upheld_before_the_certification_the_cycle_is_void(session: Session) -> None:
    made = make_counted()
    objection_id = file_objection(
        cycle_id=made.cycle_id, subject_id=None, text="漏计", actor=made.town.clerk, now=COUNTED
    )
    answer(made, objection_id, is_upheld=True)
    cycle = cycle_of(made.cycle_id)
    assert (cycle.state, cycle.void_ground) == (CycleState.VOID, "经查，有两张评议表漏计。")
    assert session.scalars(select(Notice.title).where(Notice.title.contains("无效"))).one()


def test_upheld_afterwards_the_certified_sheet_stays(session: Session) -> None:
    made = make_certified()
    before = cycle_of(made.cycle_id).result_hash
    objection_id = file_objection(
        cycle_id=made.cycle_id, subject_id=None, text="漏计", actor=made.town.clerk, now=COUNTED + DAY
    )
    answer(made, objection_id, is_upheld=True)
    cycle = cycle_of(made.cycle_id)
    assert (cycle.state, cycle.result_hash) == (CycleState.CERTIFIED, before)
    assert session.get_one(AppraisalObjection, objection_id).is_upheld


def test_an_answer_is_given_once_by_the_committee_and_not_to_oneself(session: Session) -> None:
    made = make_counted()
    objection_id = file_objection(
        cycle_id=made.cycle_id, subject_id=None, text="漏计", actor=made.second, now=COUNTED
    )
    with pytest.raises(NotEligible):
        answer(made, objection_id, is_upheld=False)
    terms = {"cycle_id": made.cycle_id, "objection_id": objection_id, "is_upheld": False, "now": COUNTED}
    outsider = Actor(made.town.clerk.person_id, made.town.community_id, frozenset({Role.CLERK}))
    with pytest.raises(NotEligible):
        answer_objection(answer="不实。", actor=outsider, **terms)  # type: ignore[arg-type]
    answer_objection(answer="不实。", actor=made.town.supervisor, **terms)  # type: ignore[arg-type]
    with pytest.raises(AlreadyDone):
        answer_objection(answer="不实。", actor=made.town.supervisor, **terms)  # type: ignore[arg-type]
