"""Review of who was nominated, and the formal list of candidates (城市居民委员会组织法 art 18)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections import nominations as law
from civicforum.elections.calendar import Milestone
from civicforum.elections.law import require
from civicforum.elections.models import Candidate, Election, Nomination
from civicforum.elections.nominations import NominationFault
from civicforum.elections.queries import candidates as queries
from civicforum.elections.queries import nominations
from civicforum.elections.queries.candidates import SeatList
from civicforum.elections.queries.registrations import electors_among
from civicforum.elections.rules import (
    CandidateState,
    Disqualification,
    NominationState,
    Stage,
    may_preside,
)
from civicforum.elections.services import committee, signatures
from civicforum.elections.services.steps import (
    lock_election,
    lock_to_take_part,
    mark_done,
    record_election,
    rules_of,
)
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of

_S = CandidateState


@dataclass(frozen=True)
class Check:
    """What was asked about somebody, and what came back: from whom, and whether the ground applies."""

    applies: bool
    source: str


def accept_nomination(
    *, election_id: uuid.UUID, nomination_id: uuid.UUID, actor: Actor, now: datetime
) -> uuid.UUID:
    """Take a complete nomination onto the preliminary list; return the candidate's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, RuleRefused (not enough signatures, two posts) and
    Invalid: the nominee has not agreed, or was refused before.
    """
    with transaction() as session:
        election, row = _nomination(session, election_id, nomination_id, actor)
        _check_complete(session, election, row, now)
        candidate = _candidate_of(session, election, row, now)
        row.state, row.decided_at = NominationState.ACCEPTED, now
        session.flush()
        # Who followed on the committee meanwhile may be the nominee, or a near relative.
        committee.leave_if_nominated(session, election, row.person_id, actor, now)
        _record(session, election, candidate, actor=actor, action="accept_nomination", now=now)
        return candidate.id


def refuse_nomination(
    *, election_id: uuid.UUID, nomination_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Refuse a nomination with the reason, which who filed it and the nominee read.

    Raises NotFound, NotEligible, TransitionNotAllowed (not the time, or decided).
    """
    with transaction() as session:
        election, row = _nomination(session, election_id, nomination_id, actor)
        row.state, row.decision, row.decided_at = NominationState.REFUSED, reason, now
        payload = {"nomination": str(row.id), "state": row.state.value}
        record_election(
            session,
            election,
            actor=actor,
            action="refuse_nomination",
            payload=payload,
            reason=reason,
            now=now,
            is_public=False,
        )


def answer_checks(
    *,
    election_id: uuid.UUID,
    candidate_id: uuid.UUID,
    checks: Mapping[Disqualification, Check],
    actor: Actor,
    now: datetime,
) -> bool:
    """Write what was found about each ground of disqualification; return whether the person still stands.

    Who is disqualified on a ground is refused by it. What was found is for the officers and the person.

    Raises NotFound, NotEligible, TransitionNotAllowed (not under review).
    """
    with transaction() as session:
        election, candidate = _under_review(session, election_id, candidate_id, actor)
        found = {ground.value: asdict(check) for ground, check in checks.items()}
        candidate.checks = {**candidate.checks, **found}
        applying = [ground for ground, applies in queries.answers_of(candidate).items() if applies]
        if applying:
            candidate.state, candidate.decision = _S.REFUSED, applying[0].value
        _record(
            session, election, candidate, actor=actor, action="review_candidate", now=now, is_public=False
        )
        return not applying


def withdraw_candidate(
    *, election_id: uuid.UUID, candidate_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a candidate off the list before the formal list is posted: at their own wish, or as an officer.

    After it, they step down (`stepping_down`).

    Raises NotFound, NotEligible, TransitionNotAllowed (the list is posted, or no longer a candidate).
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        candidate = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
        if candidate.person_id != actor.person_id and not may_preside(actor):
            raise NotEligible(actor.person_id)
        if candidate.state is not _S.PRELIMINARY:
            raise TransitionNotAllowed(candidate.state, _S.WITHDRAWN)
        candidate.state, candidate.decision = _S.WITHDRAWN, reason
        _record(
            session, election, candidate, actor=actor, action="withdraw_candidate", reason=reason, now=now
        )


def post_formal_list(
    *, election_id: uuid.UUID, order: Sequence[uuid.UUID], actor: Actor, now: datetime
) -> None:
    """Post the formal list in the order of the ballot paper.

    Args:
        order: every candidate who stands, once; within each seat the order is that of the paper.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (not the stage), Invalid (somebody is
    missing in the order) and RuleRefused: too late, no more candidates than seats, a check unanswered.
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        if election.stage is not Stage.CANDIDATES:
            raise TransitionNotAllowed(election.stage, Stage.CANDIDATES)
        lists = queries.list_by_seat(session, election=election)
        standing = [candidate for one in lists for candidate in one.candidates]
        if any(candidate.state is _S.FORMAL for candidate in standing):
            raise AlreadyDone(election_id)
        if sorted(order) != sorted(candidate.id for candidate in standing):
            raise Invalid(NominationFault.ORDER_INCOMPLETE, "order")
        require(*judge_formal_list(election, lists, now=now))
        _number(lists, order, now)
        mark_done(session, election, Milestone.FORMAL_LIST, actor=actor, now=now)
        payload = {one.seat.title: len(one.candidates) for one in lists}
        record_election(session, election, actor=actor, action="post_formal_list", payload=payload, now=now)


def judge_formal_list(election: Election, lists: Sequence[SeatList], *, now: datetime) -> list[Verdict]:
    """Judge what the formal list needs: its day, more candidates than seats for each post, every check."""
    book = rules_of(election)
    verdicts = [book.clock("election.formal_list").judge(now, election.opens_at)]
    for one in lists:
        verdicts += judge_seat(election, one)
    for candidate in (candidate for one in lists for candidate in one.candidates):
        verdicts += law.judge_checks(book, queries.answers_of(candidate))
    return verdicts


def judge_seat(election: Election, one: SeatList) -> list[Verdict]:
    """Judge that more people stand for a post than it has seats, and not too many."""
    return law.judge_excess(
        rules_of(election),
        election.body.kind,
        one.seat.post.kind,
        candidates=len(one.candidates),
        seats=one.seat.seats,
    )


def _nomination(
    session: Session, election_id: uuid.UUID, nomination_id: uuid.UUID, actor: Actor
) -> tuple[Election, Nomination]:
    election = lock_election(session, election_id=election_id, actor=actor)
    if election.stage not in (Stage.NOMINATION, Stage.REVIEW):
        raise TransitionNotAllowed(election.stage, Stage.REVIEW)
    row = nominations.get_nomination(session, nomination_id=nomination_id, election_id=election.id)
    if row.state is not NominationState.FILED:
        raise TransitionNotAllowed(row.state, "decide")
    return election, row


def _check_complete(session: Session, election: Election, row: Nomination, now: datetime) -> None:
    book, signers = rules_of(election), signatures.signed_by(session, row)
    electors = electors_among(session, election=election, people=signers, day=day_of(now))
    verdict = nominations.judge_complete(book, row, signers=signers, electors=electors)
    if verdict is not None:
        require(verdict)
    if row.consented_at is None:
        raise Invalid(NominationFault.NO_CONSENT)
    live = nominations.list_live_of(session, election_id=election.id, person_id=row.person_id)
    require(law.judge_one_post(book, len({one.seat_id for one in live if one.consented_at is not None})))


def _candidate_of(session: Session, election: Election, row: Nomination, now: datetime) -> Candidate:
    """Return the candidate whom a nomination makes; a second nomination for the seat makes no second one."""
    if queries.find_refused(session, election_id=election.id, person_id=row.person_id) is not None:
        raise Invalid(NominationFault.REFUSED_BEFORE)
    standing = queries.find_standing(session, election_id=election.id, person_id=row.person_id)
    if standing is not None:
        if standing.seat_id != row.seat_id:
            raise Invalid(NominationFault.STANDS_ALREADY)
        return standing
    candidate = Candidate(
        community_id=election.community_id,
        election_id=election.id,
        seat_id=row.seat_id,
        person_id=row.person_id,
        state=_S.PRELIMINARY,
        accepted_at=now,
    )
    session.add(candidate)
    return candidate


def _under_review(
    session: Session, election_id: uuid.UUID, candidate_id: uuid.UUID, actor: Actor
) -> tuple[Election, Candidate]:
    election = lock_election(session, election_id=election_id, actor=actor)
    candidate = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
    if election.stage not in (Stage.NOMINATION, Stage.REVIEW, Stage.CANDIDATES):
        raise TransitionNotAllowed(election.stage, Stage.REVIEW)
    if candidate.state is not _S.PRELIMINARY:
        raise TransitionNotAllowed(candidate.state, "review")
    return election, candidate


def _number(lists: Sequence[SeatList], order: Sequence[uuid.UUID], now: datetime) -> None:
    place = {candidate_id: at for at, candidate_id in enumerate(order)}
    for one in lists:
        ordered = sorted(one.candidates, key=lambda candidate: place[candidate.id])
        for position, candidate in enumerate(ordered, 1):
            candidate.position, candidate.state, candidate.formal_at = position, _S.FORMAL, now


def _record(
    session: Session,
    election: Election,
    candidate: Candidate,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    reason: str = "",
    is_public: bool = True,
) -> None:
    session.flush()
    record_election(
        session,
        election,
        actor=actor,
        action=action,
        payload={"candidate": str(candidate.id), "state": candidate.state.value},
        reason=reason,
        now=now,
        is_public=is_public,
    )
