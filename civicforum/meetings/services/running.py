"""A meeting from opening to closing: who is in the room, and what is written down."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotFound
from civicforum.meetings import attendance, documents
from civicforum.meetings.errors import NotYetTheDay, VoteIsOpen
from civicforum.meetings.models import AgendaItem, Attendance, Meeting
from civicforum.meetings.rules import (
    ASSEMBLIES,
    DELIBERATIONS,
    MeetingForm,
    MeetingState,
    ParticipantClass,
    Seat,
    check_run,
    is_on_day,
    judge_composition,
    judge_quorum,
    move,
    outcome_without_vote,
)
from civicforum.meetings.services.follow_ups import check_nothing_left_open, let_go_unsettled
from civicforum.meetings.services.minutes import fix_draft
from civicforum.meetings.services.steps import (
    lock_meeting,
    post_document,
    record_meeting,
    require_state,
    rules_of,
)
from civicforum.people.models import Person
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of

# People arrive before the chair opens.
TAKES_ATTENDANCE = (MeetingState.PLANNED, MeetingState.OPEN)


def open_meeting(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Open a meeting on its day, and fix how many belong to it. Too few present is no obstacle to talking.

    Raises NotFound, NotEligible, TransitionNotAllowed, NotYetTheDay.
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_run(actor, chair_id=meeting.chair_id)
        state = move(meeting.state, MeetingState.OPEN)
        if not is_on_day(meeting.starts_at, now):
            raise NotYetTheDay(meeting.starts_at)
        meeting.state = state
        meeting.opened_at = now
        members = attendance.list_members(session, meeting=meeting, day=day_of(now))
        meeting.members_due = attendance.count_due(session, meeting=meeting, members=members, day=day_of(now))
        payload: dict[str, object] = {"members_due": meeting.members_due}
        if meeting.form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
            verdict = judge_composition(
                rules_of(meeting),
                representatives=sum(member.is_representative for member in members),
                members=len(members),
            )
            payload |= {"composition": verdict.arithmetic, "composition_holds": verdict.holds}
        record_meeting(session, meeting, actor=actor, action="open", payload=payload, now=now)


def check_in(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> Seat:
    """Say "I am here" on one's own phone: as a member, or as a resident who sits in; also on coming back.

    Raises NotFound, TransitionNotAllowed, NotYetTheDay, AlreadyDone.
    """
    with transaction() as session:
        meeting = _meeting_taking_attendance(session, meeting_id=meeting_id, actor=actor, now=now)
        seating = attendance.Seating(session, meeting, now=now)
        row = _seat(session, meeting, seating, person_id=actor.person_id, now=now)
        _record_presence(session, meeting, row, actor=actor, action="check_in", now=now)
        return row.seat


def tick_present(
    *,
    meeting_id: uuid.UUID,
    person_ids: Sequence[uuid.UUID],
    actor: Actor,
    as_class: ParticipantClass | None = None,
    now: datetime,
) -> int:
    """Enter people as present, from the list at the door; who is present already stays so. Returns how many.

    `as_class` seats somebody who is no member as a participant with that view.
    Raises NotFound, NotEligible, TransitionNotAllowed, NotYetTheDay.
    """
    with transaction() as session:
        meeting = _meeting_taking_attendance(session, meeting_id=meeting_id, actor=actor, now=now)
        check_run(actor, chair_id=meeting.chair_id)
        seating = attendance.Seating(session, meeting, now=now)
        entered = 0
        for person_id in dict.fromkeys(person_ids):
            try:
                row = _seat(session, meeting, seating, person_id=person_id, as_class=as_class, now=now)
            except AlreadyDone:
                continue
            entered += 1
        if entered:
            payload = {"entered": entered, **({"seat": row.seat.value} if entered == 1 else {})}
            record_meeting(
                session,
                meeting,
                actor=actor,
                action="tick_present",
                payload=payload,
                now=now,
                is_public=False,
            )
        return entered


def add_guest(
    *, meeting_id: uuid.UUID, name: str, as_class: ParticipantClass, actor: Actor, now: datetime
) -> None:
    """Enter a guest from outside, such as a property firm's manager, who speaks and has no vote.

    Raises NotFound, NotEligible, TransitionNotAllowed, NotYetTheDay, AlreadyDone (that guest is entered).
    """
    with transaction() as session:
        meeting = _meeting_taking_attendance(session, meeting_id=meeting_id, actor=actor, now=now)
        check_run(actor, chair_id=meeting.chair_id)
        known = session.scalar(
            select(Attendance.id).where(Attendance.meeting_id == meeting.id, Attendance.guest_name == name)
        )
        if known is not None:
            raise AlreadyDone(known)
        row = Attendance(
            community_id=meeting.community_id,
            meeting_id=meeting.id,
            guest_name=name,
            seat=Seat.PARTICIPANT,
            participant_class=as_class,
            arrived_at=now,
        )
        session.add(row)
        _record_presence(session, meeting, row, actor=actor, action="add_guest", now=now)


def leave(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say that one goes. Raises NotFound, TransitionNotAllowed, AlreadyDone."""
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, *TAKES_ATTENDANCE)
        row = session.scalars(
            select(Attendance).where(
                Attendance.meeting_id == meeting.id, Attendance.person_id == actor.person_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound(actor.person_id)
        _set_left(session, meeting, row, actor=actor, now=now)


def mark_left(*, attendance_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Record that somebody went, or was ticked by mistake. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone.
    """
    with transaction() as session:
        meeting_id = session.scalar(select(Attendance.meeting_id).where(Attendance.id == attendance_id))
        if meeting_id is None:
            raise NotFound(attendance_id)
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_run(actor, chair_id=meeting.chair_id)
        require_state(meeting, *TAKES_ATTENDANCE)
        row = session.get_one(Attendance, attendance_id, populate_existing=True)
        _set_left(session, meeting, row, actor=actor, now=now)
        return meeting.id


def close_meeting(*, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Close a meeting: what was not concluded is continued, or had no quorum; the minutes wait for signatures.

    Raises NotFound, NotEligible, TransitionNotAllowed, VoteIsOpen, FollowUpMissing.
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        check_run(actor, chair_id=meeting.chair_id)
        state = move(meeting.state, MeetingState.CLOSED)
        if session.scalar(_open_votes(meeting.id)):
            raise VoteIsOpen(meeting.id)
        quorum = _quorum(session, meeting)
        agenda = session.scalars(
            select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position)
        ).all()
        check_nothing_left_open(session, agenda)
        for item in agenda:
            if item.outcome is None:
                item.outcome = outcome_without_vote(meeting.form, has_text=bool(item.text), quorum=quorum)
                item.outcome_text = quorum.arithmetic if quorum and not quorum.holds else ""
                item.concluded_at = now
        meeting.state = state
        meeting.closed_at = now
        fix_draft(session, meeting, now=now)
        let_go_unsettled(session, meeting.id)
        if meeting.form in DELIBERATIONS:
            document = documents.notice_of_outcomes(meeting, agenda)
            post_document(session, meeting, document, actor=actor, now=now)
        payload: dict[str, object] = {
            "items": {str(item.position): item.outcome.value for item in agenda if item.outcome}
        }
        if quorum is not None:
            payload |= {"quorum": quorum.arithmetic, "quorum_holds": quorum.holds}
        record_meeting(session, meeting, actor=actor, action="close", payload=payload, now=now)


def _quorum(session: Session, meeting: Meeting) -> Verdict | None:
    if meeting.form not in ASSEMBLIES:
        return None
    present = attendance.count_present(session, meeting_id=meeting.id)
    return judge_quorum(rules_of(meeting), meeting.form, present=present, due=meeting.members_due or 0)


def _meeting_taking_attendance(
    session: Session, *, meeting_id: uuid.UUID, actor: Actor, now: datetime
) -> Meeting:
    meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
    require_state(meeting, *TAKES_ATTENDANCE)
    if not is_on_day(meeting.starts_at, now):
        raise NotYetTheDay(meeting.starts_at)
    return meeting


def _seat(
    session: Session,
    meeting: Meeting,
    seating: attendance.Seating,
    *,
    person_id: uuid.UUID,
    as_class: ParticipantClass | None = None,
    now: datetime,
) -> Attendance:
    person = session.get(Person, person_id)
    if person is None or person.community_id != meeting.community_id:
        raise NotFound(person_id)
    row = session.scalars(
        select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person_id)
    ).one_or_none()
    if row is not None and row.left_at is None:
        raise AlreadyDone(row.id)
    if row is None:
        seat, participant_class = seating.take(person)
        if seat is Seat.OBSERVER and as_class is not None:
            seat, participant_class = Seat.PARTICIPANT, as_class
        row = Attendance(
            community_id=meeting.community_id,
            meeting_id=meeting.id,
            person_id=person_id,
            seat=seat,
            participant_class=participant_class,
            arrived_at=now,
        )
        session.add(row)
    row.left_at = None
    session.flush()
    return row


def _set_left(session: Session, meeting: Meeting, row: Attendance, *, actor: Actor, now: datetime) -> None:
    if row.left_at is not None:
        raise AlreadyDone(row.id)
    row.left_at = now
    _record_presence(session, meeting, row, actor=actor, action="leave", now=now)


def _record_presence(
    session: Session, meeting: Meeting, row: Attendance, *, actor: Actor, action: str, now: datetime
) -> None:
    # Not in the public register: the minutes say who was there, and when people came and went is their own.
    record_meeting(
        session,
        meeting,
        actor=actor,
        action=action,
        payload={"seat": row.seat.value},
        now=now,
        is_public=False,
    )


def _open_votes(meeting_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(Poll.id)
        .join(AgendaItem, AgendaItem.poll_id == Poll.id)
        .where(AgendaItem.meeting_id == meeting_id, Poll.state == PollState.OPEN)
    )
