"""Reads of candidates: under review, on the formal list, and as the public page shows them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.elections.models import (
    Candidate,
    CandidateQuestion,
    Election,
    Nomination,
    NominationSigner,
    Round,
    Seat,
)
from civicforum.elections.nominations import in_order
from civicforum.elections.rules import CandidateState, Disqualification, NominationRoute, NominationState
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Household, Person
from civicforum.polls.models import Poll
from civicforum.rulebook.days import day_of

STANDING = (CandidateState.PRELIMINARY, CandidateState.FORMAL)


def get_candidate(session: Session, *, candidate_id: uuid.UUID, election_id: uuid.UUID) -> Candidate:
    """Return a candidate with seat and person. Raises NotFound."""
    row = session.scalar(_candidates(election_id).where(Candidate.id == candidate_id))
    if row is None:
        raise NotFound(candidate_id)
    return row


def find_standing(session: Session, *, election_id: uuid.UUID, person_id: uuid.UUID) -> Candidate | None:
    """Return the candidacy of somebody who stands."""
    return session.scalar(
        _candidates(election_id).where(Candidate.person_id == person_id, Candidate.state.in_(STANDING))
    )


def find_refused(session: Session, *, election_id: uuid.UUID, person_id: uuid.UUID) -> Candidate | None:
    """Return a candidacy of somebody that the review refused."""
    return session.scalar(
        _candidates(election_id)
        .where(Candidate.person_id == person_id, Candidate.state == CandidateState.REFUSED)
        .limit(1)
    )


@dataclass(frozen=True)
class SeatList:
    """Who stands for a seat, in the order of the paper; before that, by the pinyin of the names."""

    seat: Seat
    candidates: list[Candidate]


def list_by_seat(
    session: Session, *, election: Election, states: Collection[CandidateState] = STANDING
) -> list[SeatList]:
    """Return the candidates of every seat, in the order of the seats."""
    rows = session.scalars(_candidates(election.id).where(Candidate.state.in_(states))).all()
    by_name = in_order(rows, lambda one: one.person.name)
    return [
        SeatList(
            seat, sorted((one for one in by_name if one.seat_id == seat.id), key=lambda one: one.position)
        )
        for seat in election.seats
    ]


def list_reviewed(session: Session, *, election: Election) -> list[SeatList]:
    """Return everybody who was put forward and accepted, with those refused or withdrawn."""
    return list_by_seat(session, election=election, states=tuple(CandidateState))


def is_checked(candidate: Candidate) -> bool:
    """Tell whether every ground of disqualification was asked about."""
    return all(ground in candidate.checks for ground in Disqualification)


def answers_of(candidate: Candidate) -> dict[Disqualification, bool]:
    """Return which grounds of disqualification were asked about, and whether each applies."""
    return {
        ground: bool(candidate.checks[ground].get("applies"))
        for ground in Disqualification
        if ground in candidate.checks
    }


def polling_days(session: Session, election: Election) -> list[tuple[date, date]]:
    """Return first and last day of voting: of every round's poll, or of the election as it is planned."""
    rows = session.execute(
        select(Poll.opens_at, Poll.closes_at)
        .join(Round, Round.poll_id == Poll.id)
        .where(Round.election_id == election.id)
    ).all()
    times = [(opens_at, closes_at) for opens_at, closes_at in rows if opens_at and closes_at]
    times = times or [(election.opens_at, election.closes_at)]
    return [(day_of(first), day_of(last)) for first, last in times]


def list_questions(session: Session, *, candidate_id: uuid.UUID, number: int) -> Page[CandidateQuestion]:
    """Return a page of what a candidate was asked: the answered ones first, the latest on top."""
    statement = (
        select(CandidateQuestion)
        .where(CandidateQuestion.candidate_id == candidate_id)
        .options(joinedload(CandidateQuestion.asked_by))
        .order_by(
            CandidateQuestion.answered_at.is_(None), CandidateQuestion.asked_at.desc(), CandidateQuestion.id
        )
    )
    return paginate(session, statement, number=number)


def get_question(session: Session, *, question_id: uuid.UUID, candidate_id: uuid.UUID) -> CandidateQuestion:
    """Return what a candidate was asked. Raises NotFound."""
    row = session.get(CandidateQuestion, question_id)
    if row is None or row.candidate_id != candidate_id:
        raise NotFound(question_id)
    return row


def count_asked_by(session: Session, *, candidate_id: uuid.UUID, person_id: uuid.UUID) -> int:
    """Return how many questions of one voter to a candidate wait for an answer."""
    counted = session.scalar(
        select(func.count()).where(
            CandidateQuestion.candidate_id == candidate_id,
            CandidateQuestion.asked_by_id == person_id,
            CandidateQuestion.answered_at.is_(None),
        )
    )
    return counted or 0


@dataclass(frozen=True)
class Asked:
    """How many questions a candidate was asked, and how many were answered."""

    asked: int = 0
    answered: int = 0


def count_questions(session: Session, *, election_id: uuid.UUID) -> dict[uuid.UUID, Asked]:
    """Return how many questions each candidate was asked."""
    rows = session.execute(
        select(CandidateQuestion.candidate_id, func.count(), func.count(CandidateQuestion.answered_at))
        .join(Candidate, Candidate.id == CandidateQuestion.candidate_id)
        .where(Candidate.election_id == election_id)
        .group_by(CandidateQuestion.candidate_id)
    )
    return {candidate_id: Asked(asked, answered) for candidate_id, asked, answered in rows}


def routes_of(
    session: Session, *, election_id: uuid.UUID
) -> dict[uuid.UUID, list[tuple[NominationRoute, int]]]:
    """Return by whom each person was nominated: the routes of what was accepted, with the signatures."""
    rows = session.execute(
        select(Nomination.person_id, Nomination.route, func.count(NominationSigner.id))
        .outerjoin(NominationSigner, NominationSigner.nomination_id == Nomination.id)
        .where(Nomination.election_id == election_id, Nomination.state == NominationState.ACCEPTED)
        .group_by(Nomination.id)
        .order_by(Nomination.route.desc(), Nomination.filed_at)
    )
    found: dict[uuid.UUID, list[tuple[NominationRoute, int]]] = defaultdict(list)
    for person_id, route, signed in rows:
        found[person_id].append((route, signed))
    return found


def order_given(lists: Sequence[SeatList]) -> list[uuid.UUID]:
    """Return the candidates in the order of the lists."""
    return [candidate.id for one in lists for candidate in one.candidates]


def _candidates(election_id: uuid.UUID) -> Select[Candidate]:
    return (
        select(Candidate)
        .join(Seat, Seat.id == Candidate.seat_id)
        .where(Candidate.election_id == election_id)
        .options(
            joinedload(Candidate.seat),
            joinedload(Candidate.person).joinedload(Person.household).joinedload(Household.group),
        )
        .order_by(Seat.position, Candidate.position, Candidate.accepted_at, Candidate.id)
    )
