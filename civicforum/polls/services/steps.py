"""What every step of a poll begins and ends with: the row locked, the actor's right, the journal entry."""

from __future__ import annotations

import uuid
from typing import Unpack

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.errors import NotEligible, NotFound
from civicforum.polls.models import Poll
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rulebook import Rulebook


def lock_poll(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    """Return the poll, locked until the commit: named votes wait meanwhile. Raises NotFound."""
    # Weaker than FOR UPDATE: a ballot on its way to the board refers to the poll while it holds the board's
    # row, which whoever locks the poll may want next. Each would wait for the other.
    poll = session.get(Poll, poll_id, with_for_update={"key_share": True}, populate_existing=True)
    if poll is None or poll.community_id != community_id:
        raise NotFound(poll_id)
    return poll


def lock_if_free(session: Session, poll_id: uuid.UUID, *which: ColumnElement[bool]) -> Poll | None:
    """Return the poll locked as `lock_poll` does, for a clock; None if it is held, or not such."""
    return session.scalars(
        select(Poll)
        .where(Poll.id == poll_id, *which)
        # Weaker than FOR UPDATE, which would skip every poll to whose board a ballot is on its way.
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_to_run(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> Poll:
    """Return the poll locked, for somebody who runs it. Raises NotFound, NotEligible."""
    poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
    if not poll.is_run_by(actor):
        raise NotEligible(actor.person_id)
    return poll


def lock_alone(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> Poll:
    """Return a poll that stands alone, locked, for somebody who runs it: one of a meeting is run there.

    Raises NotFound, NotEligible.
    """
    poll = lock_to_run(session, poll_id=poll_id, actor=actor)
    if not poll.stands_alone:
        raise NotFound(poll_id)
    return poll


def lock_for_the_door(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> Poll:
    """Return the poll locked, for somebody at the door desk or the count. Raises NotFound, NotEligible."""
    poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
    if not poll.has_at_the_door(actor):
        raise NotEligible(actor.person_id)
    return poll


def rules_of(poll: Poll) -> Rulebook:
    """Return the rules that the poll began under."""
    return rulebook.load(poll.profile)


def record_poll(session: Session, poll: Poll, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "poll.<action>": the last step of a use case. `actor` None is a clock."""
    subject = Subject(poll.community_id, "poll", poll.id, poll.title)
    record_about(session, subject, action=f"poll.{action}", **entry)
