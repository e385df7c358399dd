"""Taking part: adding a statement, changing one's own, and answering those that are shown.

None of it is in the journal: an entry would say who wrote or answered what.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.moderation.errors import Held
from civicforum.moderation.rules import Kind
from civicforum.moderation.services import hold
from civicforum.statements.errors import HasVotes, NotShown
from civicforum.statements.models import Conversation, Statement, StatementVote
from civicforum.statements.rules import (
    MOST_OF_ONE,
    VALUES,
    Answer,
    Fault,
    StatementState,
    clean_text,
    first_state,
)
from civicforum.statements.services.steps import (
    enter_conversation,
    lock_statement,
    refuse_repeated,
    write_alone,
    write_statement,
)


def add_statement(*, conversation_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> StatementState:
    """Add a statement in one's own name, and return whether it is shown at once or waits to be looked at.

    Raises NotFound, NotOpen, NotInvited, Invalid with a Fault, Held.
    """
    with transaction() as session:
        conversation = enter_conversation(session, conversation_id=conversation_id, actor=actor, now=now)
        _require_room(session, conversation, actor)
        held = _hold(session, conversation, text, None, actor, now)
        if held is None:
            return write_statement(
                session, conversation, text=text, actor=actor, is_seed=False, now=now
            ).state
    raise Held(held)


def post_statement(
    session: Session, *, conversation_id: uuid.UUID, text: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Post a statement that was held, in the caller's transaction. Raises as `add_statement` does."""
    conversation = enter_conversation(session, conversation_id=conversation_id, actor=actor, now=now)
    _require_room(session, conversation, actor)
    return write_statement(session, conversation, text=text, actor=actor, is_seed=False, now=now).id


def change_statement(*, statement_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> StatementState:
    """Change the words of one's own statement that nobody has answered; it is looked at again.

    Raises NotFound, NotEligible (another's), NotOpen, NotInvited, HasVotes, TransitionNotAllowed (it was kept
    out), Invalid with a Fault, Held.
    """
    with transaction() as session:
        conversation, statement = _lock_to_change(session, statement_id, actor, now)
        held = _hold(session, conversation, text, statement_id, actor, now)
        if held is None:
            return _change(session, conversation, statement, text)
    raise Held(held)


def post_change(
    session: Session, *, statement_id: uuid.UUID, text: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Make a change that was held, in the caller's transaction. Raises as `change_statement` does."""
    conversation, statement = _lock_to_change(session, statement_id, actor, now)
    _change(session, conversation, statement, text)
    return statement.id


def cast_vote(*, statement_id: uuid.UUID, answer: Answer, actor: Actor, now: datetime) -> uuid.UUID:
    """Answer a statement, or change one's answer; return the conversation. The same again changes nothing.

    Raises NotFound, NotOpen, NotInvited, NotShown.
    """
    with transaction() as session:
        statement = session.get(Statement, statement_id)
        if statement is None:
            raise NotFound(statement_id)
        conversation = enter_conversation(
            session, conversation_id=statement.conversation_id, actor=actor, now=now
        )
        # Locked against new words and against being taken down, but not against the answers of others.
        session.refresh(statement, with_for_update={"read": True})
        if statement.state is not StatementState.SHOWN:
            raise NotShown(conversation.id)
        value = VALUES[answer]
        mine = (
            StatementVote.statement_id == statement.id,
            StatementVote.person_id == actor.person_id,
            StatementVote.superseded_at.is_(None),
        )
        if session.scalar(select(StatementVote.value).where(*mine)) != value:
            session.execute(update(StatementVote).where(*mine).values(superseded_at=now))
            # Two clicks at once: the second finds the first one's row, and leaves it.
            session.execute(
                insert(StatementVote)
                .values(
                    id=uuid.uuid4(),
                    community_id=conversation.community_id,
                    conversation_id=conversation.id,
                    statement_id=statement.id,
                    person_id=actor.person_id,
                    entered_by_id=actor.assisted_by,
                    value=value,
                    cast_at=now,
                )
                .on_conflict_do_nothing()
            )
        return conversation.id


def _require_room(session: Session, conversation: Conversation, actor: Actor) -> None:
    """Raise Invalid where somebody has written as many statements here as anybody may."""
    write_alone(session, conversation)
    written = session.scalar(
        select(func.count()).where(
            Statement.conversation_id == conversation.id,
            Statement.author_id == actor.person_id,
            Statement.is_seed.is_(False),
        )
    )
    if (written or 0) >= MOST_OF_ONE:
        raise Invalid(Fault.TOO_MANY, "text")


def _hold(
    session: Session,
    conversation: Conversation,
    text: str,
    changed_id: uuid.UUID | None,
    actor: Actor,
    now: datetime,
) -> uuid.UUID | None:
    """Keep a new text, or the change of a statement, back where a word of the list stands in it."""
    cleaned = clean_text(text)
    arguments = {"conversation_id": str(conversation.id), "text": cleaned}
    if changed_id is not None:
        arguments["statement_id"] = str(changed_id)
    return hold(
        session,
        kind=Kind.STATEMENT,
        texts=[cleaned],
        title=conversation.topic,
        arguments=arguments,
        actor=actor,
        now=now,
    )


def _lock_to_change(
    session: Session, statement_id: uuid.UUID, actor: Actor, now: datetime
) -> tuple[Conversation, Statement]:
    """Return one's own statement that may still be changed, locked, with its conversation."""
    conversation_id = session.scalar(select(Statement.conversation_id).where(Statement.id == statement_id))
    if conversation_id is None:
        raise NotFound(statement_id)
    conversation = enter_conversation(session, conversation_id=conversation_id, actor=actor, now=now)
    write_alone(session, conversation)
    statement = lock_statement(session, conversation=conversation, statement_id=statement_id)
    if statement.author_id != actor.person_id:
        raise NotEligible(actor.person_id)
    if statement.state is StatementState.REJECTED:
        raise TransitionNotAllowed(statement.state, "change")
    if _has_votes(session, statement):
        raise HasVotes(statement.id)
    return conversation, statement


def _change(session: Session, conversation: Conversation, statement: Statement, text: str) -> StatementState:
    cleaned = clean_text(text)
    if cleaned != statement.text:
        refuse_repeated(session, conversation, text=cleaned)
        statement.text, statement.judged_at = cleaned, None
        statement.state = first_state(is_moderated=conversation.is_moderated, is_seed=statement.is_seed)
    return statement.state


def _has_votes(session: Session, statement: Statement) -> bool:
    found = select(StatementVote.id).where(StatementVote.statement_id == statement.id).limit(1)
    return session.scalar(found) is not None
