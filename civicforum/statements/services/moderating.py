"""Moderating: the convenor's own statements, and which of the others are shown."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import NotFound, TransitionNotAllowed
from civicforum.statements.models import Conversation, Statement, StatementGrouping
from civicforum.statements.rules import ConversationState, RejectReason, StatementState, move_statement
from civicforum.statements.services.steps import (
    lock_conversation,
    lock_statement,
    record_conversation,
    write_statement,
)


def add_seed(*, conversation_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Add a statement as the convenor: it is shown at once, and can be added before the conversation opens.

    Raises NotFound, NotEligible, TransitionNotAllowed (it is closed), Invalid with a Fault.
    """
    with transaction() as session:
        conversation = lock_conversation(session, conversation_id=conversation_id, actor=actor)
        if conversation.state is ConversationState.CLOSED:
            raise TransitionNotAllowed(conversation.state, "add_seed")
        statement = write_statement(session, conversation, text=text, actor=actor, is_seed=True, now=now)
        _record(session, conversation, statement, actor=actor, action="add_seed", now=now)


def show_statement(*, statement_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Let a waiting statement be answered. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        conversation, statement = _lock(session, statement_id, actor)
        if conversation.state is ConversationState.CLOSED:
            raise TransitionNotAllowed(conversation.state, "show_statement")
        statement.state = move_statement(statement.state, StatementState.SHOWN)
        statement.judged_at = now
        _record(session, conversation, statement, actor=actor, action="show_statement", now=now)


def reject_statement(*, statement_id: uuid.UUID, reason: RejectReason, actor: Actor, now: datetime) -> None:
    """Keep a statement out, or take one down that was shown; its author reads the reason.

    Raises NotFound, NotEligible, TransitionNotAllowed (it is out already).
    """
    with transaction() as session:
        conversation, statement = _lock(session, statement_id, actor)
        statement.state = move_statement(statement.state, StatementState.REJECTED)
        statement.reason, statement.judged_at = reason, now
        # Figures of a closed conversation are final, but not with what was taken down: they are computed
        # again.
        session.execute(
            update(StatementGrouping)
            .where(StatementGrouping.conversation_id == conversation.id)
            .values(is_final=False)
        )
        _record(
            session,
            conversation,
            statement,
            actor=actor,
            action="reject_statement",
            reason=reason.value,
            now=now,
        )


def _lock(session: Session, statement_id: uuid.UUID, actor: Actor) -> tuple[Conversation, Statement]:
    conversation_id = session.scalar(select(Statement.conversation_id).where(Statement.id == statement_id))
    if conversation_id is None:
        raise NotFound(statement_id)
    conversation = lock_conversation(session, conversation_id=conversation_id, actor=actor)
    return conversation, lock_statement(session, conversation=conversation, statement_id=statement_id)


def _record(
    session: Session,
    conversation: Conversation,
    statement: Statement,
    *,
    actor: Actor,
    action: str,
    reason: str = "",
    now: datetime,
) -> None:
    # By its number: what was kept out may hold what nobody should read, and an author's name is not shown.
    payload = {"statement": statement.number}
    record_conversation(
        session, conversation, actor=actor, action=action, payload=payload, reason=reason, now=now
    )
