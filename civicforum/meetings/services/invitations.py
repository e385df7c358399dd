"""Who is asked to come to a session, and what they say to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_kinds_of_members
from civicforum.bodies.rules import BodyKind
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible, NotFound
from civicforum.matters.services.people import LinesRefused, find_people
from civicforum.meetings import attendance
from civicforum.meetings.models import AgendaItem, Invitation, Meeting
from civicforum.meetings.rules import (
    Answer,
    MeetingForm,
    MeetingState,
    ParticipantClass,
    Seat,
    check_run,
    class_of,
)
from civicforum.meetings.services.steps import lock_meeting, record_meeting, require_state
from civicforum.people.models import Person
from civicforum.people.rules import is_adult
from civicforum.rulebook.days import day_of

TAKES_INVITATIONS = (MeetingState.PLANNED, MeetingState.OPEN)


@dataclass(frozen=True)
class Asked:
    """As what somebody is asked: the side, the topic (None: all of them), and what is at stake.

    `participant_class` None: as their posts say.
    """

    participant_class: ParticipantClass | None = None
    item_id: uuid.UUID | None = None
    stake: str = ""
    seat: Seat = Seat.PARTICIPANT


def invite_people(
    *, meeting_id: uuid.UUID, lines: Sequence[str], asked: Asked, actor: Actor, now: datetime
) -> int:
    """Invite residents, one name or roll number a line, all of them or none. Returns how many are new.

    Raises NotFound, NotEligible, TransitionNotAllowed, matters' LinesRefused.
    """
    with transaction() as session:
        meeting = _meeting(session, meeting_id, asked, actor=actor)
        found, refused = find_people(session, community_id=actor.community_id, lines=lines, day=day_of(now))
        if refused:
            raise LinesRefused(refused)
        people = [person for _, _, person in found]
        return _invite(session, meeting, people, asked, actor=actor, now=now)


def invite_body(
    *, meeting_id: uuid.UUID, body_id: uuid.UUID, asked: Asked, actor: Actor, now: datetime
) -> int:
    """Invite everybody who holds a post in a body today. Returns how many are new.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (nobody is in it).
    """
    with transaction() as session:
        meeting = _meeting(session, meeting_id, asked, actor=actor)
        members = list_kinds_of_members(
            session, community_id=actor.community_id, body_id=body_id, day=day_of(now)
        )
        if not members:
            raise Invalid("nobody", "body")
        return _invite(session, meeting, [person for person, _ in members], asked, actor=actor, now=now)


def invite_guest(
    *, meeting_id: uuid.UUID, name: str, unit: str, asked: Asked, actor: Actor, now: datetime
) -> uuid.UUID:
    """Invite somebody from outside. Raises NotFound, NotEligible, TransitionNotAllowed, Invalid."""
    with transaction() as session:
        meeting = _meeting(session, meeting_id, asked, actor=actor)
        if asked.participant_class is None:
            raise Invalid("class", "as_class")
        row = _row(meeting, asked, asked.participant_class, now=now)
        row.name, row.unit = name, unit
        session.add(row)
        session.flush()
        _record(session, meeting, "invite", {"guests": 1}, actor=actor, now=now)
        return row.id


def withdraw_invitation(*, invitation_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Take an invitation back, and return its meeting.

    Raises NotFound, NotEligible, TransitionNotAllowed (the meeting is over).
    """
    with transaction() as session:
        meeting, row = _lock(session, invitation_id, actor=actor)
        check_run(actor, chair_id=meeting.answering_id)
        session.delete(row)
        _record(session, meeting, "withdraw_invitation", {}, actor=actor, now=now)
        return meeting.id


def answer_invitation(*, meeting_id: uuid.UUID, answer: Answer, actor: Actor, now: datetime) -> None:
    """Say whether one comes; who belongs to the meeting by office may say it too.

    Raises NotFound, NotEligible (not invited), TransitionNotAllowed (it is not to come any more).
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, MeetingState.PLANNED)
        row = session.scalars(
            select(Invitation).where(
                Invitation.meeting_id == meeting.id, Invitation.person_id == actor.person_id
            )
        ).one_or_none() or _by_office(session, meeting, actor=actor, now=now)
        row.answer, row.answered_at, row.answered_by_id = answer, now, actor.assisted_by
        session.add(row)
        _record(session, meeting, "answer_invitation", {}, actor=actor, now=now, is_public=False)


def enter_answer(*, invitation_id: uuid.UUID, answer: Answer, actor: Actor, now: datetime) -> uuid.UUID:
    """Write down what somebody invited said at the counter, by telephone or on paper. Returns the meeting.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        meeting, row = _lock(session, invitation_id, actor=actor)
        check_run(actor, chair_id=meeting.answering_id)
        require_state(meeting, MeetingState.PLANNED)
        row.answer, row.answered_at, row.answered_by_id = answer, now, actor.person_id
        _record(session, meeting, "answer_invitation", {}, actor=actor, now=now, is_public=False)
        return meeting.id


def _meeting(session: Session, meeting_id: uuid.UUID, asked: Asked, *, actor: Actor) -> Meeting:
    meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
    check_run(actor, chair_id=meeting.answering_id)
    require_state(meeting, *TAKES_INVITATIONS)
    if asked.item_id is not None:
        item = session.get(AgendaItem, asked.item_id)
        if item is None or item.meeting_id != meeting.id:
            raise NotFound(asked.item_id)
    return meeting


def _invite(
    session: Session,
    meeting: Meeting,
    people: Iterable[Person],
    asked: Asked,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    known = set(session.scalars(select(Invitation.person_id).where(Invitation.meeting_id == meeting.id)))
    new = [person for person in people if person.id not in known]
    classes = _classes_of(session, new, actor=actor, now=now) if asked.participant_class is None else {}
    for person in new:
        kind = asked.participant_class or classes.get(person.id, ParticipantClass.RESIDENT)
        row = _row(meeting, asked, kind, now=now)
        row.person_id = person.id
        session.add(row)
    if new:
        _record(session, meeting, "invite", {"people": len(new)}, actor=actor, now=now)
    return len(new)


def _classes_of(
    session: Session, people: Sequence[Person], *, actor: Actor, now: datetime
) -> dict[uuid.UUID, ParticipantClass]:
    """Return whose view each brings, by the posts held today."""
    holders = list_kinds_of_members(
        session, community_id=actor.community_id, kinds=tuple(BodyKind), day=day_of(now)
    )
    wanted = {person.id for person in people}
    return {person.id: class_of(kinds) for person, kinds in holders if person.id in wanted}


def _row(meeting: Meeting, asked: Asked, kind: ParticipantClass, *, now: datetime) -> Invitation:
    return Invitation(
        community_id=meeting.community_id,
        meeting_id=meeting.id,
        participant_class=kind,
        seat=asked.seat,
        item_id=asked.item_id,
        stake=asked.stake,
        invited_at=now,
    )


def _by_office(session: Session, meeting: Meeting, *, actor: Actor, now: datetime) -> Invitation:
    """Return an invitation for a member of the meeting's body, for the answer. Raises NotEligible."""
    members = attendance.list_members(session, meeting=meeting, day=day_of(now))
    found = next((member for member in members if member.person.id == actor.person_id), None)
    kind = found.participant_class if found else ParticipantClass.RESIDENT
    if found is None and not _belongs_to_residents(session, meeting, actor=actor, now=now):
        raise NotEligible("not invited")
    row = _row(meeting, Asked(seat=Seat.MEMBER), kind, now=now)
    row.person_id = actor.person_id
    return row


def _belongs_to_residents(session: Session, meeting: Meeting, *, actor: Actor, now: datetime) -> bool:
    if meeting.form is not MeetingForm.RESIDENTS_ASSEMBLY:
        return False
    return is_adult(session.get_one(Person, actor.person_id).born_on, day_of(now))


def _lock(session: Session, invitation_id: uuid.UUID, *, actor: Actor) -> tuple[Meeting, Invitation]:
    meeting_id = session.scalar(select(Invitation.meeting_id).where(Invitation.id == invitation_id))
    if meeting_id is None:
        raise NotFound(invitation_id)
    meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
    require_state(meeting, *TAKES_INVITATIONS)
    row = session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(invitation_id)
    return meeting, row


def _record(
    session: Session,
    meeting: Meeting,
    action: str,
    payload: dict[str, int],
    *,
    actor: Actor,
    now: datetime,
    is_public: bool = True,
) -> None:
    record_meeting(
        session, meeting, actor=actor, action=action, payload=dict(payload), now=now, is_public=is_public
    )
