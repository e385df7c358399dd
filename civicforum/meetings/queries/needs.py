"""What meetings need of somebody, for the home page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_bodies_held
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.meetings.models import Invitation, Meeting
from civicforum.meetings.queries.demands import list_to_call
from civicforum.meetings.queries.due import list_due
from civicforum.meetings.queries.listing import LIVE
from civicforum.meetings.rules import (
    ASSEMBLIES,
    DEMANDED,
    Answer,
    MeetingForm,
    MeetingState,
    is_on_day,
    may_answer_demand,
    may_run,
)
from civicforum.polls.queries.named import (
    list_waiting_for,
)
from civicforum.rulebook.days import day_ends, day_of

COMING_DAYS = 14
# A session that is due is planned about as long before as its notice and its invitations take.
PLAN_BEFORE = timedelta(days=30)
CALLS = {MeetingForm.APPRAISAL: NeedKind.HOLD_APPRAISAL} | dict.fromkeys(ASSEMBLIES, NeedKind.CALL_ASSEMBLY)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the votes open for somebody, the meetings to run today, and those to go to soon."""
    votes = [
        Need(NeedKind.VOTE, poll.title, "polls.show", {"poll_id": poll.id})
        for poll in list_waiting_for(session, person_id=actor.person_id)
    ]
    mine = _is_invited(session, actor, now)
    invited = _list_invited(session, actor)
    meetings = session.scalars(
        select(Meeting)
        .where(
            Meeting.community_id == actor.community_id,
            Meeting.state.in_(LIVE),
            # An answer is asked for at once, however long before.
            or_(
                Meeting.starts_at <= day_ends(day_of(now) + timedelta(days=COMING_DAYS)),
                Meeting.id.in_([key for key, said in invited.items() if said is None]),
            ),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    needs = []
    for meeting in meetings:
        is_today = meeting.state is MeetingState.OPEN or is_on_day(meeting.starts_at, now)
        if is_today and may_run(actor, chair_id=meeting.answering_id):
            needs.append(_need(NeedKind.RUN_MEETING, meeting))
        elif meeting.state is MeetingState.PLANNED and meeting.starts_at < now:
            continue
        elif meeting.state is MeetingState.PLANNED and _waits_for_answer(invited, meeting):
            needs.append(_need(NeedKind.INVITED, meeting, "meetings.prepare"))
        elif invited.get(meeting.id) is Answer.COMING or mine(meeting):
            needs.append(_need(NeedKind.ATTEND, meeting))
    return votes + needs + _list_to_call(session, actor, now)


def _list_to_call(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what was demanded and is not called, and for the committee what is due and not planned."""
    forms = [form for form in DEMANDED if may_answer_demand(actor, form)]
    if not forms:
        return []
    demanded = [
        Need(CALLS[demand.form], demand.title, "meetings.demand", {"demand_id": demand.id}, demand.due_at)
        for demand in list_to_call(session, community_id=actor.community_id, forms=forms)
    ]
    return demanded + _list_due(session, actor, now)


def _list_due(session: Session, actor: Actor, now: datetime) -> list[Need]:
    if not actor.has(Role.COMMITTEE):
        return []
    return [
        Need(
            NeedKind.HOLD_SESSION,
            line.body.name,
            "meetings.plan_form",
            {"form_name": line.due.form},
            line.due.due_at,
        )
        for line in list_due(session, community_id=actor.community_id, now=now)
        if line.planned is None and line.due.due_at <= now + PLAN_BEFORE
    ]


def _list_invited(session: Session, actor: Actor) -> dict[uuid.UUID, Answer | None]:
    """Return what the actor said to each invitation to a meeting that is to come."""
    rows = session.execute(
        select(Invitation.meeting_id, Invitation.answer)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(Invitation.person_id == actor.person_id, Meeting.state.in_(LIVE))
    )
    return dict(rows.tuples().all())


def _waits_for_answer(invited: dict[uuid.UUID, Answer | None], meeting: Meeting) -> bool:
    return meeting.id in invited and invited[meeting.id] is None


def _is_invited(session: Session, actor: Actor, now: datetime) -> Callable[[Meeting], bool]:
    held = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
    sits = actor.has(Role.REPRESENTATIVE, Role.COMMITTEE)

    def is_invited(meeting: Meeting) -> bool:
        """Tell it of one meeting, by what the actor holds, without another statement."""
        if meeting.form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
            return sits
        return meeting.form is MeetingForm.RESIDENTS_ASSEMBLY or meeting.body_id in held

    return is_invited


def _need(kind: NeedKind, meeting: Meeting, endpoint: str = "meetings.show") -> Need:
    return Need(kind, meeting.title, endpoint, {"meeting_id": meeting.id}, due_at=meeting.starts_at)
