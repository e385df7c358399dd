"""A candidate of the formal list steps down in writing before anybody votes, and what follows from it.

While more people stand than there are seats, the paper is set anew without the name. Otherwise the election
goes back to nomination: with as many candidates as seats there is nothing to elect (art 18).
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections.calendar import Milestone
from civicforum.elections.law import require
from civicforum.elections.models import Candidate, Election, Round, Step
from civicforum.elections.nominations import NominationFault
from civicforum.elections.queries import candidates as queries
from civicforum.elections.queries.candidates import SeatList
from civicforum.elections.rules import CandidateState, RoundKind, Stage, may_preside, move
from civicforum.elections.services.papers import asked_of_list, latest_round, write_paper
from civicforum.elections.services.reviewing import judge_seat
from civicforum.elections.services.steps import lock_to_take_part, record_election
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.polls.models import Poll
from civicforum.polls.services import boards, for_elections
from civicforum.polls.services.steps import lock_poll
from civicforum.rulebook import Verdict

_S, _M = CandidateState, Milestone
# What has to be done once more when nominations are taken again.
DONE_AGAIN = (_M.NOMINATION_CLOSES, _M.PRELIMINARY_LIST, _M.REVIEW_DONE, _M.FORMAL_LIST)


def step_down(
    *,
    election_id: uuid.UUID,
    candidate_id: uuid.UUID,
    reason: str,
    reopens: bool = False,
    actor: Actor,
    now: datetime,
) -> Stage:
    """Take a candidate off the formal list, at their own wish; return the stage the election stands at then.

    Args:
        reopens: take the election back to nomination where not more people than seats would be left; the
            election committee alone decides that.

    Raises NotFound, NotEligible, TransitionNotAllowed (no formal candidate, a later round, or people vote),
    Invalid (the sealed box is made for this paper), RuleRefused (too few would be left, and not `reopens`).
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        candidate = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
        presides = may_preside(actor)
        if candidate.person_id != actor.person_id and not presides:
            raise NotEligible(actor.person_id)
        if election.stage is not Stage.CANDIDATES or candidate.state is not _S.FORMAL:
            raise TransitionNotAllowed(candidate.state, _S.WITHDRAWN)
        first, poll = _unopened(session, election)
        lacking = [one for one in judge_without(session, election, candidate) if not one.holds]
        if not (reopens and presides):
            require(*lacking)
        candidate.state, candidate.decision = _S.WITHDRAWN, reason
        session.flush()
        _number_anew(session, election, candidate)
        if lacking:
            _reopen(session, election, first, poll)
        elif first is not None and poll is not None and poll.questions:
            write_paper(session, election, first, poll, asked_of_list(session, election))
        payload = {"candidate": str(candidate.id), "stage": election.stage.value}
        record_election(
            session, election, actor=actor, action="step_down", payload=payload, reason=reason, now=now
        )
        return election.stage


def judge_without(session: Session, election: Election, candidate: Candidate) -> list[Verdict]:
    """Judge what the formal list would be for this post without somebody."""
    own = next(
        one for one in queries.list_by_seat(session, election=election) if one.seat.id == candidate.seat_id
    )
    left = [one for one in own.candidates if one.id != candidate.id]
    return judge_seat(election, replace(own, candidates=left))


def _unopened(session: Session, election: Election) -> tuple[Round | None, Poll | None]:
    """Return the first round with its poll, locked, which nobody votes in yet; None before the roll."""
    latest = latest_round(session, election)
    if latest is None:
        return None, None
    poll = lock_poll(session, poll_id=latest.poll_id, community_id=election.community_id)
    if latest.kind is not RoundKind.FIRST or poll.state not in for_elections.BEFORE_OPENING:
        raise TransitionNotAllowed(poll.state, "step_down")
    if boards.phase_of(session, poll.id) is not None:
        raise Invalid(NominationFault.BOX_IS_MADE)
    return latest, poll


def _number_anew(session: Session, election: Election, gone: Candidate) -> None:
    """Close the gap in the order of the paper."""
    lists: list[SeatList] = queries.list_by_seat(session, election=election)
    for one in lists:
        if one.seat.id == gone.seat_id:
            for position, candidate in enumerate(one.candidates, 1):
                candidate.position = position


def _reopen(session: Session, election: Election, first: Round | None, poll: Poll | None) -> None:
    """Take nominations once more: the others stay nominated and reviewed, and no paper has a name on it."""
    election.stage = move(election.stage, Stage.NOMINATION)
    for one in queries.list_by_seat(session, election=election):
        for candidate in one.candidates:
            candidate.state, candidate.position, candidate.formal_at = _S.PRELIMINARY, 0, None
    steps = select(Step).where(Step.election_id == election.id, Step.milestone.in_(DONE_AGAIN))
    for step in session.scalars(steps.with_for_update()):
        step.done_at, step.done_by_id, step.note = None, None, ""
    if first is not None and poll is not None:
        for_elections.clear_paper(session, poll)
        first.paper = []
    session.flush()
