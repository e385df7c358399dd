"""Moderating: the convenor's own statements, and which of the others are shown."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import NotFound, TransitionNotAllowed
from civicforum.moderation.registry import Thing
from civicforum.moderation.rules import Kind, Reason
from civicforum.moderation.services import note_hidden
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
        thing = thing_of(statement, conversation)
        take_down(session, statement, reason=reason, now=now)
        # Taking down one's own statement is no decision on somebody else's words.
        if statement.author_id != actor.person_id:
            note_hidden(session, thing, reason=Reason(reason), actor=actor, now=now)
        _record(
            session,
            conversation,
            statement,
            actor=actor,
            action="reject_statement",
            reason=reason.value,
            now=now,
        )


def take_down(session: Session, statement: Statement, *, reason: RejectReason, now: datetime) -> None:
    """Keep a locked statement out. Raises TransitionNotAllowed (it is out already)."""
    statement.state = move_statement(statement.state, StatementState.REJECTED)
    statement.reason, statement.judged_at = reason, now
    _compute_again(session, statement)


def put_back(session: Session, statement: Statement, *, now: datetime) -> None:
    """Show a locked statement that was kept out: an appeal was heard. Raises TransitionNotAllowed."""
    # Not a step of the table: nobody who moderates may take it.
    if statement.state is not StatementState.REJECTED:
        raise TransitionNotAllowed(statement.state, StatementState.SHOWN)
    statement.state, statement.reason, statement.judged_at = StatementState.SHOWN, None, now
    _compute_again(session, statement)


def thing_of(statement: Statement, conversation: Conversation) -> Thing:
    """Return a statement as moderation knows it."""
    return Thing(
        kind=Kind.STATEMENT,
        id=statement.id,
        title=conversation.topic,
        words=statement.text,
        author_id=statement.author_id,
        helper_id=statement.entered_by_id,
        is_hidden=statement.state is StatementState.REJECTED,
        endpoint="statements.show",
        arguments={"conversation_id": conversation.id},
        is_public=statement.state is not StatementState.WAITING,
    )


def lock_for_moderation(
    session: Session, *, statement_id: uuid.UUID, community_id: uuid.UUID
) -> tuple[Conversation, Statement]:
    """Return a statement and its conversation, both locked. Raises NotFound."""
    conversation_id = session.scalar(select(Statement.conversation_id).where(Statement.id == statement_id))
    conversation = session.get(
        Conversation, conversation_id or statement_id, with_for_update=True, populate_existing=True
    )
    if conversation is None or conversation.community_id != community_id:
        raise NotFound(statement_id)
    return conversation, lock_statement(session, conversation=conversation, statement_id=statement_id)


def _compute_again(session: Session, statement: Statement) -> None:
    """Have figures computed again: those of a closed conversation are final, but of the same statements."""
    session.execute(
        update(StatementGrouping)
        .where(StatementGrouping.conversation_id == statement.conversation_id)
        .values(is_final=False)
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
