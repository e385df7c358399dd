"""Reads of owners' decisions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.paging import Page, paginate
from civicforum.registers.models import OwnersDecision
from civicforum.registers.rules import RemarkState, remark_state
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class DecisionLine:
    """A decision with what the committee said, and after how many days it was notified."""

    decision: OwnersDecision
    state: RemarkState
    days_to_notify: int


def list_decisions(session: Session, *, community_id: uuid.UUID, number: int) -> Page[DecisionLine]:
    """Return a page of decisions, the latest first. Two statements."""
    statement = (
        select(OwnersDecision)
        .where(OwnersDecision.community_id == community_id)
        .order_by(OwnersDecision.decided_on.desc(), OwnersDecision.id)
    )
    return paginate(session, statement, number=number).map(_line)


def get_decision(session: Session, *, decision_id: uuid.UUID, community_id: uuid.UUID) -> DecisionLine:
    """Return a decision with who notified it and who remarked. Raises NotFound."""
    decision = get_row(
        session,
        OwnersDecision,
        decision_id,
        community_id=community_id,
        options=[joinedload(OwnersDecision.notified_by), joinedload(OwnersDecision.remarked_by)],
    )
    return _line(decision)


def count_waiting(session: Session, *, community_id: uuid.UUID) -> int:
    """Return how many decisions the committee has not looked at."""
    return (
        session.scalar(
            select(func.count()).where(
                OwnersDecision.community_id == community_id, OwnersDecision.remarked_at.is_(None)
            )
        )
        or 0
    )


def _line(decision: OwnersDecision) -> DecisionLine:
    state = remark_state(is_seen=decision.remarked_at is not None, remark=decision.remark)
    return DecisionLine(decision, state, (day_of(decision.notified_at) - decision.decided_on).days)
