"""Statements and votes taken over from elsewhere: one insert for each table, nothing committed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from civicforum.statements.models import Conversation, Statement, StatementVote
from civicforum.statements.rules import LONGEST, RejectReason, StatementState


@dataclass(frozen=True)
class PastStatement:
    """A statement with its number in the conversation; `reason` goes with a rejected one."""

    number: int
    text: str
    author_id: uuid.UUID | None
    created_at: datetime
    state: StatementState = StatementState.SHOWN
    reason: RejectReason | None = None
    is_seed: bool = False


@dataclass(frozen=True)
class PastVote:
    """One act of voting; `value` is 1, -1 or 0."""

    number: int
    person_id: uuid.UUID
    value: int
    cast_at: datetime


def take_over_statements(
    session: Session, conversation: Conversation, statements: Iterable[PastStatement]
) -> dict[int, uuid.UUID]:
    """Write statements and return their ids by number. What is longer than a statement here is cut."""
    rows: list[dict[str, Any]] = [
        {
            "id": uuid.uuid4(),
            "community_id": conversation.community_id,
            "conversation_id": conversation.id,
            "number": past.number,
            "text": " ".join(past.text.split())[:LONGEST],
            "author_id": past.author_id,
            "is_seed": past.is_seed,
            "state": past.state,
            "reason": past.reason,
            "created_at": past.created_at,
        }
        for past in statements
    ]
    session.execute(insert(Statement), rows)
    return {row["number"]: row["id"] for row in rows}


def take_over_votes(
    session: Session, conversation: Conversation, votes: Iterable[PastVote], *, ids: Mapping[int, uuid.UUID]
) -> None:
    """Write every vote, in the order of casting: a person's later one takes the earlier's place."""
    rows: list[dict[str, Any]] = []
    current: dict[tuple[int, uuid.UUID], dict[str, Any]] = {}
    for vote in votes:
        if (before := current.get((vote.number, vote.person_id))) is not None:
            before["superseded_at"] = vote.cast_at
        row = {
            "id": uuid.uuid4(),
            "community_id": conversation.community_id,
            "conversation_id": conversation.id,
            "statement_id": ids[vote.number],
            "person_id": vote.person_id,
            "value": vote.value,
            "cast_at": vote.cast_at,
            "superseded_at": None,
        }
        current[vote.number, vote.person_id] = row
        rows.append(row)
    session.execute(insert(StatementVote), rows)
