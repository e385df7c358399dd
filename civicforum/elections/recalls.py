"""How a post on the committee ends before its term: recall, resignation, by itself; and who is elected then.

    require(judge_demand(book, way, signers, on_roll), judge_again(book, failed_at=..., demanded_at=...))
    require(judge_defence(book, was_heard=True))
    make_poll(quorum_rule=VALIDITY[way], majority_rule=MAJORITY)    # the poll judges what it counted

Source: 城市居民委员会组织法 arts 20 to 24 and 37.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum

from civicforum.elections.law import asked_by
from civicforum.elections.rules import Way
from civicforum.errors import TransitionNotAllowed
from civicforum.rulebook import Rulebook, Switch, Verdict


class RecallState(StrEnum):
    """Where a demand for a recall stands."""

    DEMANDED = "demanded"
    COMPLETE = "complete"
    VOTING = "voting"
    CARRIED = "carried"
    FAILED = "failed"
    ENDED = "ended"


_S = RecallState
NEXT_STATES: dict[RecallState, set[RecallState]] = {
    _S.DEMANDED: {_S.COMPLETE, _S.ENDED},
    _S.COMPLETE: {_S.VOTING, _S.ENDED},
    # A vote that is void is held again.
    _S.VOTING: {_S.VOTING, _S.CARRIED, _S.FAILED, _S.ENDED},
}
# Before anything came of it; a post has one such demand at a time.
LIVE = (_S.DEMANDED, _S.COMPLETE, _S.VOTING)


def move(state: RecallState, to: RecallState) -> RecallState:
    """Return `to`, or raise TransitionNotAllowed when a recall has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


class RecallNoticeKind(StrEnum):
    """The official notices of a recall, in their order."""

    DEMAND = "recall_demand"
    VOTE = "recall_vote"
    RESULT = "recall_result"


# From when on a notice has what it says.
READY_IN: dict[RecallNoticeKind, frozenset[RecallState]] = {
    RecallNoticeKind.DEMAND: frozenset({_S.COMPLETE, _S.VOTING, _S.CARRIED, _S.FAILED}),
    RecallNoticeKind.VOTE: frozenset({_S.VOTING, _S.CARRIED, _S.FAILED}),
    RecallNoticeKind.RESULT: frozenset({_S.CARRIED, _S.FAILED}),
}


class EndGround(StrEnum):
    """Why a post ended before its term."""

    RECALLED = "recalled"
    RESIGNED = "resigned"
    INCAPABLE = "incapable"
    SENTENCED = "sentenced"
    TWO_STRIKES = "two_strikes"


class DepartureState(StrEnum):
    """Where a resignation stands; what ends a post by itself is passed at once."""

    FILED = "filed"
    PASSED = "passed"
    REFUSED = "refused"
    # The post ended in another way meanwhile.
    LAPSED = "lapsed"


# The rules by which the poll on a recall is judged: how many take part, and how many are in favour (art 20).
VALIDITY: dict[Way, str] = {
    Way.VOTERS: "recall.validity.voters",
    Way.HOUSEHOLDS: "recall.validity.households",
    Way.REPRESENTATIVES: "recall.validity.representatives",
}
MAJORITY = "recall.majority"

# What ends a post without anybody deciding it (arts 23 and 37); the rule that says so.
ENDS_BY_ITSELF: dict[EndGround, str] = {
    EndGround.INCAPABLE: "committee.ends_by_itself",
    EndGround.SENTENCED: "committee.ends_by_itself",
    EndGround.TWO_STRIKES: "appraisal.strikes",
}


def judge_demand(
    book: Rulebook, way: Way, signers: Iterable[uuid.UUID], on_roll: Collection[uuid.UUID]
) -> Verdict:
    """Judge whether enough demand a recall; each person on the roll counts once (art 20)."""
    return judge_signed(book, way, len(set(signers).intersection(on_roll)), len(set(on_roll)))


def judge_signed(book: Rulebook, way: Way, signed: int, on_roll: int) -> Verdict:
    """Judge as `judge_demand` does, from how many of how many people on the roll have signed."""
    rolls = dict.fromkeys(("roll", "households", "representatives"), on_roll)
    return book.threshold(f"recall.demand.{way}").judge(signed, rolls)


def judge_again(
    book: Rulebook, *, failed_at: datetime, demanded_at: datetime, same_facts: bool, same_term: bool = True
) -> Verdict:
    """Judge a demand after one that failed: the same facts are barred for a time, or for the term."""
    for_term = book.switch("recall.barred_for_term")
    if for_term.on and same_facts and same_term:
        return Verdict(False, for_term.value, for_term)
    clock = book.clock("recall.barred")
    verdict = clock.judge(failed_at, demanded_at)
    return verdict if same_facts else Verdict(True, verdict.arithmetic, clock)


def judge_defence(book: Rulebook, *, was_heard: bool) -> Verdict:
    """Judge that the member could defend themselves before the vote (art 20)."""
    return asked_by(book.switch("recall.defence"), is_met=was_heard)


def judge_vote_day(book: Rulebook, demanded_at: datetime, polling_at: datetime) -> Verdict:
    """Judge how soon a demand is voted on."""
    return book.clock("recall.vote").judge(demanded_at, polling_at)


def ends_recall(book: Rulebook, resigned_at: datetime | None, polling_at: datetime) -> bool:
    """Tell whether a resignation that an assembly passed before the vote ends the recall."""
    is_before = resigned_at is not None and resigned_at < polling_at
    return is_before and book.switch("recall.resignation_ends").on


def judge_resignation(book: Rulebook, *, was_passed: bool) -> Verdict:
    """Judge that one of the assemblies passed a resignation, before which it ends nothing (art 21)."""
    return asked_by(book.switch("committee.resignation"), is_met=was_passed)


def judge_announcement(book: Rulebook, passed_at: datetime, announced_at: datetime) -> Verdict:
    """Judge how soon a resignation that was passed is announced."""
    return book.clock("committee.resignation_announced").judge(passed_at, announced_at)


def ends_by_itself(book: Rulebook, ground: EndGround) -> Verdict | None:
    """Return the rule by which the post ends without a decision; None where somebody has to decide it."""
    rule_id = ENDS_BY_ITSELF.get(ground)
    rule = book.rule(rule_id) if rule_id else None
    if rule is None or (isinstance(rule, Switch) and not rule.on):
        return None
    return Verdict(True, rule.value, rule)


def judge_left(book: Rulebook, left: int) -> Verdict:
    """Judge whether enough members are left; where it fails, there has to be a by-election."""
    return book.count("election.by_election.below").judge(left)


def judge_by_election_day(book: Rulebook, fell_at: datetime, polling_at: datetime) -> Verdict:
    """Judge how soon a by-election follows."""
    return book.clock("election.by_election.within").judge(fell_at, polling_at)


def last_day_of_by_elected(book: Rulebook, term_until: date, full_until: date) -> date:
    """Return the last day of somebody elected in a by-election: the rest of the term (art 24)."""
    return term_until if book.switch("election.by_election.rest_of_term").on else full_until
