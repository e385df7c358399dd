"""Steps that the use cases of corrective actions share. They take the session and commit nothing.

Rows are locked in one order: cycle, action, register, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.appraisals.actions import is_owner
from civicforum.appraisals.models import CorrectiveAction
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running, list_bodies_held
from civicforum.errors import Invalid, NotFound
from civicforum.people.queries import rules_in
from civicforum.people.services import lock_register
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of


def lock_action(session: Session, *, action_id: uuid.UUID, community_id: uuid.UUID) -> CorrectiveAction:
    """Return the action, locked until the commit. Raises NotFound, also for another community's."""
    action = session.get(
        CorrectiveAction, action_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if action is None or action.community_id != community_id:
        raise NotFound(action_id)
    return action


def owns(session: Session, action: CorrectiveAction, person_id: uuid.UUID, now: datetime) -> bool:
    """Tell whether somebody answers for the action."""
    held = list_bodies_held(session, person_id=person_id, day=day_of(now))
    return is_owner(person_id, owner_id=action.owner_id, owner_person_id=action.owner_person_id, held=held)


def is_graded(action: CorrectiveAction, person_id: uuid.UUID) -> bool:
    """Tell whether the action answers a grade of, or a criticism about, this person."""
    return action.subject is not None and action.subject.person_id == person_id


def book_of(session: Session, action: CorrectiveAction) -> Rulebook:
    """Return the rules of the cycle it comes from, or else those of the community."""
    if action.cycle is not None:
        return rulebook.load(action.cycle.profile)
    return rules_in(session, action.community_id)


def check_owner(
    session: Session,
    *,
    community_id: uuid.UUID,
    body_id: uuid.UUID,
    person_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Refuse an owner that is no body here, or somebody without a post in it. Raises Invalid ("owner")."""
    body = session.get(Body, body_id)
    if body is None or body.community_id != community_id or body.dissolved_on is not None:
        raise Invalid("owner", "owner")
    holds = (
        select(Term.id)
        .join(Post)
        .where(Post.body_id == body_id, Term.person_id == person_id, is_running(day_of(now)))
    )
    if person_id is not None and session.scalar(holds.limit(1)) is None:
        raise Invalid("owner", "owner")


def next_number(session: Session, community_id: uuid.UUID) -> int:
    """Return the next number of a community's actions; nobody else takes it before the commit."""
    lock_register(session, community_id)
    statement = select(func.max(CorrectiveAction.number)).where(CorrectiveAction.community_id == community_id)
    return (session.scalar(statement) or 0) + 1


def record_action(session: Session, action: CorrectiveAction, *, verb: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "action.<verb>": the last step of a use case."""
    title = f"{action.number}. {action.title}"
    subject = Subject(action.community_id, "corrective_action", action.id, title)
    record_about(session, subject, action=f"action.{verb}", **entry)
