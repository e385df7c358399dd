"""Criticisms in words: without author and hour, each answered by an action or by a reason."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.appraisals.models import Criticism
from civicforum.appraisals.queries.actions import list_unanswered
from civicforum.appraisals.rules import ActionSource, CriticismSource, CycleState
from civicforum.appraisals.services import criticisms
from civicforum.appraisals.services.actions import Wanted
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.records.models import JournalEntry
from tests.factories import actor_of
from tests.support.appraisals import Town, make_town
from tests.support.graded import UNFIT, GradedCycle, instant, make_cycle

HELD_ON = date(2025, 6, 2)
NOW = instant(HELD_ON, 16)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=0)


@pytest.fixture
def graded(town: Town) -> GradedCycle:
    return make_cycle(town, grades={town.members[1]: UNFIT}, held_on=HELD_ON)


def enter(town: Town, graded: GradedCycle, *texts: str, entry_id: uuid.UUID | None = None) -> int:
    return criticisms.enter(
        cycle_id=graded.cycle_id,
        subject_id=graded.subjects[town.members[1]],
        source=CriticismSource.ON_A_FORM,
        texts=texts or ("走访太少",),
        entry_id=entry_id,
        actor=town.clerk,
        now=NOW,
    )


def only_one(session: Session) -> Criticism:
    return session.scalars(select(Criticism)).one()


def wanted(session: Session, town: Town) -> Wanted:
    committee = session.scalars(
        select(Body.id).where(
            Body.community_id == town.community_id, Body.kind == BodyKind.RESIDENTS_COMMITTEE
        )
    ).one()
    return Wanted(title="多走访", problem="走访太少", owner_id=committee)


def test_a_form_that_is_sent_twice_is_entered_once(session: Session, town: Town, graded: GradedCycle) -> None:
    entry_id = uuid.uuid4()
    assert enter(town, graded, "走访太少", "电话没人接", entry_id=entry_id) == 2
    with pytest.raises(AlreadyDone):
        enter(town, graded, "走访太少", "电话没人接", entry_id=entry_id)
    assert len(session.scalars(select(Criticism)).all()) == 2


@pytest.mark.law("D8")
def test_what_was_read_out_is_entered_at_once_and_without_author_and_hour(
    session: Session, town: Town, graded: GradedCycle
) -> None:
    assert enter(town, graded, "走访太少", "", "  电话没人接 ") == 2
    rows = session.scalars(select(Criticism).order_by(Criticism.text)).all()
    assert [(row.text, row.entered_on) for row in rows] == [("电话没人接", HELD_ON), ("走访太少", HELD_ON)]
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.action == "appraisal.enter_criticisms")
    ).one()
    assert entry.payload == {"source": "on_a_form", "number": 2}
    assert {column.name for column in Criticism.__table__.columns}.isdisjoint(
        {"author_id", "at", "entered_at"}
    )


@pytest.mark.parametrize("texts", [[" "], ["a"] * 61, ["长" * 1001]])
def test_nothing_too_many_and_too_long_is_refused(town: Town, graded: GradedCycle, texts: list[str]) -> None:
    with pytest.raises(Invalid, match="texts"):
        enter(town, graded, *texts)


def test_only_a_clerk_or_whoever_leads_enters_and_nobody_who_is_graded(
    session: Session, town: Town, graded: GradedCycle
) -> None:
    own = make_cycle(town, grades={town.clerk.person_id: UNFIT}, held_on=HELD_ON + timedelta(days=1))
    director = actor_of(session.get_one(Person, town.director_id), Role.COMMITTEE)
    for cycle, actor in ((graded, director), (own, town.clerk)):
        with pytest.raises(NotEligible):
            criticisms.enter(
                cycle_id=cycle.cycle_id,
                subject_id=None,
                source=CriticismSource.SPOKEN,
                texts=["走访太少"],
                actor=actor,
                now=NOW,
            )


def test_a_draft_takes_none(town: Town) -> None:
    draft = make_cycle(town, grades={town.members[1]: UNFIT}, held_on=HELD_ON, state=CycleState.DRAFT)
    with pytest.raises(TransitionNotAllowed):
        enter(town, draft)


def test_somebody_of_another_cycle_is_no_subject(town: Town, graded: GradedCycle) -> None:
    with pytest.raises(Invalid, match="subject"):
        criticisms.enter(
            cycle_id=graded.cycle_id,
            subject_id=uuid.uuid4(),
            source=CriticismSource.SPOKEN,
            texts=["走访太少"],
            actor=town.supervisor,
            now=NOW,
        )


@pytest.mark.law("D10")
def test_a_criticism_is_answered_by_a_new_action(session: Session, town: Town, graded: GradedCycle) -> None:
    enter(town, graded)
    found = only_one(session)
    criticisms.open_action(
        criticism_id=found.id, wanted=wanted(session, town), actor=town.supervisor, now=NOW
    )
    session.refresh(found)
    assert found.action is not None
    assert (found.action.source, found.action.source_id) == (ActionSource.CRITICISM, found.id)
    with pytest.raises(AlreadyDone):
        criticisms.dismiss(criticism_id=found.id, reason="已有", actor=town.supervisor, now=NOW)


def test_several_criticisms_share_an_action_by_its_number(
    session: Session, town: Town, graded: GradedCycle
) -> None:
    enter(town, graded, "走访太少", "从来不上门")
    first, second = session.scalars(select(Criticism.id)).all()
    action_id = criticisms.open_action(
        criticism_id=first, wanted=wanted(session, town), actor=town.supervisor, now=NOW
    )
    with pytest.raises(Invalid, match="number"):
        criticisms.join_action(criticism_id=second, number=2, actor=town.supervisor, now=NOW)
    joined = criticisms.join_action(criticism_id=second, number=1, actor=town.supervisor, now=NOW)
    assert joined == action_id


def test_or_by_a_reason_and_only_by_whoever_leads(session: Session, town: Town, graded: GradedCycle) -> None:
    enter(town, graded)
    found = only_one(session)
    with pytest.raises(NotEligible):
        criticisms.dismiss(criticism_id=found.id, reason="无依据", actor=town.clerk, now=NOW)
    with pytest.raises(Invalid, match="reason"):
        criticisms.dismiss(criticism_id=found.id, reason=" ", actor=town.supervisor, now=NOW)
    criticisms.dismiss(criticism_id=found.id, reason="不属于社区职责", actor=town.supervisor, now=NOW)
    session.refresh(found)
    assert found.dismissal == "不属于社区职责"


def test_what_nobody_answered_is_listed_the_longest_waiting_first(
    session: Session, town: Town, graded: GradedCycle
) -> None:
    enter(town, graded, "后来的")
    later = only_one(session)
    later.entered_on = HELD_ON + timedelta(days=3)
    session.commit()
    enter(town, graded, "先前的")
    page = list_unanswered(session, community_id=town.community_id, number=1)
    assert [one.text for one in page.items] == ["先前的", "后来的"]
    criticisms.dismiss(criticism_id=later.id, reason="重复", actor=town.supervisor, now=NOW)
    assert list_unanswered(session, community_id=town.community_id, number=1).total == 1
