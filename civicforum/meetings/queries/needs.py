"""What meetings need of somebody, for the home page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_bodies_held
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries.listing import LIVE
from civicforum.meetings.rules import (
    MeetingForm,
    MeetingState,
    is_on_day,
    may_run,
)
from civicforum.polls.queries.named import (
    list_waiting_for,
)
from civicforum.rulebook.days import day_ends, day_of

COMING_DAYS = 14


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the votes open for somebody, the meetings to run today, and those to go to soon."""
    votes = [
        Need(NeedKind.VOTE, poll.title, "polls.show", {"poll_id": poll.id})
        for poll in list_waiting_for(session, person_id=actor.person_id)
    ]
    mine = _is_invited(session, actor, now)
    meetings = session.scalars(
        select(Meeting)
        .where(
            Meeting.community_id == actor.community_id,
            Meeting.state.in_(LIVE),
            Meeting.starts_at <= day_ends(day_of(now) + timedelta(days=COMING_DAYS)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    needs = []
    for meeting in meetings:
        is_today = meeting.state is MeetingState.OPEN or is_on_day(meeting.starts_at, now)
        if is_today and may_run(actor, chair_id=meeting.chair_id):
            needs.append(_need(NeedKind.RUN_MEETING, meeting))
        elif mine(meeting) and (meeting.state is MeetingState.OPEN or meeting.starts_at >= now):
            needs.append(_need(NeedKind.ATTEND, meeting))
    return votes + needs


def _is_invited(session: Session, actor: Actor, now: datetime) -> Callable[[Meeting], bool]:
    held = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
    sits = actor.has(Role.REPRESENTATIVE, Role.COMMITTEE)

    def is_invited(meeting: Meeting) -> bool:
        """Tell it of one meeting, by what the actor holds, without another statement."""
        if meeting.form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
            return sits
        return meeting.form is MeetingForm.RESIDENTS_ASSEMBLY or meeting.body_id in held

    return is_invited


def _need(kind: NeedKind, meeting: Meeting) -> Need:
    return Need(kind, meeting.title, "meetings.show", {"meeting_id": meeting.id}, due_at=meeting.starts_at)
