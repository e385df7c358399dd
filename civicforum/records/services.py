"""Writing the journal, as the last step of each use case."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.records.models import JournalEntry, JournalHead
from civicforum.records.rules import HASHED, entry_hash
from civicforum.rulebook.days import day_of

# Called with each new entry in its transaction; features above this one register at start-up.
Listener = Callable[[Session, JournalEntry], None]
listeners: list[Listener] = []


@dataclass(frozen=True)
class Subject:
    """What an entry is about."""

    community_id: uuid.UUID
    kind: str
    id: uuid.UUID
    title: str


class Entry(TypedDict):
    """What an entry says beside its subject and its action; see `record`."""

    actor: Actor | None
    now: datetime
    reason: NotRequired[str]
    payload: NotRequired[dict[str, Any] | None]
    is_public: NotRequired[bool]


# Built once, for every use case asks it.
_LOCKED_HEAD = (
    select(JournalHead)
    .where(JournalHead.community_id == bindparam("community"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def open_journal(session: Session, *, community_id: uuid.UUID) -> None:
    """Start a new community's journal."""
    session.add(JournalHead(community_id=community_id, sequence=0, hash=""))
    session.flush()


def record(
    session: Session,
    *,
    community_id: uuid.UUID,
    actor: Actor | None,
    action: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    subject_title: str = "",
    reason: str = "",
    payload: dict[str, Any] | None = None,
    now: datetime,
    is_public: bool = True,
) -> JournalEntry:
    """Append one entry: the last step of a use case, for it locks the community's journal until the commit.

    `actor` None is a clock. `action` is "feature.verb", such as "matter.publish". `payload` is plain
    JSON: ids as text, states, figures; for a matter's step its "from" and "to" stage.
    """
    # Everything else is flushed and read before the lock: nobody waits on ours longer than for one insert.
    session.flush()
    post = ""
    if actor is not None and actor.assisted_by is None:
        post = post_text(session, person_id=actor.person_id, day=day_of(now))
    head = session.scalars(_LOCKED_HEAD, {"community": community_id}).one()
    values: dict[str, Any] = {
        "community_id": community_id,
        "sequence": head.sequence + 1,
        "at": now,
        "actor_id": actor.person_id if actor else None,
        "post": post,
        "assisted_by_id": actor.assisted_by if actor else None,
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "subject_title": subject_title[:200],
        "reason": reason,
        "payload": payload or {},
        "is_public": is_public,
        "previous_hash": head.hash,
    }
    entry = JournalEntry(**{name: values[name] for name in HASHED}, hash=entry_hash(values))
    session.add(entry)
    head.sequence, head.hash = entry.sequence, entry.hash
    session.flush()
    for listener in listeners:
        listener(session, entry)
    return entry


def record_about(session: Session, subject: Subject, *, action: str, **entry: Unpack[Entry]) -> None:
    """Append one entry about a subject, as `record` does."""
    record(
        session,
        community_id=subject.community_id,
        action=action,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_title=subject.title,
        **entry,
    )
