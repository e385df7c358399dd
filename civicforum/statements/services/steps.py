"""Steps that the use cases of conversations share. They take the session and commit nothing.

Rows are locked in one order: conversation, statement, and last the journal. Whoever votes or adds a statement
takes the conversation's row in share mode, so that many do so at once and a closing waits for all of them;
whoever writes words does so alone (`write_alone`).
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.errors import Invalid, NotFound
from civicforum.records.services import Entry, Subject, record_about
from civicforum.statements.errors import NotInvited, NotOpen
from civicforum.statements.models import Conversation, Statement
from civicforum.statements.participants import may_take_part
from civicforum.statements.rules import (
    ConversationState,
    Fault,
    check_convene,
    clean_text,
    first_state,
)


def lock_conversation(session: Session, *, conversation_id: uuid.UUID, actor: Actor) -> Conversation:
    """Return a conversation locked for whoever convenes it. Raises NotFound, NotEligible."""
    conversation = _get(session, conversation_id, actor, is_shared=False)
    check_convene(actor, chair_id=chair_of(conversation))
    return conversation


def enter_conversation(
    session: Session, *, conversation_id: uuid.UUID, actor: Actor, now: datetime
) -> Conversation:
    """Return an open conversation for somebody who may take part, kept open until the commit.

    Raises NotFound, NotOpen, NotInvited.
    """
    conversation = _get(session, conversation_id, actor, is_shared=True)
    if conversation.state is not ConversationState.OPEN or conversation.closes_at <= now:
        raise NotOpen(conversation.id)
    if not may_take_part(session, conversation, person_id=actor.person_id, now=now):
        raise NotInvited(actor.person_id)
    return conversation


def _get(session: Session, conversation_id: uuid.UUID, actor: Actor, *, is_shared: bool) -> Conversation:
    conversation = session.scalars(
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.community_id == actor.community_id)
        .with_for_update(read=is_shared)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if conversation is None:
        raise NotFound(conversation_id)
    return conversation


def chair_of(conversation: Conversation) -> uuid.UUID | None:
    """Return who chairs the meeting that the conversation belongs to."""
    return conversation.meeting.chair_id if conversation.meeting else None


def lock_statement(session: Session, *, conversation: Conversation, statement_id: uuid.UUID) -> Statement:
    """Return a statement of the conversation, locked. Raises NotFound."""
    statement = session.get(Statement, statement_id, with_for_update=True, populate_existing=True)
    if statement is None or statement.conversation_id != conversation.id:
        raise NotFound(statement_id)
    return statement


def write_statement(
    session: Session, conversation: Conversation, *, text: str, actor: Actor, is_seed: bool, now: datetime
) -> Statement:
    """Add a statement under the next number. Raises Invalid with a Fault."""
    cleaned = clean_text(text)
    write_alone(session, conversation)
    refuse_repeated(session, conversation, text=cleaned)
    last = session.scalar(
        select(func.max(Statement.number)).where(Statement.conversation_id == conversation.id)
    )
    statement = Statement(
        community_id=conversation.community_id,
        conversation_id=conversation.id,
        number=(last or 0) + 1,
        text=cleaned,
        author_id=actor.person_id,
        entered_by_id=actor.assisted_by,
        is_seed=is_seed,
        state=first_state(is_moderated=conversation.is_moderated, is_seed=is_seed),
        created_at=now,
    )
    session.add(statement)
    session.flush()
    return statement


def write_alone(session: Session, conversation: Conversation) -> None:
    """Wait until nobody else writes words here: of two clicks, the second finds the first one's statement.

    The row of the conversation is only shared by those who take part.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(conversation.id), 0))))


def refuse_repeated(session: Session, conversation: Conversation, *, text: str) -> None:
    """Raise Invalid where the same words stand there already, kept out or not."""
    same = select(Statement.id).where(Statement.conversation_id == conversation.id, Statement.text == text)
    if session.scalar(same.limit(1)) is not None:
        raise Invalid(Fault.SAID_BEFORE, "text")


def record_conversation(
    session: Session,
    conversation: Conversation,
    *,
    action: str,
    **entry: Unpack[Entry],
) -> None:
    subject = Subject(conversation.community_id, "conversation", conversation.id, conversation.topic)
    record_about(session, subject, action=f"conversation.{action}", **entry)
