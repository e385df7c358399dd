"""Questions to bodies: asking, answering for the body, and asking again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.queries import list_bodies_held, post_text
from civicforum.bodies.rules import BodyKind
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.notices.services.checking import check_numbers
from civicforum.people.models import Community
from civicforum.records.rules import hash_of_text
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import BodyQuestion, QuestionEntry, SupervisionFinding
from civicforum.supervision.rules import (
    ANSWER_RULE,
    LONGEST_TITLE,
    EntryKind,
    check_supervisor,
    require_words,
)
from civicforum.supervision.services.steps import about_question, lock, next_number, record_act


class Write(Protocol):
    """A use case that adds to the thread of a question."""

    def __call__(self, *, question_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None: ...


def ask_body(
    *,
    body_id: uuid.UUID,
    title: str,
    text: str,
    finding_id: uuid.UUID | None = None,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Ask a body in writing; the clock of its answer starts. Returns the question's id.

    Raises NotFound, NotEligible, Invalid ("missing", "long", "own": a body one belongs to or the supervision
    committee itself), PersonalData, AlreadyDone (these words to this body still wait).
    """
    check_supervisor(actor)
    title = require_words(title, most=LONGEST_TITLE, field="title")
    words = require_words(text)
    with transaction() as session:
        body = _body(session, body_id, actor, now)
        check_numbers(session, community_id=actor.community_id, title=title, text=words)
        finding = _finding(session, finding_id, actor)
        number = next_number(session, BodyQuestion, community_id=actor.community_id, now=now)
        _require_new(session, body, title, words)
        profile = session.get_one(Community, actor.community_id).profile
        question = BodyQuestion(
            community_id=actor.community_id,
            number=number,
            body_id=body.id,
            body_name=body.name,
            title=title,
            finding_id=finding.id if finding else None,
            asked_by_id=actor.person_id,
            asked_at=now,
            profile=profile,
        )
        session.add(question)
        session.flush()
        _add(session, question, EntryKind.QUESTION, words, actor=actor, now=now)
        _record(session, question, "ask", words, actor=actor, now=now)
        return question.id


def ask_again(*, question_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Ask a follow-up once there is an answer; the clock starts anew.

    Raises NotFound, NotEligible, Invalid, PersonalData, AlreadyDone (a question already waits).
    """
    check_supervisor(actor)
    words = require_words(text)
    with transaction() as session:
        question = lock(session, BodyQuestion, question_id, actor=actor)
        if question.due_at is not None:
            raise AlreadyDone(question_id)
        _body(session, question.body_id, actor, now)
        check_numbers(session, community_id=actor.community_id, text=words)
        _add(session, question, EntryKind.QUESTION, words, actor=actor, now=now)
        _record(session, question, "ask_again", words, actor=actor, now=now)


def answer_question(*, question_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Answer for the body, under one's name and post. Only who holds a post in it today may.

    Raises NotFound, NotEligible, Invalid, PersonalData, AlreadyDone (somebody was quicker).
    """
    words = require_words(text)
    with transaction() as session:
        question = lock(session, BodyQuestion, question_id, actor=actor)
        if not may_answer(session, question, actor, now):
            raise NotEligible(actor.person_id)
        if question.due_at is None:
            raise AlreadyDone(question_id)
        check_numbers(session, community_id=actor.community_id, text=words)
        _add(session, question, EntryKind.ANSWER, words, actor=actor, now=now)
        _record(session, question, "answer", words, actor=actor, now=now)


def may_answer(session: Session, question: BodyQuestion, actor: Actor, now: datetime) -> bool:
    """Tell whether somebody answers for the body: by a post held today, in person, and not to themselves."""
    asked = {entry.person_id for entry in question.entries if entry.kind is EntryKind.QUESTION}
    if actor.assisted_by is not None or actor.person_id in asked:
        return False
    return question.body_id in list_bodies_held(session, person_id=actor.person_id, day=day_of(now))


def _body(session: Session, body_id: uuid.UUID, actor: Actor, now: datetime) -> Body:
    body = get_row(session, Body, body_id, community_id=actor.community_id)
    if body.dissolved_on is not None and body.dissolved_on < day_of(now):
        raise TransitionNotAllowed("dissolved", "ask")
    own = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
    if body.kind is BodyKind.SUPERVISION_COMMITTEE or body.id in own:
        raise Invalid("own", "body_id")
    return body


def _finding(session: Session, finding_id: uuid.UUID | None, actor: Actor) -> SupervisionFinding | None:
    if finding_id is None:
        return None
    return get_row(session, SupervisionFinding, finding_id, community_id=actor.community_id)


def _require_new(session: Session, body: Body, title: str, words: str) -> None:
    same = session.scalar(
        select(BodyQuestion.id)
        .join(QuestionEntry, QuestionEntry.question_id == BodyQuestion.id)
        .where(
            BodyQuestion.body_id == body.id,
            BodyQuestion.title == title,
            BodyQuestion.due_at.is_not(None),
            QuestionEntry.text == words,
        )
        .limit(1)
    )
    if same is not None:
        raise AlreadyDone(same)


def _add(
    session: Session, question: BodyQuestion, kind: EntryKind, text: str, *, actor: Actor, now: datetime
) -> None:
    """Add to the thread: a question starts the clock, an answer stops it."""
    waited_until = question.due_at
    due_at = None
    if kind is EntryKind.QUESTION:
        due_at = rulebook.load(question.profile).clock(ANSWER_RULE).deadline(now)
    session.add(
        QuestionEntry(
            community_id=question.community_id,
            question_id=question.id,
            position=len(question.entries) + 1,
            kind=kind,
            text=text,
            person_id=actor.person_id,
            post=post_text(session, person_id=actor.person_id, day=day_of(now)),
            at=now,
            due_at=due_at,
            is_late=kind is EntryKind.ANSWER and waited_until is not None and now > waited_until,
        )
    )
    question.due_at, question.overdue_at = due_at, None
    session.flush()


def _record(
    session: Session, question: BodyQuestion, action: str, words: str, *, actor: Actor, now: datetime
) -> None:
    payload = {
        "number": question.number,
        "body": question.body_name,
        "text_sha256": hash_of_text(words),
        "due_at": question.due_at.isoformat() if question.due_at else None,
    }
    record_act(session, about_question(question), action=action, actor=actor, payload=payload, now=now)
