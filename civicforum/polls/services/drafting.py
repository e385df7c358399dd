"""Drafting a poll: its subject, its terms, and its ballot paper; all of this ends with the draft."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.queries import rules_in
from civicforum.polls import terms as rules
from civicforum.polls.models import Poll, Question
from civicforum.polls.questions import QuestionSpec, check_paper, normal
from civicforum.polls.rules import PollState, may_run
from civicforum.polls.services.steps import lock_alone, record_poll, rules_of
from civicforum.polls.terms import Subject, Terms
from civicforum.rulebook import Rulebook


def draft_poll(*, poll_id: uuid.UUID, subject: Subject, actor: Actor, now: datetime) -> None:
    """Begin a poll under the rules in force now, with terms that suit most polls of its kind.

    The page that asks for it makes `poll_id`: sent twice, it is one poll. Raises NotEligible, Invalid,
    RuleRefused, AlreadyDone.
    """
    with transaction() as session:
        if not may_run(actor, is_statutory=subject.is_statutory):
            raise NotEligible(actor.person_id)
        book = rules_in(session, actor.community_id)
        subject = _checked_subject(subject, book)
        terms = rules.first_terms(book, preset=subject.preset, is_statutory=subject.is_statutory)
        values = {
            "id": poll_id,
            "community_id": actor.community_id,
            "profile": book.name,
            "profile_version": book.version,
            "created_at": now,
            "created_by_id": actor.person_id,
            **asdict(subject),
            **asdict(terms),
        }
        # Of two clicks at once the second waits here and then finds the first one's poll.
        added = insert(Poll).values(values).on_conflict_do_nothing()
        if session.scalar(added.returning(Poll.id)) is None:
            raise AlreadyDone(poll_id)
        poll = session.get_one(Poll, poll_id)
        _record(session, poll, actor=actor, action="draft", now=now)


def edit_subject(*, poll_id: uuid.UUID, subject: Subject, actor: Actor, now: datetime) -> None:
    """Change what is put to the vote, or how secretly; with another secrecy the terms begin anew.

    Raises NotFound, NotEligible, TransitionNotAllowed (no draft any more), Invalid, RuleRefused.
    """
    with transaction() as session:
        poll = _lock_draft(session, poll_id=poll_id, actor=actor)
        if not may_run(actor, is_statutory=subject.is_statutory):
            raise NotEligible(actor.person_id)
        book = rules_of(poll)
        subject = _checked_subject(subject, book)
        is_other = (subject.preset, subject.is_statutory) != (poll.preset, poll.is_statutory)
        _write(poll, subject)
        if is_other:
            terms = rules.first_terms(book, preset=subject.preset, is_statutory=subject.is_statutory)
            times = {"opens_at": poll.opens_at, "closes_at": poll.closes_at}
            _write(poll, Terms(**{**asdict(terms), **times}))
        _record(session, poll, actor=actor, action="edit", now=now)


def set_terms(*, poll_id: uuid.UUID, terms: Terms, actor: Actor, now: datetime) -> None:
    """Set by which ways, when and by what rules the poll is held.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid, RuleRefused (with the article).
    """
    with transaction() as session:
        poll = _lock_draft(session, poll_id=poll_id, actor=actor)
        rules.check_terms(terms, rules_of(poll), preset=poll.preset, is_statutory=poll.is_statutory, now=now)
        _write(poll, terms)
        _record(session, poll, actor=actor, action="edit", now=now)


def add_question(
    *, poll_id: uuid.UUID, question_id: uuid.UUID, spec: QuestionSpec, actor: Actor, now: datetime
) -> None:
    """Put a question at the end of the ballot paper; sent twice with one id, it is one question.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid, AlreadyDone.
    """
    with transaction() as session:
        poll = _lock_draft(session, poll_id=poll_id, actor=actor)
        if session.get(Question, question_id) is not None:
            raise AlreadyDone(question_id)
        spec = _checked(poll, spec, others=poll.questions)
        question = Question(id=question_id, community_id=poll.community_id, position=len(poll.questions) + 1)
        question.spec = spec
        poll.questions.append(question)
        session.flush()
        _record(session, poll, actor=actor, action="add_question", now=now, question=question)


def edit_question(
    *, poll_id: uuid.UUID, question_id: uuid.UUID, spec: QuestionSpec, actor: Actor, now: datetime
) -> None:
    """Change a question; its kind stays. Raises as add_question does."""
    with transaction() as session:
        poll = _lock_draft(session, poll_id=poll_id, actor=actor)
        question = _question(poll, question_id)
        if spec.kind is not question.kind:
            raise TransitionNotAllowed(question.kind, spec.kind)
        others = [one for one in poll.questions if one is not question]
        question.spec = _checked(poll, spec, others=others)
        _record(session, poll, actor=actor, action="edit_question", now=now, question=question)


def remove_question(*, poll_id: uuid.UUID, question_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take a question off the ballot paper. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        poll = _lock_draft(session, poll_id=poll_id, actor=actor)
        question = _question(poll, question_id)
        session.delete(question)
        session.flush()
        _number(session, [one for one in poll.questions if one is not question])
        _record(session, poll, actor=actor, action="remove_question", now=now, question=question)


def move_question(
    *, poll_id: uuid.UUID, question_id: uuid.UUID, places: int, actor: Actor, now: datetime
) -> None:
    """Move a question up (negative) or down by so many places, as far as the paper goes.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        poll = _lock_draft(session, poll_id=poll_id, actor=actor)
        question = _question(poll, question_id)
        order = [one for one in poll.questions if one is not question]
        at = min(max(question.position - 1 + places, 0), len(order))
        order.insert(at, question)
        _number(session, order)
        _record(session, poll, actor=actor, action="move_question", now=now, question=question)


def check_draft(poll: Poll, *, now: datetime) -> None:
    """Raise Invalid or RuleRefused while a draft is not fit for a roll posted now: ask before posting.

    An election's paper comes later: whom it names is not known when its roll is posted.
    """
    if poll.election_id is not None:
        rules.check_subject(subject_of(poll), rules_of(poll))
        rules.check_terms(
            terms_of(poll),
            rules_of(poll),
            preset=poll.preset,
            is_statutory=poll.is_statutory,
            now=now,
            is_screen_granted=poll.by_screen,
        )
        return
    rules.check_draft(subject_of(poll), terms_of(poll), poll.specs, rules_of(poll), now=now)


def subject_of(poll: Poll) -> Subject:
    """Return what is put to the vote, as the rules take it."""
    return Subject(**{name: getattr(poll, name) for name in Subject.__dataclass_fields__})


def terms_of(poll: Poll) -> Terms:
    """Return the terms of a poll, as the rules take them."""
    return Terms(**{name: getattr(poll, name) for name in Terms.__dataclass_fields__})


def _lock_draft(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> Poll:
    poll = lock_alone(session, poll_id=poll_id, actor=actor)
    # Subject, terms and paper of an election's or an appraisal's poll are set there.
    if poll.state is not PollState.DRAFT or poll.is_set_elsewhere:
        raise TransitionNotAllowed(poll.state, "edit")
    return poll


def _checked_subject(subject: Subject, book: Rulebook) -> Subject:
    # A manifest is written in Unicode's normal form C.
    subject = replace(subject, title=unicodedata.normalize("NFC", subject.title))
    rules.check_subject(subject, book)
    return subject


def _checked(poll: Poll, spec: QuestionSpec, *, others: Sequence[Question]) -> QuestionSpec:
    spec = normal(spec)
    rules.check_question(spec, rules_of(poll), is_statutory=poll.is_statutory)
    check_paper([*(other.spec for other in others), spec])
    return spec


def _question(poll: Poll, question_id: uuid.UUID) -> Question:
    for question in poll.questions:
        if question.id == question_id:
            return question
    raise NotFound(question_id)


def _write(poll: Poll, values: Subject | Terms) -> None:
    for name, value in asdict(values).items():
        setattr(poll, name, value)


def _number(session: Session, order: Sequence[Question]) -> None:
    """Number the questions anew. Twice, because no two may have one number even for a moment."""
    for place, question in enumerate(order, start=1):
        question.position = -place
    session.flush()
    for question in order:
        question.position = -question.position
    session.flush()


def _record(
    session: Session,
    poll: Poll,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    question: Question | None = None,
) -> None:
    """Write what was done, though not publicly: nothing has been put to anybody yet."""
    payload = {"question": question.position, "kind": question.kind.value} if question else {}
    record_poll(session, poll, actor=actor, action=action, now=now, payload=payload, is_public=False)
