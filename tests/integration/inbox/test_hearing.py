"""Who hears of what the journal records: once, in batches, and nobody of what was rolled back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.inbox.hearing import nobody_listens
from civicforum.inbox.hearing.table import HEARD
from civicforum.inbox.models import Notification
from civicforum.inbox.rules_told import STATUTORY, Topic
from civicforum.inbox.services import hearing
from civicforum.inbox.services.hearing import hear_entry
from civicforum.matters.models import Second
from civicforum.matters.rules import Channel as EnteredBy
from civicforum.matters.rules import Stage
from civicforum.matters.services import answer, ask
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm
from civicforum.people.models import Community
from civicforum.records.services import record
from civicforum.records.words import ACTIONS
from tests.factories import make_account, make_person
from tests.integration.inbox.told import MORNING
from tests.integration.matters.carrying import Place, make_matter_at, make_place


@pytest.fixture
def place(session: Session) -> Place:
    return make_place()


def jobs() -> list[dict[str, Any]]:
    """Return what waits to be heard, in order."""
    rows = db.session.scalars(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = 'inbox.hear' ORDER BY id")
    )
    return list(rows)


def hear_all(now: datetime = MORNING) -> int:
    """Run what waits to be heard, and what that queues; return how many jobs it were."""
    done = 0
    while waiting := jobs():
        db.session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'inbox.hear'"))
        db.session.commit()
        for arguments in waiting:
            after = arguments.get("after")
            hear_entry(
                entry_id=uuid.UUID(arguments["entry_id"]),
                part=arguments.get("part", 0),
                after=uuid.UUID(after) if after else None,
                now=now,
            )
            done += 1
    return done


def record_act(place: Place, action: str, subject_id: uuid.UUID, **given: Any) -> None:
    with transaction() as session:
        record(
            session,
            community_id=place.community_id,
            actor=None,
            action=action,
            subject_kind=given.pop("subject_kind", "matter"),
            subject_id=subject_id,
            subject_title="路灯坏了",
            now=MORNING,
            **given,
        )


def told() -> dict[uuid.UUID, str]:
    return {
        row.person_id: row.title
        for row in db.session.execute(select(Notification.person_id, Notification.title))
    }


def test_author_and_seconders_hear_of_a_decision_in_words_of_their_own(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.IN_REVIEW)
    author, seconder = place.residents[0], place.residents[1]
    second = Second(
        community_id=place.community_id,
        matter_id=matter_id,
        person_id=seconder.person_id,
        channel=EnteredBy.SCREEN,
        at=MORNING,
    )
    db.session.add(second)
    db.session.commit()
    record_act(place, "matter.accept", matter_id, reason="属于社区事务")
    assert hear_all() == 2
    assert told() == {
        author.person_id: "您的提议已受理：路灯坏了",
        seconder.person_id: "您附议的提议已受理：路灯坏了",
    }
    assert set(db.session.scalars(select(Notification.text))) == {"属于社区事务"}


def test_an_entry_heard_twice_is_told_once(place: Place) -> None:
    record_act(place, "matter.return", make_matter_at(place, Stage.IN_REVIEW))
    [arguments] = jobs()
    for _time in range(2):
        hear_entry(entry_id=uuid.UUID(arguments["entry_id"]), part=0, after=None, now=MORNING)
    assert len(told()) == 1


def test_nobody_hears_of_what_was_rolled_back_or_is_a_story(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.IN_REVIEW)

    def fail_after_recording() -> None:
        with transaction() as session:
            record(
                session,
                community_id=place.community_id,
                actor=None,
                action="matter.accept",
                subject_kind="matter",
                subject_id=matter_id,
                now=MORNING,
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    with nobody_listens():
        record_act(place, "matter.accept", matter_id)
    assert jobs() == []


def test_whoever_asked_hears_that_it_is_answered(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.CARRYING_OUT)
    asker = place.residents[2]
    query_id = ask(matter_id=matter_id, actor=asker, text="什么时候修？", now=MORNING)
    answer(query_id=query_id, actor=place.actors[Role.COMMITTEE], text="下周。", now=MORNING)
    hear_all()
    assert list(told()) == [asker.person_id]


def test_everybody_is_told_batch_by_batch_but_only_who_is_reached(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "BATCH", 2)
    reached = set(db.session.scalars(text("SELECT person_id FROM account")))
    assert len(reached) > 4
    alone = make_person(db.session.get_one(Community, place.community_id))
    record_act(place, "draft.put_out", uuid.uuid4(), subject_kind="draft")
    assert hear_all() == len(reached) // 2 + 1
    assert set(told()) == reached
    assert alone.id not in told()


def test_a_closed_account_is_not_told(place: Place) -> None:
    person = make_person(db.session.get_one(Community, place.community_id))
    make_account(person).disabled_at = MORNING - timedelta(days=1)
    db.session.commit()
    record_act(place, "draft.put_out", uuid.uuid4(), subject_kind="draft")
    hear_all()
    assert person.id not in told()


def test_every_act_that_is_heard_is_one_the_journal_knows() -> None:
    assert set(HEARD) <= set(ACTIONS)


def test_no_act_on_a_sealed_ballot_is_heard() -> None:
    """adr 0011: nothing ties a person to the time of a ballot."""
    assert set(HEARD).isdisjoint({"poll.cast", "poll.issue_paper", "poll.exchange_paper", "poll.enter_list"})


def test_votes_assemblies_and_decisions_are_told_by_law() -> None:
    for action in ("poll.open", "poll.post_roll", "poll.certify", "election.announce"):
        assert {heard.topic for heard in HEARD[action]} == {Topic.VOTES}
    assert {Topic.VOTES, Topic.ASSEMBLIES, Topic.ABOUT_ME} == set(STATUTORY)


def test_an_assembly_is_called_by_law_and_another_session_by_wish(place: Place) -> None:
    committee = place.actors[Role.COMMITTEE].person_id
    for form, body_id in (
        (MeetingForm.REPRESENTATIVE_ASSEMBLY, None),
        (MeetingForm.COUNCIL, place.committee_id),
    ):
        meeting = Meeting(
            id=uuid.uuid4(),
            community_id=place.community_id,
            form=form,
            body_id=body_id,
            title=form.value,
            place="活动室",
            starts_at=MORNING + timedelta(days=12),
            noticed_at=MORNING,
            profile="national-2026",
            profile_version="",
        )
        db.session.add(meeting)
        db.session.commit()
        record_act(place, "meeting.plan", meeting.id, subject_kind="meeting")
    hear_all()
    rows = db.session.execute(
        select(Notification.topic, Notification.is_statutory).where(Notification.person_id == committee)
    )
    assert {tuple(row) for row in rows} == {(Topic.ASSEMBLIES, True), (Topic.MEETINGS, False)}
    # A resident belongs to neither.
    assert place.residents[0].person_id not in told()
