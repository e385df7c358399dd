"""A community in which much falls due at the same moment, and what became of it."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, select, text, update

from bench.voters import make_community, make_electorate, sealed_ballots
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.inbox.models import Contact, OutboxMessage, Preference
from civicforum.inbox.rules_told import Channel, MessageState, Topic
from civicforum.inbox.telling import Telling, tell
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory, NoticeState
from civicforum.notices.services import publish_notice
from civicforum.people.models import Community
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.rules import PollState
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.records.models import JournalEntry
from tests.factories import actor_of, make_officer, make_person
from tests.faults.audit import check_records
from tests.faults.ballot_load import ANSWERS

POLLS, BALLOTS, READERS = 3, 6, 30
# What goes to many is told in parts, each by a job of its own.
TELLINGS = text(
    "SELECT count(*) FROM procrastinate_jobs "
    "WHERE task_name IN ('inbox.hear', 'inbox.tell') AND status IN ('todo', 'doing')"
)


def make_due(app: Flask, *, notices: int) -> uuid.UUID:
    """Make a community in which notices and polls are over, and messages are due; return its id.

    What was told of the notices waits in the queue: each of them goes to every reader.
    """
    community_id = make_community()
    polls = [make_electorate(app, community_id, voters=BALLOTS) for _ in range(POLLS)]
    settings = app.config["CIVICFORUM"]
    for electorate in polls:
        ballots = sealed_ballots(app, electorate, ANSWERS)
        for voter, ballot in zip(electorate.voters, ballots, strict=True):
            person_id = db.session.get_one(RollEntry, voter.entry_id).person_id
            cast_sealed_ballot(
                poll_id=electorate.poll_id,
                entry_id=voter.entry_id,
                ballot=ballot,
                actor=Actor(person_id=person_id, community_id=community_id),
                settings=settings,
                now=datetime.now(UTC),
            )
            db.session.rollback()
    _post_notices(community_id, notices)
    _tell_readers(community_id)
    # All of it falls due at this moment: nothing has been done about it by a worker before.
    now = datetime.now(UTC)
    with transaction() as session:
        session.execute(update(Poll).where(Poll.community_id == community_id).values(closes_at=now))
        session.execute(
            update(Notice)
            .where(Notice.community_id == community_id)
            .values(posted_at=now - timedelta(days=9), until=now - timedelta(seconds=1))
        )
        session.execute(
            update(OutboxMessage).where(OutboxMessage.community_id == community_id).values(not_before=now)
        )
    return community_id


def _post_notices(community_id: uuid.UUID, notices: int) -> None:
    community = db.session.get_one(Community, community_id)
    director = make_officer(community, Role.COMMITTEE, login=f"director-{uuid.uuid4().hex[:8]}")
    actor = actor_of(director, Role.COMMITTEE)
    db.session.rollback()
    for number in range(notices):
        publish_notice(
            actor=actor,
            category=NoticeCategory.COMMON_CONCERN,
            title=f"停水通知{number}",
            text="明日停水。",
            now=datetime.now(UTC),
        )


def _tell_readers(community_id: uuid.UUID) -> None:
    community, now = db.session.get_one(Community, community_id), datetime.now(UTC)
    readers = [make_person(community).id for _ in range(READERS)]
    db.session.rollback()
    words = Telling(Topic.MATTERS, "matter", None, "路灯修好了", "请到页面查看。", "inbox.home")
    with transaction() as session:
        session.add_all(
            Contact(
                community_id=community_id,
                person_id=reader,
                channel=Channel.EMAIL,
                address=f"{reader.hex}@example.cn",
                added_at=now,
                verified_at=now,
            )
            for reader in readers
        )
        # At any hour of the day.
        session.add_all(
            Preference(community_id=community_id, person_id=reader, quiet_from=0, quiet_until=0)
            for reader in readers
        )
        session.flush()
        tell(session, community_id=community_id, person_ids=readers, telling=words, now=now)


def undone(community_id: uuid.UUID) -> dict[str, int]:
    """Return how much is left to do of what fell due. Wants an app context."""
    session = db.session()
    left = {
        "notices": select(func.count()).where(
            Notice.community_id == community_id, Notice.state == NoticeState.POSTED
        ),
        "polls": select(func.count()).where(
            Poll.community_id == community_id, Poll.state != PollState.COUNTED
        ),
        "messages": select(func.count()).where(
            OutboxMessage.community_id == community_id,
            OutboxMessage.state.in_((MessageState.WAITING, MessageState.SENDING)),
        ),
    }
    found = {name: session.scalar(statement) or 0 for name, statement in left.items()}
    found["tellings"] = session.scalar(TELLINGS) or 0
    session.rollback()
    return found


def check_done_once(community_id: uuid.UUID, *, notices: int) -> None:
    """Each notice was taken down once, and each poll stopped, sealed, opened and counted once."""
    acts = Counter(
        db.session.execute(
            select(JournalEntry.action, JournalEntry.subject_id).where(
                JournalEntry.community_id == community_id,
                JournalEntry.actor_id.is_(None),
                JournalEntry.subject_kind.in_(("notice", "poll")),
            )
        ).all()
    )
    by_action = Counter(action for action, _ in acts)
    assert set(acts.values()) == {1}
    assert by_action["notice.expire"] == notices
    for action in ("poll.stop", "poll.seal_count", "poll.open_box", "poll.count"):
        assert by_action[action] == POLLS, action
    check_records()
