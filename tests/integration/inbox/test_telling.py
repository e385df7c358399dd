"""Telling people: in the transaction, once, as they wish, in a number of statements that does not grow."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicforum.database import db, transaction
from civicforum.inbox import jobs as inbox_jobs
from civicforum.inbox.jobs import tell_batch
from civicforum.inbox.models import Choice, Notification, OutboxItem, OutboxMessage
from civicforum.inbox.rules_told import Channel, Digest, Topic
from civicforum.inbox.telling import tell
from civicforum.people.models import Community
from tests.factories import make_community, make_person
from tests.integration.inbox.told import MORNING, NIGHT, make_crowd, make_reader, messages, telling
from tests.support.statements import count_statements


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


def test_what_is_told_and_its_message_are_gone_with_the_use_case(community: Community) -> None:
    person = make_reader(community)

    def fail_after_telling() -> None:
        with transaction() as session:
            tell(session, community_id=community.id, person_ids=[person.id], telling=telling(), now=MORNING)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_telling()
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 0
    assert messages() == []
    assert db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0


def test_the_same_event_is_told_once(community: Community) -> None:
    person = make_reader(community)
    for _time in range(2):
        with transaction() as session:
            tell(session, community_id=community.id, person_ids=[person.id], telling=telling(), now=MORNING)
    assert len(messages(person)) == 1
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 1


def test_whoever_has_no_address_reads_it_on_the_site(community: Community) -> None:
    person = make_person(community)
    with transaction() as session:
        tell(session, community_id=community.id, person_ids=[person.id], telling=telling(), now=MORNING)
    told = db.session.scalars(select(Notification)).one()
    assert (told.title, told.is_shown, told.read_at) == ("您的提议已受理", True, None)
    assert messages() == []


def test_a_title_of_two_lines_becomes_one(community: Community) -> None:
    person = make_person(community)
    words = telling("您的提议\r\nBcc: everybody@example.cn")
    with transaction() as session:
        tell(session, community_id=community.id, person_ids=[person.id], telling=words, now=MORNING)
    assert db.session.scalars(select(Notification.title)).one() == "您的提议 Bcc: everybody@example.cn"


def test_what_somebody_switched_off_is_not_sent_and_what_the_law_asks_for_is(community: Community) -> None:
    person = make_reader(community)
    for topic in (Topic.NOTICES, Topic.VOTES):
        for channel in (Channel.APP, Channel.EMAIL):
            row = Choice(
                community_id=community.id, person_id=person.id, topic=topic, channel=channel, is_on=False
            )
            db.session.add(row)
    db.session.commit()
    with transaction() as session:
        for topic in (Topic.NOTICES, Topic.VOTES, Topic.DRAFTS):
            tell(
                session,
                community_id=community.id,
                person_ids=[person.id],
                telling=telling(topic.value, topic=topic),
                now=MORNING,
            )
    told = db.session.scalars(select(Notification.title).order_by(Notification.title)).all()
    assert told == ["drafts", "votes"]
    assert len(messages(person)) == 2


def test_text_messages_cost_money_and_go_out_by_themselves_only_for_the_law(community: Community) -> None:
    person = make_reader(community, address="13800000000", channel=Channel.SMS)
    with transaction() as session:
        for topic in (Topic.MATTERS, Topic.VOTES):
            words = telling(topic.value, topic=topic)
            tell(session, community_id=community.id, person_ids=[person.id], telling=words, now=MORNING)
    [sent] = db.session.scalars(
        select(Notification.title).join(OutboxItem, OutboxItem.notification_id == Notification.id)
    )
    assert sent == "votes"


def test_a_day_of_things_becomes_one_message_and_what_the_law_asks_for_stands_alone(
    community: Community,
) -> None:
    person = make_reader(community, digest=Digest.DAILY)
    with transaction() as session:
        for number, topic in enumerate((Topic.MATTERS, Topic.NOTICES, Topic.VOTES)):
            now = MORNING + timedelta(hours=number)
            words = telling(topic.value, topic=topic)
            tell(session, community_id=community.id, person_ids=[person.id], telling=words, now=now)
    digest, alone = sorted(messages(person), key=lambda row: not row.is_digest)
    # Tomorrow at eight in Shanghai.
    assert digest.not_before.isoformat() == "2026-03-03T00:00:00+00:00"
    assert len(digest.items) == 2
    assert (alone.is_digest, alone.not_before) == (False, MORNING + timedelta(hours=2))


def test_at_night_only_what_is_due_today_by_law_goes_out(community: Community) -> None:
    person = make_reader(community)
    tonight = NIGHT + timedelta(hours=1)
    with transaction() as session:
        for title, deadline in (("tomorrow", tonight + timedelta(days=1)), ("tonight", tonight)):
            words = telling(title, topic=Topic.VOTES, deadline_at=deadline)
            tell(session, community_id=community.id, person_ids=[person.id], telling=words, now=NIGHT)
    rows = db.session.execute(
        select(Notification.title, OutboxMessage.not_before)
        .join(OutboxItem, OutboxItem.notification_id == Notification.id)
        .join(OutboxMessage)
    )
    by_title = {row.title: row.not_before for row in rows}
    assert by_title["tonight"] == NIGHT
    assert by_title["tomorrow"].isoformat() == "2026-03-03T00:00:00+00:00"


class Morning(datetime):
    """A clock that stands still: in hours of quiet a batch would send nothing at once."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Morning:
        return cls.fromtimestamp(MORNING.timestamp(), tz)


def test_a_thousand_people_are_told_in_jobs_of_a_few_statements(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_jobs, "datetime", Morning)
    ids = make_crowd(community, 1000)
    with count_statements() as queued, transaction() as session:
        tell(session, community_id=community.id, person_ids=ids, telling=telling(), now=MORNING)
    assert queued.total <= 10
    jobs = db.session.scalars(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = 'inbox.tell'")
    ).all()
    with count_statements() as told:
        for arguments in jobs:
            tell_batch(**arguments)
    # Five batches of two hundred: choices, people, three inserts and the job that sends them.
    assert (len(jobs), told.total) == (5, 5 * 6)
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 1000
    assert db.session.scalar(select(func.count()).select_from(OutboxItem)) == 1000
