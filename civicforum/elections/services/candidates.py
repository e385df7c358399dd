"""Meeting the candidates: what they say of themselves, what voters ask, what they answer (art 18)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections.law import require
from civicforum.elections.models import Candidate, CandidateQuestion, Election
from civicforum.elections.nominations import NominationFault, judge_presentation
from civicforum.elections.queries import candidates as queries
from civicforum.elections.queries.registrations import electors_among
from civicforum.elections.rules import CandidateState, Stage, may_preside
from civicforum.elections.services.steps import lock_to_take_part, record_election, rules_of
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.records.models import Photo
from civicforum.records.photos import store_photo
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of

# So many questions of one voter to one candidate may wait: nobody keeps others from being heard.
MOST_WAITING = 3


def edit_candidate(
    *,
    election_id: uuid.UUID,
    candidate_id: uuid.UUID,
    statement: str,
    photo: bytes | None,
    without_photo: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Write what a candidate says, and keep or take off the picture: the candidate, or an officer for them.

    Raises NotFound, NotEligible, TransitionNotAllowed (does not stand, or voting has begun), RuleRefused
    (election day) and PhotoRefused.
    """
    with transaction() as session:
        election, candidate = _standing(session, election_id, candidate_id, actor, now)
        _check_own(candidate, actor)
        if election.stage not in (Stage.REVIEW, Stage.CANDIDATES):
            raise TransitionNotAllowed(election.stage, "edit")
        candidate.statement = statement
        if photo or without_photo:
            _drop_photo(session, candidate)
        if photo:
            kept = store_photo(
                session,
                community_id=election.community_id,
                data=photo,
                description="",
                uploaded_by=actor.assisted_by or actor.person_id,
                now=now,
            )
            candidate.photo_id = kept.id
        _record(session, election, candidate, actor=actor, action="edit_candidate", now=now)


def ask_candidate(
    *, election_id: uuid.UUID, candidate_id: uuid.UUID, text: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Ask a candidate of the formal list something as a voter; return the question's id.

    Raises NotFound, TransitionNotAllowed (not the time), RuleRefused (election day), AlreadyDone (the same
    again), Invalid (not on the roll, or too many that wait).
    """
    with transaction() as session:
        election, candidate = _asked(session, election_id, candidate_id, actor, now)
        if not electors_among(session, election=election, people=[actor.person_id], day=day_of(now)):
            raise Invalid(NominationFault.NOT_ON_ROLL, "text")
        _check_new(session, candidate, text, actor)
        question = CandidateQuestion(
            community_id=election.community_id,
            candidate_id=candidate.id,
            asked_by_id=actor.person_id,
            text=text,
            asked_at=now,
        )
        session.add(question)
        session.flush()
        _record(session, election, candidate, actor=actor, action="ask_candidate", now=now)
        return question.id


def answer_question(
    *,
    election_id: uuid.UUID,
    candidate_id: uuid.UUID,
    question_id: uuid.UUID,
    text: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Answer a question: the candidate, or an officer who writes down what the candidate said.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (not the time), RuleRefused.
    """
    with transaction() as session:
        election, candidate = _asked(session, election_id, candidate_id, actor, now)
        _check_own(candidate, actor)
        question = queries.get_question(session, question_id=question_id, candidate_id=candidate.id)
        if question.answered_at is not None:
            raise AlreadyDone(question_id)
        question.answer, question.answered_at = text, now
        _record(session, election, candidate, actor=actor, action="answer_question", now=now)


def presentation(session: Session, election: Election, *, now: datetime) -> Verdict:
    """Return whether candidates may be presented now: all of it stops on election day."""
    return judge_presentation(rules_of(election), queries.polling_days(session, election), day_of(now))


def _standing(
    session: Session, election_id: uuid.UUID, candidate_id: uuid.UUID, actor: Actor, now: datetime
) -> tuple[Election, Candidate]:
    election = lock_to_take_part(session, election_id=election_id, actor=actor)
    candidate = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
    if candidate.state not in queries.STANDING:
        raise TransitionNotAllowed(candidate.state, "present")
    require(presentation(session, election, now=now))
    return election, candidate


def _asked(
    session: Session, election_id: uuid.UUID, candidate_id: uuid.UUID, actor: Actor, now: datetime
) -> tuple[Election, Candidate]:
    """Return a candidate of the formal list while candidates meet the voters."""
    election, candidate = _standing(session, election_id, candidate_id, actor, now)
    if election.stage is not Stage.CANDIDATES or candidate.state is not CandidateState.FORMAL:
        raise TransitionNotAllowed(election.stage, "ask")
    return election, candidate


def _check_own(candidate: Candidate, actor: Actor) -> None:
    if candidate.person_id != actor.person_id and not may_preside(actor):
        raise NotEligible(actor.person_id)


def _check_new(session: Session, candidate: Candidate, text: str, actor: Actor) -> None:
    same = select(CandidateQuestion.id).where(
        CandidateQuestion.candidate_id == candidate.id,
        CandidateQuestion.asked_by_id == actor.person_id,
        CandidateQuestion.text == text,
    )
    if session.scalar(same.limit(1)) is not None:
        raise AlreadyDone(actor.person_id)
    waiting = queries.count_asked_by(session, candidate_id=candidate.id, person_id=actor.person_id)
    if waiting >= MOST_WAITING:
        raise Invalid(NominationFault.TOO_MANY_WAIT, "text")


def _drop_photo(session: Session, candidate: Candidate) -> None:
    photo_id, candidate.photo_id = candidate.photo_id, None
    session.flush()
    if photo_id is not None:
        session.execute(delete(Photo).where(Photo.id == photo_id))


def _record(
    session: Session, election: Election, candidate: Candidate, *, actor: Actor, action: str, now: datetime
) -> None:
    record_election(
        session,
        election,
        actor=actor,
        action=action,
        payload={"candidate": str(candidate.id)},
        now=now,
        is_public=False,
    )
