"""Conversations in lists, the page of one, and what waits for somebody in them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, NOW, values_of
from civicforum.meetings.models import Meeting
from civicforum.paging import Page, paginate
from civicforum.people.models import Person
from civicforum.statements.models import Conversation, Statement, StatementGrouping, StatementVote
from civicforum.statements.participants import is_of_audience, may_take_part
from civicforum.statements.rules import ConversationState, StatementState, may_convene
from civicforum.statements.services.computing import latest_grouping
from civicforum.statements.services.steps import chair_of

# So many open conversations wait on somebody's home page at most.
NEEDS_SHOWN = 5


@dataclass(frozen=True)
class ConversationPage:
    """A conversation as somebody sees it.

    Attributes:
        shown, waiting: how many statements there are, and how many wait to be looked at.
        answered: how many of those shown this person has answered.
        takes_part: whether this person may; always False for visitors.
    """

    conversation: Conversation
    shown: int
    waiting: int
    answered: int
    takes_part: bool
    may_convene: bool
    grouping: StatementGrouping | None

    @property
    def left(self) -> int:
        return self.shown - self.answered


def get_conversation(
    session: Session, *, conversation_id: uuid.UUID, community_id: uuid.UUID
) -> Conversation:
    """Return a conversation with what it belongs to. Raises NotFound."""
    conversation = session.scalars(
        select(Conversation)
        .options(
            joinedload(Conversation.meeting),
            joinedload(Conversation.matter),
            joinedload(Conversation.body),
        )
        .where(Conversation.id == conversation_id, Conversation.community_id == community_id)
    ).one_or_none()
    if conversation is None:
        raise NotFound(conversation_id)
    return conversation


def get_page(
    session: Session,
    *,
    conversation_id: uuid.UUID,
    community_id: uuid.UUID,
    actor: Actor | None,
    now: datetime,
) -> ConversationPage:
    """Return a conversation as this visitor may see it. Raises NotFound."""
    conversation = get_conversation(session, conversation_id=conversation_id, community_id=community_id)
    counted = session.execute(
        select(Statement.state, func.count())
        .where(Statement.conversation_id == conversation.id)
        .group_by(Statement.state)
    )
    states = dict(counted.all())
    is_live = conversation.state is not ConversationState.CLOSED
    return ConversationPage(
        conversation=conversation,
        shown=states.get(StatementState.SHOWN, 0),
        waiting=states.get(StatementState.WAITING, 0),
        answered=count_answered(session, conversation=conversation, person_id=actor.person_id)
        if actor
        else 0,
        takes_part=actor is not None
        and is_live
        and may_take_part(session, conversation, person_id=actor.person_id, now=now),
        may_convene=actor is not None and may_convene(actor, chair_id=chair_of(conversation)),
        grouping=latest_grouping(session, conversation_id=conversation.id),
    )


def count_answered(session: Session, *, conversation: Conversation, person_id: uuid.UUID) -> int:
    """Return how many of the statements that are shown somebody has answered."""
    statement = (
        select(func.count())
        .select_from(StatementVote)
        .join(Statement, StatementVote.statement_id == Statement.id)
        .where(
            StatementVote.conversation_id == conversation.id,
            StatementVote.person_id == person_id,
            StatementVote.superseded_at.is_(None),
            Statement.state == StatementState.SHOWN,
        )
    )
    return session.scalar(statement) or 0


def list_conversations(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Conversation]:
    """Return a page of all conversations: first the open ones, then those to come, then the closed."""
    return paginate(
        session,
        select(Conversation)
        .options(joinedload(Conversation.meeting), joinedload(Conversation.matter))
        .where(Conversation.community_id == community_id)
        .order_by(
            Conversation.state != ConversationState.OPEN,
            Conversation.state == ConversationState.CLOSED,
            Conversation.closes_at.desc(),
            Conversation.id,
        ),
        number=number,
    )


def list_of_subject(
    session: Session, *, meeting_id: uuid.UUID | None = None, matter_id: uuid.UUID | None = None
) -> Sequence[Conversation]:
    """Return the conversations of a meeting or of a matter, oldest first, for its page. One statement."""
    which = Conversation.meeting_id == meeting_id if meeting_id else Conversation.matter_id == matter_id
    return session.scalars(
        select(Conversation).where(which).order_by(Conversation.opens_at, Conversation.id)
    ).all()


def list_statements(session: Session, *, conversation_id: uuid.UUID) -> dict[StatementState, list[Statement]]:
    """Return all statements by state, for whoever moderates: the oldest first."""
    found: dict[StatementState, list[Statement]] = {state: [] for state in StatementState}
    for statement in session.scalars(
        select(Statement)
        .options(joinedload(Statement.author))
        .where(Statement.conversation_id == conversation_id)
        .order_by(Statement.number)
    ):
        found[statement.state].append(statement)
    return found


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the open conversations with statements that wait for somebody: to be answered, or looked at."""
    rows = session.execute(_open(), values_of(actor, now)).all()
    needs = []
    for conversation, is_unanswered, is_waiting in rows:
        arguments = {"conversation_id": conversation.id}
        if is_waiting and may_convene(actor, chair_id=chair_of(conversation)):
            needs.append(Need(NeedKind.MODERATE, conversation.topic, "statements.moderate", arguments))
        if is_unanswered and is_of_audience(session, conversation, person_id=actor.person_id, now=now):
            needs.append(
                Need(
                    NeedKind.ANSWER_STATEMENTS,
                    conversation.topic,
                    "statements.answer",
                    arguments,
                    due_at=conversation.closes_at,
                )
            )
    return needs


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a conversation may wait for such an actor."""
    here = (Conversation.community_id == HERE, _is_live())
    looks: list[ColumnElement[bool]] = []
    if not may_convene(actor, chair_id=None):
        looks.append(Conversation.meeting_id.in_(select(Meeting.id).where(Meeting.chair_id == ME)))
    return or_(exists().where(*here, *_unanswered()), exists().where(*here, *looks, *_waiting()))


@cache
def _open() -> Select[Conversation, bool, bool]:
    """Select the open conversations, each with whether the actor could answer more, and whether some wait."""
    lives_here = exists().where(Person.id == ME, Person.community_id == HERE, Person.left_on.is_(None))
    return (
        select(Conversation, and_(lives_here, _one(_unanswered())), _one(_waiting()))
        .outerjoin(Meeting, Conversation.meeting_id == Meeting.id)
        .options(contains_eager(Conversation.meeting))
        .where(Conversation.community_id == HERE, _is_live())
        .order_by(Conversation.closes_at, Conversation.id)
        .limit(NEEDS_SHOWN)
    )


def _one(which: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Tell of a conversation whether one of its statements is such."""
    return exists().where(*which).correlate(Conversation)


def _is_live() -> ColumnElement[bool]:
    return and_(Conversation.state == ConversationState.OPEN, Conversation.closes_at > NOW)


def _unanswered() -> list[ColumnElement[bool]]:
    """Tell of a conversation and a statement whether the actor could answer it and has not."""
    answered = exists().where(
        StatementVote.statement_id == Statement.id,
        StatementVote.person_id == ME,
        StatementVote.superseded_at.is_(None),
    )
    return [Statement.conversation_id == Conversation.id, Statement.state == StatementState.SHOWN, ~answered]


def _waiting() -> list[ColumnElement[bool]]:
    """Tell of a conversation and a statement whether it waits to be looked at."""
    return [Statement.conversation_id == Conversation.id, Statement.state == StatementState.WAITING]
