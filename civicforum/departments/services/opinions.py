"""The opinion box: an opinion, its reply, and hiding what may not be shown.

Who wrote an opinion stands in its own row alone, so that its author can follow it; the journal names nobody.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.departments.errors import TooManyWaiting
from civicforum.departments.models import Department, DepartmentOpinion
from civicforum.departments.rules import (
    MOST_WAITING_EACH,
    REPLY_RULE,
    check_keep,
    check_opinion,
    is_in_time,
    works_here,
)
from civicforum.departments.services.steps import lock_department, lock_opinion, record_department
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.notices.pii import has_identity_number
from civicforum.people.models import Community, Person
from civicforum.rulebook.days import day_of


def send_opinion(*, department_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Put an opinion into the box of a department, or have a clerk who helps do it. Returns its id.

    Raises NotFound, NotEligible (left the community), TransitionNotAllowed (no longer works here), Invalid,
    TooManyWaiting.
    """
    words = check_opinion(text)
    with transaction() as session:
        department = lock_department(session, department_id=department_id, actor=actor)
        _require_open(session, department, actor, now)
        profile = session.get_one(Community, actor.community_id).profile
        opinion = DepartmentOpinion(
            community_id=department.community_id,
            department_id=department.id,
            number=_next_number(session, department.id),
            text=words,
            author_id=actor.person_id,
            entered_by_id=actor.assisted_by,
            sent_at=now,
            due_at=rulebook.load(profile).clock(REPLY_RULE).deadline(now),
        )
        session.add(opinion)
        session.flush()
        payload = {"number": opinion.number, "due_at": opinion.due_at.isoformat()}
        record_department(
            session, department, actor=None, action="opinion", payload=payload, now=now, is_public=False
        )
        return opinion.id


def reply_to_opinion(
    *, opinion_id: uuid.UUID, text: str, replied_by: str, actor: Actor, now: datetime
) -> None:
    """Enter what the department replied, by letter or by telephone. It counts from now, when it can be read.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (hidden), Invalid.
    """
    check_keep(actor)
    for field, words in (("text", text), ("replied_by", replied_by)):
        if not words.strip():
            raise Invalid("empty", field)
        if has_identity_number(words):
            raise Invalid("identity_number", field)
    with transaction() as session:
        opinion = lock_opinion(session, opinion_id=opinion_id, actor=actor)
        if opinion.replied_at is not None:
            raise AlreadyDone(opinion.id)
        if opinion.hidden_at is not None:
            raise TransitionNotAllowed("hidden", "reply")
        opinion.reply, opinion.replied_by = text.strip(), replied_by.strip()
        opinion.replied_at, opinion.reply_entered_by_id = now, actor.person_id
        payload = {"number": opinion.number, "in_time": is_in_time(opinion.due_at, now)}
        record_department(session, opinion.department, actor=actor, action="reply", payload=payload, now=now)


def hide_opinion(*, opinion_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Show an opinion to nobody but its author, and say why; its number and the reason stay public.

    Raises NotFound, NotEligible, AlreadyDone, Invalid (no reason).
    """
    check_keep(actor)
    if not reason.strip():
        raise Invalid("empty", "reason")
    with transaction() as session:
        opinion = lock_opinion(session, opinion_id=opinion_id, actor=actor)
        if opinion.hidden_at is not None:
            raise AlreadyDone(opinion.id)
        opinion.hidden_at, opinion.hidden_because = now, reason.strip()
        record_department(
            session,
            opinion.department,
            actor=actor,
            action="hide",
            reason=reason.strip(),
            payload={"number": opinion.number},
            now=now,
        )


def _require_open(session: Session, department: Department, actor: Actor, now: datetime) -> None:
    """Raise where the department does not work here, or the actor left or has enough that waits."""
    today = day_of(now)
    if not works_here(department.since, department.until, today):
        raise TransitionNotAllowed("ended", "opinion")
    person = session.get_one(Person, actor.person_id)
    if person.left_on is not None and person.left_on < today:
        raise NotEligible(actor.person_id)
    waiting = session.scalar(
        select(func.count()).where(
            DepartmentOpinion.department_id == department.id,
            DepartmentOpinion.author_id == actor.person_id,
            DepartmentOpinion.replied_at.is_(None),
            DepartmentOpinion.hidden_at.is_(None),
        )
    )
    if (waiting or 0) >= MOST_WAITING_EACH:
        raise TooManyWaiting(department.id)


def _next_number(session: Session, department_id: uuid.UUID) -> int:
    """Return the number after the last; the department's lock keeps them in order."""
    last = session.scalar(
        select(func.max(DepartmentOpinion.number)).where(DepartmentOpinion.department_id == department_id)
    )
    return (last or 0) + 1
