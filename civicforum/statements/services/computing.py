"""Computing the opinion groups of a conversation from its votes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.database import transaction
from civicforum.errors import NotFound
from civicforum.opinions import Matrix, group_people, matrix_of
from civicforum.statements.models import Conversation, Statement, StatementGrouping, StatementVote
from civicforum.statements.publishing import memory_from_json, memory_to_json, shown_of, to_json
from civicforum.statements.rules import ConversationState, StatementState


def compute_grouping(*, conversation_id: uuid.UUID, now: datetime) -> int:
    """Compute the groups anew and return the number of the version.

    Starts from the version before, so that groups keep their names and places. The version before loses its
    memory, which nothing needs any more. Raises NotFound.
    """
    with transaction() as session:
        # Locked: of two workers the second starts from what the first found.
        conversation = session.get(Conversation, conversation_id, with_for_update={"key_share": True})
        if conversation is None:
            raise NotFound(conversation_id)
        previous = latest_grouping(session, conversation_id=conversation_id)
        matrix = read_matrix(session, conversation_id=conversation_id)
        memory = memory_from_json(previous.memory) if previous and previous.memory else None
        grouping = group_people(matrix, previous=memory)
        row = StatementGrouping(
            community_id=conversation.community_id,
            conversation_id=conversation.id,
            version=previous.version + 1 if previous else 1,
            computed_at=now,
            is_final=conversation.state is ConversationState.CLOSED,
            people=len(matrix.people),
            placed=len(grouping.people),
            votes=int(matrix.answered.sum()),
            groups=len(grouping.names),
            silhouette=grouping.silhouette,
            shown=to_json(shown_of(matrix, grouping)),
            memory=memory_to_json(grouping.memory) if grouping.memory else None,
        )
        session.add(row)
        if previous:
            previous.memory = None
        return row.version


def latest_grouping(session: Session, *, conversation_id: uuid.UUID) -> StatementGrouping | None:
    """Return the last computation, or None."""
    return session.scalars(
        select(StatementGrouping)
        .where(StatementGrouping.conversation_id == conversation_id)
        .order_by(StatementGrouping.version.desc())
        .limit(1)
    ).one_or_none()


def read_matrix(session: Session, *, conversation_id: uuid.UUID) -> Matrix:
    """Return the answers that count: each person's last to each statement that is shown."""
    numbers = session.scalars(
        select(Statement.number).where(
            Statement.conversation_id == conversation_id, Statement.state == StatementState.SHOWN
        )
    ).all()
    votes = session.execute(
        select(StatementVote.person_id, Statement.number, StatementVote.value)
        .join(Statement, StatementVote.statement_id == Statement.id)
        .where(
            StatementVote.conversation_id == conversation_id,
            StatementVote.superseded_at.is_(None),
            Statement.state == StatementState.SHOWN,
        )
    ).all()
    return matrix_of(((person, number, value) for person, number, value in votes), statements=numbers)


def count_new_voters(session: Session, *, conversation_id: uuid.UUID, since: datetime | None) -> int:
    """Return how many people have answered anything since then, or ever."""
    statement = select(func.count(StatementVote.person_id.distinct())).where(
        StatementVote.conversation_id == conversation_id
    )
    if since is not None:
        statement = statement.where(StatementVote.cast_at > since)
    return session.scalar(statement) or 0
