"""Who rechecks a corrective action, and that nobody finds out who said what."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicforum.appraisals.models import ActionRecheck, CorrectiveAction
from civicforum.appraisals.rules import ActionSource, Recheck
from civicforum.appraisals.services import actions, rechecks
from civicforum.appraisals.services.action_clocks import sweep_actions
from civicforum.appraisals.services.actions import Wanted
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind
from civicforum.errors import NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalEntry
from tests.factories import NOW, actor_of, make_community, make_person
from tests.support.appraisals import Town, make_town

LATER = NOW + timedelta(days=11)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=0)


@pytest.fixture
def action(session: Session, town: Town) -> CorrectiveAction:
    """An action of the service station that was reported done now."""
    station = session.scalars(
        select(Body).where(Body.community_id == town.community_id, Body.kind == BodyKind.SERVICE_STATION)
    ).one()
    made = actions.open_locked(
        session,
        community_id=town.community_id,
        source=ActionSource.SERVICE_RATING,
        source_id=uuid.uuid4(),
        wanted=Wanted(title="窗口排队太久", problem="周一上午排队超过一小时。", owner_id=station.id),
        actor=None,
        now=NOW,
    )
    session.commit()
    head = actor_of(session.get_one(Person, town.station_head_id))
    actions.plan(action_id=made.id, measure="加开窗口", due_on=date(2026, 3, 20), actor=head, now=NOW)
    actions.report(action_id=made.id, proof="已加开一个窗口", actor=head, now=NOW)
    return made


def residents(town: Town, session: Session, number: int) -> list[Person]:
    community = session.get_one(Community, town.community_id)
    return [make_person(community) for _ in range(number)]


def say(action: CorrectiveAction, person: Person, verdict: Recheck, comment: str = "") -> bool:
    return rechecks.recheck(
        action_id=action.id, verdict=verdict, comment=comment, actor=actor_of(person), now=NOW
    )


def test_one_answer_for_each_resident_which_can_be_changed(
    session: Session, town: Town, action: CorrectiveAction
) -> None:
    (person,) = residents(town, session, 1)
    assert not say(action, person, Recheck.MENDED)
    assert say(action, person, Recheck.NOT_MENDED)
    assert session.scalars(select(ActionRecheck.verdict)).all() == [Recheck.NOT_MENDED]


def test_children_those_who_left_and_the_owner_do_not_recheck(
    session: Session, town: Town, action: CorrectiveAction
) -> None:
    community = session.get_one(Community, town.community_id)
    refused = [
        make_person(community, born_on=date(2008, 3, 3)),
        make_person(community, left_on=date(2026, 3, 1)),
        session.get_one(Person, town.station_head_id),
    ]
    for person in refused:
        with pytest.raises(NotEligible):
            say(action, person, Recheck.MENDED)
    say(action, make_person(community, born_on=date(2008, 3, 2)), Recheck.MENDED)
    stranger = make_person(make_community())
    with pytest.raises(NotFound):
        say(action, stranger, Recheck.MENDED)


@pytest.mark.law("D10", "action.recheck")
def test_no_answer_is_taken_after_the_time(session: Session, town: Town, action: CorrectiveAction) -> None:
    (person,) = residents(town, session, 1)
    with pytest.raises(TransitionNotAllowed):
        rechecks.recheck(
            action_id=action.id, verdict=Recheck.MENDED, comment="", actor=actor_of(person), now=LATER
        )


def test_an_answer_has_no_journal_entry_and_no_hour(
    session: Session, town: Town, action: CorrectiveAction
) -> None:
    entries = select(func.count()).select_from(JournalEntry)
    before = session.scalar(entries)
    (person,) = residents(town, session, 1)
    say(action, person, Recheck.MENDED)
    assert session.scalar(entries) == before
    kinds = {column.name for column in ActionRecheck.__table__.columns}
    assert kinds == {"id", "community_id", "action_id", "round", "person_id", "verdict", "comment"}


def test_after_the_round_no_row_tells_who_said_what(
    session: Session, town: Town, action: CorrectiveAction
) -> None:
    for person in residents(town, session, 3):
        say(action, person, Recheck.NOT_MENDED)
    sweep_actions(now=LATER)
    rows = session.execute(text("SELECT person_id, xmin::text, id FROM action_recheck ORDER BY ctid")).all()
    assert [row.person_id for row in rows] == [None] * 3
    assert len({row.xmin for row in rows}) == 1
    assert [row.id for row in rows] == sorted(row.id for row in rows)


@pytest.mark.law("D10", "privacy.least")
@pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)])
def test_the_register_tells_what_was_said_from_five_answers_on(
    session: Session, town: Town, action: CorrectiveAction, number: int, shown: bool
) -> None:
    for person in residents(town, session, number):
        say(action, person, Recheck.PARTLY)
    sweep_actions(now=LATER)
    payload = session.scalars(
        select(JournalEntry.payload).where(JournalEntry.action == "action.count_rechecks")
    ).one()
    assert payload["answers"] == number
    assert ("counts" in payload) is shown


def test_residents_answer_anew_in_each_round(session: Session, town: Town, action: CorrectiveAction) -> None:
    (person,) = residents(town, session, 1)
    say(action, person, Recheck.NOT_MENDED)
    sweep_actions(now=LATER)
    head = actor_of(session.get_one(Person, town.station_head_id))
    actions.plan(action_id=action.id, measure="再加", due_on=date(2026, 4, 1), actor=head, now=LATER)
    actions.report(action_id=action.id, proof="又加开", actor=head, now=LATER)
    assert not rechecks.recheck(
        action_id=action.id, verdict=Recheck.MENDED, comment="", actor=actor_of(person), now=LATER
    )
    rounds = session.execute(
        select(ActionRecheck.round, ActionRecheck.verdict).order_by(ActionRecheck.round)
    ).all()
    assert [tuple(row) for row in rounds] == [(1, Recheck.NOT_MENDED), (2, Recheck.MENDED)]
