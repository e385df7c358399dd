"""Opinions for deputies: sent or entered from paper, forwarded, answered.

Who wrote an opinion stands in its own row alone, so that its author can follow it; the journal names nobody
and has no words of it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.departments.errors import TooManyWaiting
from civicforum.departments.rules import works_here
from civicforum.errors import AlreadyDone, NotEligible, TransitionNotAllowed, require_text
from civicforum.matters.services.people import get_resident
from civicforum.notices.services.checking import check_numbers
from civicforum.people.models import Community
from civicforum.registers.models_deputies import Deputy, DeputyOpinion
from civicforum.registers.rules_deputies import (
    FORWARD_RULE,
    LONGEST_ANSWER,
    LONGEST_OPINION,
    MOST_WAITING_EACH,
    check_forwarded,
    check_keep,
    is_late,
    may_enter_paper,
)
from civicforum.registers.services.deputies import lock_deputy, record_deputy
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


def send_opinion(*, deputy_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Leave an opinion for a deputy, or have a clerk who helps do it. Returns its id.

    Raises NotFound, NotEligible (left the community), TransitionNotAllowed (no longer a deputy here),
    Invalid, PersonalData, AlreadyDone (the same words wait already), TooManyWaiting.
    """
    words = require_text(text, most=LONGEST_OPINION)
    with transaction() as session:
        deputy = _lock_open(session, deputy_id=deputy_id, actor=actor, now=now)
        get_resident(session, actor=actor, now=now)
        waiting = _waiting_texts(session, deputy.id, actor.person_id)
        if len(waiting) >= MOST_WAITING_EACH:
            raise TooManyWaiting(deputy.id)
        opinion = _add(session, deputy, words, waiting, actor=actor, author_id=actor.person_id, now=now)
        opinion.entered_by_id = actor.assisted_by
        session.flush()
        payload = {"number": opinion.number, "due_at": opinion.due_at.isoformat()}
        record_deputy(
            session, deputy, action="opinion", actor=None, payload=payload, now=now, is_public=False
        )
        return opinion.id


def enter_paper(*, deputy_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Enter an opinion that came on paper, of nobody by name. Returns its id.

    Raises NotFound, NotEligible (not a clerk), TransitionNotAllowed, Invalid, PersonalData, AlreadyDone.
    """
    if not may_enter_paper(actor):
        raise NotEligible(actor.person_id)
    words = require_text(text, most=LONGEST_OPINION)
    with transaction() as session:
        deputy = _lock_open(session, deputy_id=deputy_id, actor=actor, now=now)
        waiting = _waiting_texts(session, deputy.id, None)
        opinion = _add(session, deputy, words, waiting, actor=actor, author_id=None, now=now)
        opinion.entered_by_id = actor.person_id
        session.flush()
        payload = {"number": opinion.number, "due_at": opinion.due_at.isoformat()}
        record_deputy(session, deputy, action="paper", actor=actor, payload=payload, now=now, is_public=False)
        return opinion.id


def forward_opinion(*, opinion_id: uuid.UUID, on: date, actor: Actor, now: datetime) -> None:
    """Enter on which day the deputy had an opinion; from now its text is public.

    Raises NotFound, NotEligible, AlreadyDone, Invalid ("future", "before_sent").
    """
    check_keep(actor)
    with transaction() as session:
        opinion = _lock_opinion(session, opinion_id=opinion_id, actor=actor)
        if opinion.forwarded_at is not None:
            raise AlreadyDone(opinion_id)
        check_forwarded(on, sent_on=day_of(opinion.sent_at), today=day_of(now))
        opinion.forwarded_on, opinion.forwarded_at, opinion.forwarded_by_id = on, now, actor.person_id
        was_late = is_late(day_of(opinion.due_at), forwarded_on=on, due_at=opinion.due_at, now=now)
        payload = {"number": opinion.number, "forwarded_on": on.isoformat(), "in_time": not was_late}
        record_deputy(session, opinion.deputy, action="forward", actor=actor, payload=payload, now=now)


def answer_opinion(
    *, opinion_id: uuid.UUID, text: str, answered_by: str, actor: Actor, now: datetime
) -> None:
    """Enter the deputy's answer, with who gave it as the letter names them. It cannot be changed.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (not forwarded), Invalid, PersonalData.
    """
    check_keep(actor)
    words = require_text(text, most=LONGEST_ANSWER)
    who = require_text(answered_by, most=120, field="answered_by")
    with transaction() as session:
        opinion = _lock_opinion(session, opinion_id=opinion_id, actor=actor)
        if opinion.answered_at is not None:
            raise AlreadyDone(opinion_id)
        if opinion.forwarded_at is None:
            raise TransitionNotAllowed("sent", "answer")
        check_numbers(session, community_id=actor.community_id, text=words, answered_by=who)
        opinion.answer, opinion.answered_by = words, who
        opinion.answered_at, opinion.answer_entered_by_id = now, actor.person_id
        payload = {"number": opinion.number}
        record_deputy(session, opinion.deputy, action="answer", actor=actor, payload=payload, now=now)


def _lock_open(session: Session, *, deputy_id: uuid.UUID, actor: Actor, now: datetime) -> Deputy:
    deputy = lock_deputy(session, deputy_id=deputy_id, actor=actor)
    if not works_here(deputy.since, deputy.until, day_of(now)):
        raise TransitionNotAllowed("ended", "opinion")
    return deputy


def _lock_opinion(session: Session, *, opinion_id: uuid.UUID, actor: Actor) -> DeputyOpinion:
    """Return the opinion, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, DeputyOpinion, opinion_id, community_id=actor.community_id)


def _waiting_texts(session: Session, deputy_id: uuid.UUID, author_id: uuid.UUID | None) -> list[str]:
    """Return what of somebody's, or from paper, is not forwarded yet; the deputy's row is locked."""
    texts = session.scalars(
        select(DeputyOpinion.text).where(
            DeputyOpinion.deputy_id == deputy_id,
            DeputyOpinion.author_id.is_not_distinct_from(author_id),
            DeputyOpinion.forwarded_at.is_(None),
        )
    )
    return list(texts)


def _add(
    session: Session,
    deputy: Deputy,
    words: str,
    waiting: list[str],
    *,
    actor: Actor,
    author_id: uuid.UUID | None,
    now: datetime,
) -> DeputyOpinion:
    if words in waiting:
        raise AlreadyDone(deputy.id)
    check_numbers(session, community_id=actor.community_id, text=words)
    profile = session.get_one(Community, deputy.community_id).profile
    last = session.scalar(select(func.max(DeputyOpinion.number)).where(DeputyOpinion.deputy_id == deputy.id))
    opinion = DeputyOpinion(
        community_id=deputy.community_id,
        deputy_id=deputy.id,
        number=(last or 0) + 1,
        text=words,
        author_id=author_id,
        sent_at=now,
        due_at=rulebook.load(profile).clock(FORWARD_RULE).deadline(now),
    )
    session.add(opinion)
    return opinion
