"""What meetings need of somebody, for the home page."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import select_bodies_held
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, NOW, TODAY, like, values_of
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
from civicforum.polls.queries.named import has_open_vote, list_waiting_for
from civicforum.rulebook.days import day_ends, day_of

COMING_DAYS = 14
# A session that is due is planned about as long before as its notice and its invitations take.
PLAN_BEFORE = timedelta(days=30)
SIT_IN_ASSEMBLY = (Role.REPRESENTATIVE, Role.COMMITTEE)
CALLS = {MeetingForm.APPRAISAL: NeedKind.HOLD_APPRAISAL} | dict.fromkeys(ASSEMBLIES, NeedKind.CALL_ASSEMBLY)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the votes open for somebody, the meetings to run today, and those to go to soon."""
    votes = [
        Need(NeedKind.VOTE, poll.title, "polls.show", {"poll_id": poll.id})
        for poll in list_waiting_for(session, person_id=actor.person_id)
    ]
    soon = {"soon": day_ends(day_of(now) + timedelta(days=COMING_DAYS))}
    rows = session.execute(_meetings(like(actor)), values_of(actor, now) | soon)
    needs = [_need(actor, *row, now=now) for row in rows]
    return votes + [need for need in needs if need] + _list_to_call(session, actor, now)


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a meeting, or a vote in one, may wait for such an actor."""
    if _answered_by(actor):
        return true()
    return or_(has_open_vote(ME), exists().where(*_concern(actor, NOW + timedelta(days=COMING_DAYS + 1))))


@lru_cache
def _meetings(actor: Actor) -> Select[Meeting, uuid.UUID | None, Answer | None, bool]:
    """Select the meetings that may concern the actor, each with the invitation, its answer, and a seat."""
    return (
        select(Meeting, Invitation.id, Invitation.answer, func.coalesce(_sits(), false()))
        .outerjoin(Invitation, and_(Invitation.meeting_id == Meeting.id, Invitation.person_id == ME))
        .where(*_concern(actor, bindparam("soon", type_=DateTime(timezone=True))))
        .order_by(Meeting.starts_at, Meeting.id)
    )


def _concern(actor: Actor, soon: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    """Return the conditions that a meeting may be one to run, to go to, or to answer an invitation to."""
    invited = select(Invitation.meeting_id).where(Invitation.person_id == ME)
    # An answer is asked for at once, however long before.
    unanswered = Meeting.id.in_(invited.where(Invitation.answer.is_(None)))
    to_come = or_(Meeting.state == MeetingState.OPEN, Meeting.starts_at >= NOW)
    forms = [MeetingForm.RESIDENTS_ASSEMBLY]
    if actor.has(*SIT_IN_ASSEMBLY):
        forms.append(MeetingForm.REPRESENTATIVE_ASSEMBLY)
    mine = or_(
        and_(to_come, or_(Meeting.form.in_(forms), Meeting.id.in_(invited), _sits())),
        Meeting.chair_id == ME,
        Meeting.acting_chair_id == ME,
    )
    return [
        Meeting.community_id == HERE,
        Meeting.state.in_(LIVE),
        or_(Meeting.starts_at <= soon, unanswered),
        true() if may_run(actor, chair_id=None) else mine,
    ]


def _sits() -> ColumnElement[bool]:
    """Tell of a meeting whether the actor holds a post in its body."""
    return Meeting.body_id.in_(select_bodies_held(ME, TODAY))


def _need(
    actor: Actor,
    meeting: Meeting,
    invitation_id: uuid.UUID | None,
    answer: Answer | None,
    sits: bool,
    *,
    now: datetime,
) -> Need | None:
    """Return what a meeting needs of the actor. `sits`: in the body whose meeting it is."""
    is_planned = meeting.state is MeetingState.PLANNED
    is_today = not is_planned or is_on_day(meeting.starts_at, now)
    if is_today and may_run(actor, chair_id=meeting.answering_id):
        kind, endpoint = NeedKind.RUN_MEETING, "meetings.show"
    elif is_planned and meeting.starts_at < now:
        return None
    elif is_planned and invitation_id is not None and answer is None:
        kind, endpoint = NeedKind.INVITED, "meetings.prepare"
    elif answer is Answer.COMING or _is_member(actor, meeting, sits=sits):
        kind, endpoint = NeedKind.ATTEND, "meetings.show"
    else:
        return None
    return Need(kind, meeting.title, endpoint, {"meeting_id": meeting.id}, due_at=meeting.starts_at)


def _is_member(actor: Actor, meeting: Meeting, *, sits: bool) -> bool:
    if meeting.form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
        return actor.has(*SIT_IN_ASSEMBLY)
    return meeting.form is MeetingForm.RESIDENTS_ASSEMBLY or sits


def _answered_by(actor: Actor) -> list[MeetingForm]:
    """Return what is called by the actor when it was demanded."""
    return [form for form in DEMANDED if may_answer_demand(actor, form)]


def _list_to_call(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what was demanded and is not called, and for the committee what is due and not planned."""
    forms = _answered_by(actor)
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
