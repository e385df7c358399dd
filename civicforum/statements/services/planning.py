"""Planning a conversation, opening and closing it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound, TransitionNotAllowed
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.meetings.models import Meeting
from civicforum.rows import get_row
from civicforum.statements.models import Conversation
from civicforum.statements.rules import (
    Audience,
    ConversationState,
    Fault,
    check_convene,
    check_times,
    move,
)
from civicforum.statements.services.steps import lock_conversation, record_conversation, write_statement


@dataclass(frozen=True)
class Plan:
    """What a conversation is about, who takes part and when.

    `body_id` goes with Audience.BODY. `seeds`: the first statements, by the convenor.
    """

    topic: str
    opens_at: datetime
    closes_at: datetime
    background: str = ""
    audience: Audience = Audience.EVERYBODY
    body_id: uuid.UUID | None = None
    is_moderated: bool = True
    seeds: Sequence[str] = field(default_factory=tuple)


def plan_conversation(
    *,
    plan: Plan,
    meeting_id: uuid.UUID | None = None,
    matter_id: uuid.UUID | None = None,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Plan a conversation for a meeting, a matter, or the community; one that begins now is open at once.

    Raises NotFound, NotEligible, Invalid with a Fault.
    """
    with transaction() as session:
        meeting = _get_meeting(session, meeting_id, actor)
        check_convene(actor, chair_id=meeting.chair_id if meeting else None)
        conversation = Conversation(
            community_id=actor.community_id,
            meeting=meeting,
            matter=_get_matter(session, matter_id, actor),
            created_by_id=actor.person_id,
            created_at=now,
            state=ConversationState.PLANNED,
        )
        _write(session, conversation, plan, actor=actor, now=now)
        session.add(conversation)
        session.flush()
        for text in plan.seeds:
            write_statement(session, conversation, text=text, actor=actor, is_seed=True, now=now)
        if plan.opens_at <= now:
            conversation.state = move(conversation.state, ConversationState.OPEN)
        payload = {"audience": plan.audience.value, "seeds": len(plan.seeds), **_times(conversation)}
        record_conversation(session, conversation, actor=actor, action="plan", payload=payload, now=now)
        return conversation.id


def change_conversation(*, conversation_id: uuid.UUID, plan: Plan, actor: Actor, now: datetime) -> None:
    """Change a conversation that is not over. Once it is open, its topic and who takes part stay.

    Raises NotFound, NotEligible, TransitionNotAllowed (it is closed), Invalid with a Fault.
    """
    with transaction() as session:
        conversation = lock_conversation(session, conversation_id=conversation_id, actor=actor)
        if conversation.state is ConversationState.CLOSED:
            raise TransitionNotAllowed(conversation.state, "change")
        if conversation.state is ConversationState.OPEN:
            check_times(opens_at=conversation.opens_at, closes_at=plan.closes_at, now=now)
            conversation.background, conversation.closes_at = plan.background, plan.closes_at
            conversation.is_moderated = plan.is_moderated
        else:
            _write(session, conversation, plan, actor=actor, now=now)
        record_conversation(
            session, conversation, actor=actor, action="change", payload=_times(conversation), now=now
        )


def open_conversation(*, conversation_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Open a planned conversation before its hour. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        conversation = lock_conversation(session, conversation_id=conversation_id, actor=actor)
        open_locked(session, conversation, actor=actor, now=now)


def close_conversation(*, conversation_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Close a conversation before its hour, or call off a planned one, and say why.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        conversation = lock_conversation(session, conversation_id=conversation_id, actor=actor)
        close_locked(session, conversation, actor=actor, reason=reason, now=now)


def open_locked(session: Session, conversation: Conversation, *, actor: Actor | None, now: datetime) -> None:
    conversation.state = move(conversation.state, ConversationState.OPEN)
    conversation.opens_at = min(conversation.opens_at, now)
    record_conversation(session, conversation, actor=actor, action="open", now=now)


def close_locked(
    session: Session, conversation: Conversation, *, actor: Actor | None, reason: str = "", now: datetime
) -> None:
    conversation.state = move(conversation.state, ConversationState.CLOSED)
    conversation.closed_at = now
    record_conversation(session, conversation, actor=actor, action="close", reason=reason, now=now)


def _write(session: Session, conversation: Conversation, plan: Plan, *, actor: Actor, now: datetime) -> None:
    check_times(opens_at=plan.opens_at, closes_at=plan.closes_at, now=now)
    if plan.audience is Audience.MEETING and conversation.meeting is None:
        raise Invalid(Fault.NO_MEETING, "audience")
    conversation.topic, conversation.background = plan.topic, plan.background
    conversation.opens_at, conversation.closes_at = plan.opens_at, plan.closes_at
    conversation.audience, conversation.is_moderated = plan.audience, plan.is_moderated
    conversation.body_id = _body_of(session, plan, actor)


def _body_of(session: Session, plan: Plan, actor: Actor) -> uuid.UUID | None:
    if plan.audience is not Audience.BODY:
        return None
    body = session.get(Body, plan.body_id) if plan.body_id else None
    if body is None or body.community_id != actor.community_id or body.dissolved_on is not None:
        raise Invalid(Fault.NO_BODY, "body")
    return body.id


def _get_meeting(session: Session, meeting_id: uuid.UUID | None, actor: Actor) -> Meeting | None:
    if meeting_id is None:
        return None
    return get_row(session, Meeting, meeting_id, community_id=actor.community_id)


def _get_matter(session: Session, matter_id: uuid.UUID | None, actor: Actor) -> Matter | None:
    if matter_id is None:
        return None
    matter = session.get(Matter, matter_id)
    if matter is None or matter.community_id != actor.community_id or matter.stage is Stage.DRAFT:
        raise NotFound(matter_id)
    return matter


def _times(conversation: Conversation) -> dict[str, str]:
    return {
        "opens_at": conversation.opens_at.isoformat(),
        "closes_at": conversation.closes_at.isoformat(),
    }
