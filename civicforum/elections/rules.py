"""What an election is, where it stands, and what may follow (城市居民委员会组织法 arts 8 to 25).

Dates are planned in `calendar`, what stands between two stages in `blockers`; clauses with a number are
judged in the module of their subject: `committees`, `registers`, `nominations`, `verdicts`, `recalls`.
"""

from __future__ import annotations

import itertools
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import TransitionNotAllowed


class ElectionKind(StrEnum):
    """What is filled, and why."""

    COMMITTEE = "committee"
    SUPERVISION = "supervision"
    REPRESENTATIVES = "representatives"
    COUNCIL = "council"
    BY_ELECTION = "by_election"


# The body whose posts are filled; a by-election may be to any of them.
BODY_OF: dict[ElectionKind, BodyKind] = {
    ElectionKind.COMMITTEE: BodyKind.RESIDENTS_COMMITTEE,
    ElectionKind.SUPERVISION: BodyKind.SUPERVISION_COMMITTEE,
    ElectionKind.REPRESENTATIVES: BodyKind.REPRESENTATIVE_ASSEMBLY,
    ElectionKind.COUNCIL: BodyKind.DELIBERATION_COUNCIL,
}


class Way(StrEnum):
    """Who votes (art 14): all voters, one of each household, or the residents' representatives."""

    VOTERS = "voters"
    HOUSEHOLDS = "households"
    REPRESENTATIVES = "representatives"


class Stage(StrEnum):
    """Where an election stands, in the order of the law."""

    PLANNED = "planned"
    COMMITTEE = "committee"
    REGISTRATION = "registration"
    ROLL = "roll"
    NOMINATION = "nomination"
    REVIEW = "review"
    CANDIDATES = "candidates"
    POLLING = "polling"
    COUNT = "count"
    RESULT = "result"
    HANDOVER = "handover"
    CLOSED = "closed"
    VOID = "void"


_S = Stage
ORDER = (
    _S.PLANNED,
    _S.COMMITTEE,
    _S.REGISTRATION,
    _S.ROLL,
    _S.NOMINATION,
    _S.REVIEW,
    _S.CANDIDATES,
    _S.POLLING,
    _S.COUNT,
    _S.RESULT,
    _S.HANDOVER,
    _S.CLOSED,
)
NEXT_STAGES: dict[Stage, set[Stage]] = {
    **{stage: {after, _S.VOID} for stage, after in itertools.pairwise(ORDER)},
    # Candidates stepped down, and not more of them are left than seats (art 18).
    _S.CANDIDATES: {_S.NOMINATION, _S.POLLING, _S.VOID},
    # Seats stay empty, people are level, or the poll failed: they are voted on again (art 19).
    _S.COUNT: {_S.CANDIDATES, _S.RESULT, _S.VOID},
    # Somebody declines or yields after the announcement, or there is no woman: the seat is voted on again.
    _S.RESULT: {_S.CANDIDATES, _S.HANDOVER, _S.VOID},
    # An election won by violence, threats, bribery or forged papers is void whenever it comes out (art 22).
    _S.CLOSED: {_S.VOID},
}


def move(stage: Stage, to: Stage) -> Stage:
    """Return `to`, or raise TransitionNotAllowed when an election has no such step."""
    if to not in NEXT_STAGES.get(stage, set()):
        raise TransitionNotAllowed(stage, to)
    return to


def is_running(stage: Stage) -> bool:
    """Tell whether there is still something to do."""
    return stage not in (Stage.CLOSED, Stage.VOID)


class LeftGround(StrEnum):
    """Why somebody left the election committee (art 15)."""

    NOMINATED = "nominated"
    RELATIVE_NOMINATED = "relative_nominated"
    ABSENT = "absent"
    RESIGNED = "resigned"


class RegistrationState(StrEnum):
    """Where a statement of taking part stands; a community worker's is an application (art 16)."""

    APPLIED = "applied"
    REGISTERED = "registered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NominationRoute(StrEnum):
    """Who nominates (art 18): nobody nominates themselves."""

    PARTY = "party"
    JOINT = "joint"


class NominationState(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class CandidateState(StrEnum):
    PRELIMINARY = "preliminary"
    FORMAL = "formal"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Disqualification(StrEnum):
    """Who may not be a candidate (art 18); each is asked and answered."""

    EXPELLED = "expelled"
    SENTENCED = "sentenced"
    CRIME_RING = "crime_ring"
    CULT = "cult"


class RoundKind(StrEnum):
    """Why people vote: first, for seats left empty, on people who are level, or anew after a void poll."""

    FIRST = "first"
    FURTHER = "further"
    TIE = "tie"
    RERUN = "rerun"


class WinnerState(StrEnum):
    """What became of somebody elected: relatives on one committee yield to the highest post (art 8)."""

    ELECTED = "elected"
    YIELDED = "yielded"
    DECLINED = "declined"
    VOID = "void"


class NoticeKind(StrEnum):
    """The official notices of an election, in the order of the calendar."""

    ELECTION_DAY = "election_day"
    COMMITTEE = "committee"
    REGISTRATION = "registration"
    ROLL = "roll"
    RULINGS = "rulings"
    NOMINATION = "nomination"
    PRELIMINARY_LIST = "preliminary_list"
    FORMAL_LIST = "formal_list"
    MEETING = "meeting"
    POLLING = "polling"
    STAFF = "staff"
    ROVING_BOXES = "roving_boxes"
    PROXIES = "proxies"
    INVALID_PAPERS = "invalid_papers"
    RESULT = "result"
    FURTHER_ROUND = "further_round"
    VOID = "void"
    HANDOVER = "handover"


def may_plan(actor: Actor) -> bool:
    """Tell whether the actor may plan an election and see its committee formed: the old committee's task."""
    return actor.holds(Role.COMMITTEE, Role.ELECTION_OFFICER)


def may_preside(actor: Actor) -> bool:
    """Tell whether the actor may run the stages: the election committee presides (art 15)."""
    return actor.holds(Role.ELECTION_OFFICER)
