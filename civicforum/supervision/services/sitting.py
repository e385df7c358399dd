"""Sitting in on sessions (列席, art 36): saying so, and what there is to say afterwards."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.notices.services.checking import check_numbers
from civicforum.people.queries import rules_in
from civicforum.records.rules import hash_of_text
from civicforum.records.services import Subject
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import Sitting, SittingRemark
from civicforum.supervision.rules import (
    SITS_IN_RULE,
    check_supervisor,
    may_be_sat_in,
    require_words,
)
from civicforum.supervision.services.steps import record_act


def sit_in(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Say that one sits in on a session; nobody can refuse it. Returns the id of the sitting.

    Raises NotFound, NotEligible, Invalid ("form": such a session is not sat in on; "off": the local rule),
    TransitionNotAllowed (over or called off), AlreadyDone.
    """
    check_supervisor(actor)
    with transaction() as session:
        meeting = _lock_meeting(session, meeting_id, actor)
        if not may_be_sat_in(meeting.form, meeting.body.kind if meeting.body else None):
            raise Invalid("form", None)
        if not rules_in(session, actor.community_id).switch(SITS_IN_RULE).on:
            raise Invalid("off", None)
        if meeting.state not in (MeetingState.PLANNED, MeetingState.OPEN):
            raise TransitionNotAllowed(meeting.state, "sit_in")
        sitting = _own(session, meeting_id, actor)
        if sitting is not None and sitting.withdrawn_at is None:
            raise AlreadyDone(sitting.id)
        if sitting is None:
            sitting = Sitting(
                community_id=meeting.community_id, meeting_id=meeting.id, person_id=actor.person_id
            )
            session.add(sitting)
        sitting.announced_at, sitting.withdrawn_at = now, None
        sitting.post = post_text(session, person_id=actor.person_id, day=day_of(now))
        session.flush()
        record_act(session, _subject(meeting), action="sit_in", actor=actor, now=now)
        return sitting.id


def stay_away(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say that one cannot come after all, before the session begins.

    Raises NotFound, NotEligible, TransitionNotAllowed (it has begun), AlreadyDone.
    """
    check_supervisor(actor)
    with transaction() as session:
        meeting = _lock_meeting(session, meeting_id, actor)
        sitting = _own(session, meeting_id, actor)
        if sitting is None:
            raise NotFound(meeting_id)
        if sitting.withdrawn_at is not None:
            raise AlreadyDone(sitting.id)
        if meeting.state is not MeetingState.PLANNED:
            raise TransitionNotAllowed(meeting.state, "stay_away")
        sitting.withdrawn_at = now
        record_act(session, _subject(meeting), action="stay_away", actor=actor, now=now)


def remark(*, meeting_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Leave a remark on a session one sat in on, public at once and never changed. Returns its id.

    Raises NotFound (one did not say so, or said that one stays away), NotEligible, Invalid, PersonalData,
    TransitionNotAllowed (it has not begun, or was called off), AlreadyDone (the same words again).
    """
    check_supervisor(actor)
    words = require_words(text)
    with transaction() as session:
        meeting = _lock_meeting(session, meeting_id, actor)
        sitting = _own(session, meeting_id, actor)
        if sitting is None or sitting.withdrawn_at is not None:
            raise NotFound(meeting_id)
        if meeting.state not in (MeetingState.OPEN, MeetingState.CLOSED):
            raise TransitionNotAllowed(meeting.state, "remark")
        check_numbers(session, community_id=actor.community_id, text=words)
        if any(earlier.text == words for earlier in sitting.remarks):
            raise AlreadyDone(sitting.id)
        row = SittingRemark(
            community_id=sitting.community_id,
            sitting_id=sitting.id,
            position=len(sitting.remarks) + 1,
            text=words,
            at=now,
        )
        session.add(row)
        session.flush()
        payload = {"remark_id": str(row.id), "text_sha256": hash_of_text(words)}
        record_act(session, _subject(meeting), action="remark", actor=actor, payload=payload, now=now)
        return row.id


def _lock_meeting(session: Session, meeting_id: uuid.UUID, actor: Actor) -> Meeting:
    """Return the meeting; while it is locked, it neither opens nor closes, and nobody announces twice."""
    return lock_row(session, Meeting, meeting_id, community_id=actor.community_id)


def _own(session: Session, meeting_id: uuid.UUID, actor: Actor) -> Sitting | None:
    return session.scalars(
        select(Sitting).where(Sitting.meeting_id == meeting_id, Sitting.person_id == actor.person_id)
    ).one_or_none()


def _subject(meeting: Meeting) -> Subject:
    return Subject(meeting.community_id, "meeting", meeting.id, meeting.title)
