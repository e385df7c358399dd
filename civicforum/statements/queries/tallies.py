"""How often each statement was answered how."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.opinions import AGREE, DISAGREE, PASS, Tally
from civicforum.statements.models import Statement, StatementVote


def count_tallies(
    session: Session, *, conversation_id: uuid.UUID, every_vote: bool = False
) -> dict[int, Tally]:
    """Return by number how each statement was answered, by each person's last answer.

    `every_vote`: every act of voting instead, so that who changed their mind counts twice. For comparing with
    others who count so, never for a page.
    """
    statement = (
        select(
            Statement.number,
            func.count().filter(StatementVote.value == AGREE),
            func.count().filter(StatementVote.value == DISAGREE),
            func.count().filter(StatementVote.value == PASS),
        )
        .join(StatementVote, StatementVote.statement_id == Statement.id)
        .where(Statement.conversation_id == conversation_id)
        .group_by(Statement.number)
    )
    if not every_vote:
        statement = statement.where(StatementVote.superseded_at.is_(None))
    return {number: Tally(*counts) for number, *counts in session.execute(statement)}
