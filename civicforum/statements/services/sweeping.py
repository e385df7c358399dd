"""What conversations do by the clock: open, close, and have their groups computed when answers came."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from civicforum.jobs import defer
from civicforum.statements.models import Conversation, StatementGrouping
from civicforum.statements.rules import LEAST_SHOWN, ConversationState
from civicforum.statements.services.computing import count_new_voters, latest_grouping, settled_until
from civicforum.statements.services.planning import close_locked, open_locked
from civicforum.sweeps import Tally, sweep_each

TASK = "statements.group"
_C = ConversationState


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    opened: int = 0
    closed: int = 0
    queued: int = 0


def sweep(*, now: datetime) -> SweepResult:
    """Open and close what is due in all communities, and queue the computation of groups out of date."""
    return sweep_each(
        _select_due(now),
        lambda session, conversation_id: _sweep_one(session, conversation_id, now=now),
        nothing=SweepResult(),
    )


def _select_due(now: datetime) -> Select[uuid.UUID]:
    final = exists().where(
        StatementGrouping.conversation_id == Conversation.id, StatementGrouping.is_final.is_(True)
    )
    return select(Conversation.id.label("id")).where(
        or_(
            and_(Conversation.state == _C.PLANNED, Conversation.opens_at <= now),
            Conversation.state == _C.OPEN,
            and_(Conversation.state == _C.CLOSED, ~final),
        )
    )


def _sweep_one(session: Session, conversation_id: uuid.UUID, *, now: datetime) -> SweepResult:
    conversation = session.scalars(
        select(Conversation).where(Conversation.id == conversation_id).with_for_update(skip_locked=True)
    ).one_or_none()
    if conversation is None:
        return SweepResult()
    opened = closed = 0
    if conversation.state is _C.PLANNED and conversation.opens_at <= now:
        open_locked(session, conversation, actor=None, now=now)
        opened = 1
    if conversation.state is _C.OPEN and conversation.closes_at <= now:
        close_locked(session, conversation, actor=None, now=now)
        closed = 1
    queued = is_out_of_date(session, conversation) and _queue(session, conversation)
    return SweepResult(opened=opened, closed=closed, queued=int(queued))


def is_out_of_date(session: Session, conversation: Conversation) -> bool:
    """Tell whether the groups have to be computed: at the end once more, before that when enough people came.

    Not for fewer than LEAST_SHOWN at a time, nor with fewer kept back: what has changed since the last
    figures is a figure too.
    """
    latest = latest_grouping(session, conversation_id=conversation.id)
    if conversation.state is _C.CLOSED:
        return latest is None or not latest.is_final
    until = settled_until(session, conversation_id=conversation.id)
    if until is None:
        return False
    since = latest.computed_at if latest else None
    return count_new_voters(session, conversation_id=conversation.id, since=since, until=until) >= LEAST_SHOWN


def _queue(session: Session, conversation: Conversation) -> bool:
    key = f"{TASK}.{conversation.id}"
    # One computation of a conversation waits at most, and one runs.
    number = defer(session, TASK, lock=key, queueing_lock=key, conversation_id=str(conversation.id))
    return number is not None
