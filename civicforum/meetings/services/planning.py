"""Planning a meeting, and changing or cancelling it before it opens: each is announced as it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.queries import list_bodies_held
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible
from civicforum.matters.rules import Act
from civicforum.matters.services.steps import advance, record_matter
from civicforum.meetings import documents
from civicforum.meetings.models import AgendaItem, Meeting
from civicforum.meetings.rules import (
    ASSEMBLIES,
    BODY_OF_ASSEMBLY,
    PLANNERS,
    Held,
    MeetingForm,
    MeetingState,
    PlanFault,
    check_notice,
    move,
)
from civicforum.meetings.services.agendas import PlannedItem, write_agenda
from civicforum.meetings.services.follow_ups import let_go
from civicforum.meetings.services.steps import (
    lock_meeting,
    post_document,
    record_meeting,
    require_state,
    rules_of,
)
from civicforum.people.queries import rules_in
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Plan:
    """What the notice of a meeting says. `body_id` is for deliberations: an assembly has its own body."""

    title: str
    place: str
    starts_at: datetime
    items: Sequence[PlannedItem]
    chair_id: uuid.UUID | None = None
    body_id: uuid.UUID | None = None
    urgent_reason: str = ""
    held: Held = Held.ROOM
    clerk_id: uuid.UUID | None = None


def plan_meeting(*, form: MeetingForm, plan: Plan, actor: Actor, now: datetime) -> uuid.UUID:
    """Plan a meeting and post the notice that calls it.

    Raises NotEligible, RuleRefused (announced too late, or not studied before), Invalid with a PlanFault.
    """
    with transaction() as session:
        _check_may_plan(actor)
        book = rules_in(session, actor.community_id)
        meeting = Meeting(
            community_id=actor.community_id, form=form, profile=book.name, profile_version=book.version
        )
        _write(session, meeting, plan, actor=actor, now=now)
        check_notice(book, form, posted_at=now, starts_at=plan.starts_at, urgent_reason=plan.urgent_reason)
        meeting.noticed_at = now
        meeting.state = MeetingState.PLANNED
        session.add(meeting)
        session.flush()
        agenda = write_agenda(session, meeting, plan.items, actor=actor, now=now)
        document = documents.notice_of_plan(meeting, agenda)
        post_document(session, meeting, document, actor=actor, now=now)
        _record_matters(session, meeting, agenda, actor=actor, now=now)
        payload = {"form": form.value, "starts_at": plan.starts_at.isoformat(), "items": len(agenda)}
        record_meeting(
            session, meeting, actor=actor, action="plan", payload=payload, reason=plan.urgent_reason, now=now
        )
        return meeting.id


def change_meeting(*, meeting_id: uuid.UUID, plan: Plan, reason: str, actor: Actor, now: datetime) -> None:
    """Change a meeting that has not opened. A new time or agenda is announced as early as a new meeting.

    Raises NotFound, NotEligible, TransitionNotAllowed, RuleRefused, Invalid with a PlanFault.
    """
    with transaction() as session:
        _check_may_plan(actor)
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, MeetingState.PLANNED)
        before = (meeting.starts_at, _lines(meeting.agenda))
        known = {item.matter_id for item in meeting.agenda}
        _write(session, meeting, plan, actor=actor, now=now)
        agenda = write_agenda(session, meeting, plan.items, actor=actor, now=now)
        if (meeting.starts_at, _lines(agenda)) != before:
            check_notice(
                rules_of(meeting),
                meeting.form,
                posted_at=now,
                starts_at=plan.starts_at,
                urgent_reason=plan.urgent_reason,
            )
            meeting.noticed_at = now
        document = documents.notice_of_change(meeting, agenda, reason=reason)
        post_document(session, meeting, document, actor=actor, now=now)
        added = [item for item in agenda if item.matter_id not in known]
        _record_matters(session, meeting, added, actor=actor, now=now)
        payload = {"before": before[0].isoformat(), "after": plan.starts_at.isoformat(), "items": len(agenda)}
        record_meeting(
            session, meeting, actor=actor, action="change", payload=payload, reason=reason, now=now
        )


def cancel_meeting(*, meeting_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Call off a meeting that has not opened, and say why. Its matters stay where they are.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        _check_may_plan(actor)
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        meeting.state = move(meeting.state, MeetingState.CANCELLED)
        let_go(session, meeting.id)
        document = documents.notice_of_cancellation(meeting, reason=reason)
        post_document(session, meeting, document, actor=actor, now=now)
        record_meeting(session, meeting, actor=actor, action="cancel", payload={}, reason=reason, now=now)


def _check_may_plan(actor: Actor) -> None:
    if not actor.has(*PLANNERS):
        raise NotEligible(actor.person_id)


def _write(session: Session, meeting: Meeting, plan: Plan, *, actor: Actor, now: datetime) -> None:
    if plan.starts_at <= now:
        raise Invalid(PlanFault.STARTS_IN_PAST, "starts_on")
    meeting.title = plan.title
    meeting.place = plan.place
    meeting.starts_at = plan.starts_at
    meeting.urgent_reason = plan.urgent_reason
    meeting.held = plan.held
    meeting.chair_id = _officer(session, plan.chair_id, "chair", actor=actor, now=now)
    meeting.clerk_id = _officer(session, plan.clerk_id, "clerk", actor=actor, now=now)
    if meeting.clerk_id is not None and meeting.clerk_id == meeting.chair_id:
        raise Invalid(PlanFault.CHAIR_IS_CLERK, "clerk")
    meeting.body_id = _body_of(session, meeting.form, plan, actor=actor)


def _officer(
    session: Session, person_id: uuid.UUID | None, field: str, *, actor: Actor, now: datetime
) -> uuid.UUID | None:
    """Return who chairs or keeps the minutes, who has to hold a post here."""
    if person_id is None:
        return None
    held = list_bodies_held(session, person_id=person_id, day=day_of(now))
    if not held or session.get_one(Body, next(iter(held))).community_id != actor.community_id:
        raise Invalid(PlanFault.UNKNOWN_CHAIR, field)
    return person_id


def _body_of(session: Session, form: MeetingForm, plan: Plan, *, actor: Actor) -> uuid.UUID | None:
    if form in ASSEMBLIES:
        kind = BODY_OF_ASSEMBLY[form]
        return session.scalars(
            select(Body.id)
            .where(Body.community_id == actor.community_id, Body.kind == kind, Body.dissolved_on.is_(None))
            .order_by(Body.founded_on, Body.name)
        ).first()
    if plan.body_id is not None:
        body = session.get(Body, plan.body_id)
        if body is None or body.community_id != actor.community_id or body.dissolved_on is not None:
            raise Invalid(PlanFault.UNKNOWN_BODY, "body")
    return plan.body_id


def _lines(agenda: Sequence[AgendaItem]) -> list[tuple[str, str, uuid.UUID | None]]:
    return [(item.title, item.text, item.matter_id) for item in agenda]


def _record_matters(
    session: Session, meeting: Meeting, agenda: Sequence[AgendaItem], *, actor: Actor, now: datetime
) -> None:
    for matter in (item.matter for item in agenda if item.matter is not None):
        step = advance(session, matter=matter, act=Act.PLAN_MEETING, now=now)
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.plan_meeting",
            payload={
                **step,
                "meeting_id": str(meeting.id),
                "form": meeting.form.value,
                "starts_at": meeting.starts_at.isoformat(),
            },
            now=now,
        )
