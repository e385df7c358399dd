"""What every step of an election begins and ends with: a locked row, the right to act, the journal entry."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Election, Step
from civicforum.elections.rules import may_plan, may_preside
from civicforum.errors import NotEligible, NotFound
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rulebook import Rulebook


def lock_election(session: Session, *, election_id: uuid.UUID, actor: Actor) -> Election:
    """Return the election locked, for somebody who presides over it. Raises NotFound, NotEligible."""
    return _lock(session, election_id, actor, may_preside)


def lock_to_plan(session: Session, *, election_id: uuid.UUID, actor: Actor) -> Election:
    """Return the election locked, for somebody who may plan it. Raises NotFound, NotEligible."""
    return _lock(session, election_id, actor, may_plan)


def lock_to_take_part(session: Session, *, election_id: uuid.UUID, actor: Actor) -> Election:
    """Return the election locked, for a resident's own act. Raises NotFound."""
    return _lock(session, election_id, actor, lambda _actor: True)


def rules_of(election: Election) -> Rulebook:
    """Return the rules that the election began under."""
    return rulebook.load(election.profile)


def mark_done(
    session: Session,
    election: Election,
    milestone: Milestone,
    *,
    actor: Actor | None,
    now: datetime,
    note: str = "",
) -> None:
    """Write that a date of the calendar has come; the first time stays, and one not planned is left."""
    step = session.scalars(
        select(Step).where(Step.election_id == election.id, Step.milestone == milestone).with_for_update()
    ).one_or_none()
    if step is None or step.done_at is not None:
        return
    step.done_at, step.note = now, note
    step.done_by_id = actor.person_id if actor else None


def record_election(session: Session, election: Election, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "election.<action>": the last step of a use case. `actor` None is a clock."""
    subject = Subject(election.community_id, "election", election.id, election.title)
    record_about(session, subject, action=f"election.{action}", **entry)


def _lock(session: Session, election_id: uuid.UUID, actor: Actor, may: Callable[[Actor], bool]) -> Election:
    election = session.get(Election, election_id, with_for_update={"key_share": True}, populate_existing=True)
    if election is None or election.community_id != actor.community_id:
        raise NotFound(election_id)
    if not may(actor):
        raise NotEligible(actor.person_id)
    return election
