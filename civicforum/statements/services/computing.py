"""Computing the opinion groups of a conversation from its votes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from civicforum.database import transaction
from civicforum.errors import NotFound
from civicforum.opinions import Matrix, group_people, matrix_of
from civicforum.statements.models import Conversation, Statement, StatementGrouping, StatementVote
from civicforum.statements.publishing import memory_from_json, memory_to_json, shown_of, to_json
from civicforum.statements.rules import LEAST_SHOWN, ConversationState, StatementState


def compute_grouping(*, conversation_id: uuid.UUID, now: datetime) -> int:
    """Compute the groups anew from all answers and return the number of the version. Raises NotFound."""
    with transaction() as session:
        conversation = _lock(session, conversation_id)
        return _compute(session, conversation, until=None, now=now)


def compute_due(*, conversation_id: uuid.UUID, now: datetime) -> int | None:
    """Compute the groups as the clock does; return the number of the version, or None with too few answers.

    While the conversation is open, those who answered last are left out: see `settled_until`. Raises
    NotFound.
    """
    with transaction() as session:
        conversation = _lock(session, conversation_id)
        if conversation.state is ConversationState.CLOSED:
            return _compute(session, conversation, until=None, now=now)
        until = settled_until(session, conversation_id=conversation.id)
        return _compute(session, conversation, until=until, now=now) if until else None


def settled_until(session: Session, *, conversation_id: uuid.UUID) -> datetime | None:
    """Return the instant up to which answers are in the figures of an open conversation.

    It is the last one after which LEAST_SHOWN people have answered; None where there are fewer. However soon
    it closes, the final figures then differ from those shown before by as many people, and not by the one
    neighbour who was seen to answer in the last hour.
    """
    last = func.max(StatementVote.cast_at)
    found = session.scalar(
        select(last)
        .where(StatementVote.conversation_id == conversation_id)
        .group_by(StatementVote.person_id)
        .order_by(last.desc())
        .offset(LEAST_SHOWN - 1)
        .limit(1)
    )
    return found - timedelta(microseconds=1) if found else None


def _lock(session: Session, conversation_id: uuid.UUID) -> Conversation:
    """Return the conversation; nobody closes it or takes a statement down meanwhile, but all may answer."""
    lock = {"read": True, "key_share": True}
    conversation = session.get(Conversation, conversation_id, with_for_update=lock, populate_existing=True)
    if conversation is None:
        raise NotFound(conversation_id)
    # Of two workers the second starts from what the first found.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(conversation_id), 1))))
    return conversation


def _compute(session: Session, conversation: Conversation, *, until: datetime | None, now: datetime) -> int:
    """Add a version that starts from the one before, so that groups keep their names and places.

    The version before loses its memory, which nothing needs any more.
    """
    previous = latest_grouping(session, conversation_id=conversation.id)
    matrix = read_matrix(session, conversation_id=conversation.id, until=until)
    memory = memory_from_json(previous.memory) if previous and previous.memory else None
    grouping = group_people(matrix, previous=memory)
    row = StatementGrouping(
        community_id=conversation.community_id,
        conversation_id=conversation.id,
        version=previous.version + 1 if previous else 1,
        computed_at=until or now,
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


def read_matrix(session: Session, *, conversation_id: uuid.UUID, until: datetime | None = None) -> Matrix:
    """Return the answers that count: each person's last to each statement that is shown.

    `until`: as they stood then; None for now.
    """
    numbers = session.scalars(
        select(Statement.number).where(
            Statement.conversation_id == conversation_id, Statement.state == StatementState.SHOWN
        )
    ).all()
    stood: list[ColumnElement[bool]] = [StatementVote.superseded_at.is_(None)]
    if until is not None:
        stood = [
            StatementVote.cast_at <= until,
            or_(StatementVote.superseded_at.is_(None), StatementVote.superseded_at > until),
        ]
    votes = session.execute(
        select(StatementVote.person_id, Statement.number, StatementVote.value)
        .join(Statement, StatementVote.statement_id == Statement.id)
        .where(
            StatementVote.conversation_id == conversation_id,
            Statement.state == StatementState.SHOWN,
            *stood,
        )
    ).all()
    return matrix_of(((person, number, value) for person, number, value in votes), statements=numbers)


def count_new_voters(
    session: Session, *, conversation_id: uuid.UUID, since: datetime | None, until: datetime
) -> int:
    """Return how many people have answered anything after `since`, or ever, and not after `until`."""
    statement = select(func.count(StatementVote.person_id.distinct())).where(
        StatementVote.conversation_id == conversation_id, StatementVote.cast_at <= until
    )
    if since is not None:
        statement = statement.where(StatementVote.cast_at > since)
    return session.scalar(statement) or 0
