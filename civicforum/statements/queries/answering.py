"""One statement at a time for the person who answers, what they have said so far, and where they stand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.opinions import PASS, Tally, need_of, next_of
from civicforum.opinions.grouping import LEAST_ANSWERS
from civicforum.statements.models import Conversation, Statement, StatementGrouping, StatementVote
from civicforum.statements.publishing import from_json, memory_from_json
from civicforum.statements.rules import ANSWERS, Answer, StatementState

# What nobody has computed yet pulls people apart as much as the middle.
UNKNOWN_PULL = 50


@dataclass(frozen=True)
class Question:
    """The statement to answer: the `at`-th of `of` for this person."""

    statement: Statement
    at: int
    of: int


@dataclass(frozen=True)
class Mine:
    """What somebody said: answers by statement, and the statements they added."""

    answers: Sequence[tuple[Statement, Answer, bool]]
    statements: Sequence[tuple[Statement, bool]]


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in the picture, for their own eyes: the place, and the nearest group."""

    x: float
    y: float
    group: int


def next_question(
    session: Session, *, conversation: Conversation, grouping: StatementGrouping | None, person_id: uuid.UUID
) -> Question | None:
    """Return the statement that this person is asked next, or None when all are answered."""
    current = and_(StatementVote.statement_id == Statement.id, StatementVote.superseded_at.is_(None))
    agrees = func.count().filter(StatementVote.value == 1)
    disagrees = func.count().filter(StatementVote.value == -1)
    passes = func.count().filter(StatementVote.value == PASS)
    mine = func.count().filter(StatementVote.person_id == person_id)
    rows = session.execute(
        select(Statement, agrees, disagrees, passes, mine)
        .outerjoin(StatementVote, current)
        .where(Statement.conversation_id == conversation.id, Statement.state == StatementState.SHOWN)
        .group_by(Statement.id)
    ).all()
    pulls = from_json(grouping.shown).pulls if grouping else {}
    open_ones = {str(row[0].id): row for row in rows if not row[4]}
    needs = {
        key: need_of(Tally(*row[1:4]), pull=pulls.get(row[0].number, UNKNOWN_PULL))
        for key, row in open_ones.items()
    }
    chosen = next_of(needs, person=str(person_id))
    if chosen is None:
        return None
    return Question(open_ones[chosen][0], len(rows) - len(open_ones) + 1, len(rows))


def get_question(session: Session, *, statement_id: uuid.UUID, conversation: Conversation) -> Statement:
    """Return a statement of the conversation that is shown. Raises NotFound."""
    statement = session.get(Statement, statement_id)
    is_its = statement is not None and statement.conversation_id == conversation.id
    if statement is None or not is_its or statement.state is not StatementState.SHOWN:
        raise NotFound(statement_id)
    return statement


def get_own_statement(session: Session, *, statement_id: uuid.UUID, actor: Actor) -> Statement:
    """Return a statement of this author. Raises NotFound."""
    statement = session.get(Statement, statement_id)
    if statement is None or statement.author_id != actor.person_id:
        raise NotFound(statement_id)
    return statement


def list_mine(session: Session, *, conversation: Conversation, person_id: uuid.UUID) -> Mine:
    """Return somebody's own answers and own statements, both by number.

    With each answer whether the help desk entered it; with each statement whether it can still be changed.
    """
    answers = session.execute(
        select(Statement, StatementVote.value, StatementVote.entered_by_id)
        .join(StatementVote, StatementVote.statement_id == Statement.id)
        .where(
            StatementVote.conversation_id == conversation.id,
            StatementVote.person_id == person_id,
            StatementVote.superseded_at.is_(None),
            Statement.state == StatementState.SHOWN,
        )
        .order_by(Statement.number)
    ).all()
    votes = select(func.count()).where(StatementVote.statement_id == Statement.id).scalar_subquery()
    added = session.execute(
        select(Statement, votes)
        .where(
            Statement.conversation_id == conversation.id,
            Statement.author_id == person_id,
            Statement.is_seed.is_(False),
        )
        .order_by(Statement.number)
    ).all()
    return Mine(
        answers=[(statement, ANSWERS[value], by is not None) for statement, value, by in answers],
        statements=[
            (statement, not count and statement.state is not StatementState.REJECTED)
            for statement, count in added
        ],
    )


def get_standing(
    session: Session, *, grouping: StatementGrouping | None, person_id: uuid.UUID
) -> Standing | None:
    """Return where somebody stands in the last picture; None for whoever answered too little."""
    if grouping is None or grouping.memory is None:
        return None
    votes = dict(
        session.execute(
            select(Statement.number, StatementVote.value)
            .join(StatementVote, StatementVote.statement_id == Statement.id)
            .where(
                StatementVote.conversation_id == grouping.conversation_id,
                StatementVote.person_id == person_id,
                StatementVote.superseded_at.is_(None),
            )
        ).all()
    )
    plane = memory_from_json(grouping.memory).plane
    row = np.array([votes.get(number, np.nan) for number in plane.statements], dtype=np.float64)
    if np.count_nonzero(~np.isnan(row)) < min(LEAST_ANSWERS, len(row)):
        return None
    x, y = plane.place(row[None, :])[0]
    groups = from_json(grouping.shown).groups
    nearest = min(groups, key=lambda group: (group.x - x) ** 2 + (group.y - y) ** 2)
    return Standing(float(x), float(y), nearest.name)
