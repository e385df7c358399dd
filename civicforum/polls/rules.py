"""The states of a poll and the presets of its secrecy (DESIGN.md sections 6 and 7)."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.counting import MotionTally
from civicforum.errors import TransitionNotAllowed
from civicforum.polls.questions import AGAINST, IN_FAVOUR
from civicforum.rulebook import Rulebook, Verdict


class PollState(StrEnum):
    DRAFT = "draft"
    ROLL_POSTED = "roll_posted"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    CERTIFIED = "certified"
    VOID = "void"


# What puts the question of a poll. An election's, a recall's and an appraisal's, where its raters are a drawn
# roll, are run on the pages of polls like one that nobody else put, with a roll and a paper that come from
# there. Anything else, such as an item or the hearing of an appraisal, runs its poll itself.
ELECTION, RECALL = "election", "recall"
APPRAISAL, HEARING = "appraisal", "appraisal_hearing"
APPRAISALS = (APPRAISAL, HEARING)
ALONE = ("", ELECTION, RECALL, APPRAISAL)
# What sets subject, terms, paper and roll of its polls itself.
SET_ELSEWHERE = (ELECTION, *APPRAISALS)


class Preset(StrEnum):
    """How secret a poll is; `open` shows names, as a show of hands does."""

    OPEN = "open"
    POLL = "poll"
    SEALED = "sealed"


class Choice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class VoteChannel(StrEnum):
    """By which way somebody takes part. PROXY is paper that a proxy holder took."""

    SCREEN = "screen"
    HANDS = "hands"
    HALL = "hall"
    ROVING = "roving"
    PROXY = "proxy"


class StationKind(StrEnum):
    HALL = "hall"
    ROVING = "roving"


class ObjectionKind(StrEnum):
    """What somebody says is wrong with a posted roll."""

    OMITTED = "omitted"
    WRONGLY_LISTED = "wrongly_listed"
    WRONG_DETAILS = "wrong_details"


class Ruling(StrEnum):
    UPHELD = "upheld"
    REJECTED = "rejected"


class CorrectionKind(StrEnum):
    ADDED = "added"
    STRUCK_OFF = "struck_off"
    CHANGED = "changed"


class MandateAnswer(StrEnum):
    """What became of a request to be somebody's proxy; SETTLED where the desk entered a proxy meanwhile."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    SETTLED = "settled"


# Ballots that one credential may send: enough for changing one's mind, too few for filling a board.
MOST_BALLOTS = 20


class PollFault(StrEnum):
    """Why a poll that is open does not take this ballot, from this person, now."""

    NOT_OPEN = "not_open"
    NOT_ON_ROLL = "not_on_roll"
    WRONG_CREDENTIAL = "wrong_credential"
    NO_CREDENTIAL = "no_credential"
    PAPER_ISSUED = "paper_issued"
    REISSUED = "reissued"
    STRUCK_OFF = "struck_off"
    NO_REVOTE = "no_revote"
    OUT_OF_STEP = "out_of_step"
    TOO_MANY = "too_many"
    TESTED = "tested"
    BAD_BALLOT = "bad_ballot"
    KEY_MISSING = "key_missing"
    PROXY_STANDS = "proxy_stands"


_S = PollState
NEXT_STATES: dict[PollState, set[PollState]] = {
    _S.DRAFT: {_S.ROLL_POSTED, _S.READY, _S.VOID},
    _S.ROLL_POSTED: {_S.READY, _S.VOID},
    _S.READY: {_S.OPEN, _S.VOID},
    _S.OPEN: {_S.CLOSED, _S.VOID},
    _S.CLOSED: {_S.COUNTED, _S.VOID},
    _S.COUNTED: {_S.CERTIFIED, _S.VOID},
    # An election won by violence, threats, bribery or forged papers is void whenever it comes out
    # (城市居民委员会组织法 art 22).
    _S.CERTIFIED: {_S.VOID},
}


def move(state: PollState, to: PollState) -> PollState:
    """Return `to`, or raise TransitionNotAllowed when a poll has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


# Who keeps the door, issues paper and counts; who runs a poll does too.
DOOR = (Role.CLERK, Role.COMMITTEE, Role.ELECTION_OFFICER)
# Who may run some poll, and keep the door of some: which one, `may_run` and `may_keep_the_door` say.
RUN_SOME = (Role.COMMITTEE, Role.ELECTION_OFFICER, Role.SUPERVISOR)
KEEP_SOME = (*DOOR, Role.SUPERVISOR)


def may_run(actor: Actor, *, is_statutory: bool, kind: str = "", barred: Collection[uuid.UUID] = ()) -> bool:
    """Tell whether the actor runs such polls; nobody does in which they are graded themselves.

    Args:
        kind: what puts the question.
        barred: who has no hand in the poll, because it grades them.

    Source: 城市居民委员会组织法 art 15, the election committee alone presides over an election or a recall;
    art 37, the supervision committee over an appraisal.
    """
    if kind in APPRAISALS:
        runners: tuple[Role, ...] = (Role.SUPERVISOR,)
    else:
        runners = (Role.ELECTION_OFFICER,) if is_statutory else (Role.ELECTION_OFFICER, Role.COMMITTEE)
    return actor.assisted_by is None and actor.person_id not in barred and actor.has(*runners)


def may_keep_the_door(actor: Actor, *, kind: str = "", barred: Collection[uuid.UUID] = ()) -> bool:
    """Tell whether the actor may issue papers and enter counts."""
    door = (Role.SUPERVISOR, Role.CLERK) if kind in APPRAISALS else DOOR
    return actor.assisted_by is None and actor.person_id not in barred and actor.has(*door)


class VerdictKind(StrEnum):
    QUORUM = "quorum"
    MAJORITY = "majority"


@dataclass(frozen=True)
class KeptVerdict:
    """A verdict as the result sheet keeps it, readable without the rulebook it was judged by."""

    kind: str
    rule: str
    article: str
    arithmetic: str
    holds: bool
    least: int | None


def judge_motion(
    book: Rulebook,
    *,
    quorum_rule: str,
    majority_rule: str,
    members: int,
    present: int,
    tally: MotionTally,
) -> tuple[KeptVerdict, KeptVerdict]:
    """Judge a motion: were enough present, and were enough of them in favour?

    Args:
        members: how many belong to the body, or are adults here: what the quorum is a share of.
        present: persons on the roll. Who is present and does not vote is not in favour
            (城市居民委员会组织法 arts 27 and 29: more than half of those present).
    """
    whole = {
        "members": members,
        "adults": members,
        "roll": present,
        "present": present,
        "taking_part": tally.taking_part,
        "cast": tally.cast,
    }
    quorum = book.threshold(quorum_rule).judge(present, whole)
    majority = book.threshold(majority_rule).judge(tally.in_favour, whole)
    return kept(VerdictKind.QUORUM, quorum), kept(VerdictKind.MAJORITY, majority)


def choice_of(answers: Sequence[Mapping[str, Any]]) -> Choice:
    """Return what a ballot with one motion says."""
    chosen = answers[0].get("chosen")
    if not chosen:
        return Choice.ABSTAIN
    return Choice.FOR if chosen == [IN_FAVOUR] else Choice.AGAINST


def answers_of(choice: Choice) -> list[dict[str, Any]]:
    """Return the answers of a ballot with one motion, in step with choice_of."""
    marks = {Choice.FOR: [IN_FAVOUR], Choice.AGAINST: [AGAINST], Choice.ABSTAIN: []}
    return [{"chosen": marks[choice]} if marks[choice] else {}]


def hash_of_ballots(ballots: Iterable[tuple[int, str]]) -> str:
    """Return the SHA-256 (hex) of what was counted.

    It is that of the JSON list of [number on the roll, choice], without spaces, in the order of the roll,
    with "" for whoever did not vote. Anybody can make it again from the list on the page.
    """
    lines = [[position, choice] for position, choice in sorted(ballots)]
    return hashlib.sha256(json.dumps(lines, separators=(",", ":")).encode()).hexdigest()


def hash_of_hands(in_favour: int, against: int, abstained: int, present: int) -> str:
    """Return the SHA-256 (hex) of the JSON list of the four numbers, without spaces: there are no ballots."""
    return hashlib.sha256(
        json.dumps([in_favour, against, abstained, present], separators=(",", ":")).encode()
    ).hexdigest()


def as_json(verdict: KeptVerdict) -> dict[str, object]:
    """Return the verdict as the result sheet's JSON column keeps it, one key per field."""
    return asdict(verdict)


def kept(kind: VerdictKind, verdict: Verdict) -> KeptVerdict:
    """Return the verdict as a result sheet keeps it."""
    return KeptVerdict(
        kind=kind.value,
        rule=verdict.rule.id,
        article=verdict.rule.article,
        arithmetic=verdict.arithmetic,
        holds=verdict.holds,
        least=verdict.least,
    )
