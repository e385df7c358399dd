"""The path of a matter: which act leads from which stage to which, and who may (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from civicforum.bodies.rules import Role
from civicforum.errors import NotEligible, TransitionNotAllowed


class Stage(StrEnum):
    DRAFT = "draft"
    RAISED = "raised"
    SECONDED = "seconded"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    DECLINED = "declined"
    ANSWERED_DIRECTLY = "answered_directly"
    DELIBERATING = "deliberating"
    TO_DECIDE = "to_decide"
    DECIDED = "decided"
    NOT_ADOPTED = "not_adopted"
    CARRYING_OUT = "carrying_out"
    DONE = "done"
    APPRAISED = "appraised"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody, or a clock, does with a matter."""

    EDIT = "edit"
    PUBLISH = "publish"
    SECOND = "second"
    ENTER_PAPER_SECONDS = "enter_paper_seconds"
    ENOUGH_SECONDS = "enough_seconds"
    COMMENT = "comment"
    HIDE_COMMENT = "hide_comment"
    DISCARD = "discard"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    STUDY = "study"
    ACCEPT = "accept"
    RETURN = "return"
    RESUBMIT = "resubmit"
    DECLINE = "decline"
    ANSWER_DIRECTLY = "answer_directly"
    DEMAND = "demand"
    ENTER_PAPER_DEMANDS = "enter_paper_demands"
    ENOUGH_DEMANDS = "enough_demands"
    PLAN_MEETING = "plan_meeting"
    AGREE = "agree"
    PUT_TO_ASSEMBLY = "put_to_assembly"
    DROP = "drop"
    ADOPT = "adopt"
    REJECT = "reject"
    ADD_TASK = "add_task"
    REPORT_PROGRESS = "report_progress"
    REPORT_DONE = "report_done"
    FILE_FINDING = "file_finding"
    ASK = "ask"
    ANSWER = "answer"
    GRADE = "grade"
    GRADED_WELL = "graded_well"
    GRADED_POORLY = "graded_poorly"
    CLOSE = "close"


@dataclass(frozen=True)
class Step:
    """One act: from these stages, to that stage (None: it stays), by these roles.

    `author` True: only the matter's author may; False: anybody but the author. No roles at all means that a
    clock or another rule acts, and no person.
    """

    stages: frozenset[Stage]
    to: Stage | None = None
    roles: frozenset[Role] = frozenset()
    author: bool | None = None


_S, _R, _A = Stage, Role, Act
_RESIDENT = frozenset({_R.RESIDENT})
_COMMITTEE = frozenset({_R.COMMITTEE})
_CARRIERS = frozenset({_R.COMMITTEE, _R.STATION_HEAD, _R.PARTY})
# What the public may see and talk about: everything but a draft.
LIVE = frozenset(
    {
        _S.RAISED,
        _S.SECONDED,
        _S.IN_REVIEW,
        _S.RETURNED,
        _S.DELIBERATING,
        _S.TO_DECIDE,
        _S.DECIDED,
        _S.CARRYING_OUT,
        _S.DONE,
        _S.APPRAISED,
    }
)
ENDED = frozenset({_S.DECLINED, _S.ANSWERED_DIRECTLY, _S.NOT_ADOPTED, _S.CLOSED, _S.MERGED, _S.WITHDRAWN})
PUBLIC = LIVE | ENDED
SECONDABLE = frozenset({_S.RAISED, _S.SECONDED, _S.IN_REVIEW})

STEPS: dict[Act, Step] = {
    _A.EDIT: Step(frozenset({_S.DRAFT, _S.RETURNED}), None, _RESIDENT, author=True),
    _A.PUBLISH: Step(frozenset({_S.DRAFT}), _S.RAISED, _RESIDENT, author=True),
    # Also after the number is reached: support tells the reviewers how many are concerned, and of two people
    # who second at the same moment neither is sent away.
    _A.SECOND: Step(SECONDABLE, None, _RESIDENT, author=False),
    _A.ENTER_PAPER_SECONDS: Step(SECONDABLE, None, frozenset({_R.CLERK})),
    _A.ENOUGH_SECONDS: Step(frozenset({_S.RAISED}), _S.SECONDED),
    _A.COMMENT: Step(LIVE | {_S.DECLINED}, None, _RESIDENT),
    _A.HIDE_COMMENT: Step(PUBLIC, None, frozenset({_R.COMMITTEE, _R.CLERK})),
    # A draft is removed, not withdrawn: nobody else has ever seen it.
    _A.DISCARD: Step(frozenset({_S.DRAFT}), None, _RESIDENT, author=True),
    # Not later: once reviewed the matter belongs to the community.
    _A.WITHDRAW: Step(frozenset({_S.RAISED, _S.SECONDED, _S.RETURNED}), _S.WITHDRAWN, _RESIDENT, author=True),
    _A.MERGE: Step(
        frozenset({_S.RAISED, _S.SECONDED, _S.IN_REVIEW}), _S.MERGED, frozenset({_R.COMMITTEE, _R.CLERK})
    ),
    # Art 30: the community party organisation studies first.
    _A.STUDY: Step(frozenset({_S.SECONDED}), _S.IN_REVIEW, frozenset({_R.PARTY})),
    _A.ACCEPT: Step(frozenset({_S.IN_REVIEW}), _S.DELIBERATING, _COMMITTEE),
    _A.RETURN: Step(frozenset({_S.IN_REVIEW}), _S.RETURNED, _COMMITTEE),
    _A.RESUBMIT: Step(frozenset({_S.RETURNED}), _S.IN_REVIEW, _RESIDENT, author=True),
    _A.DECLINE: Step(frozenset({_S.IN_REVIEW}), _S.DECLINED, _COMMITTEE),
    _A.ANSWER_DIRECTLY: Step(frozenset({_S.IN_REVIEW}), _S.ANSWERED_DIRECTLY, _COMMITTEE),
    # Arts 26 and 28: a refusal is not the last word.
    _A.DEMAND: Step(frozenset({_S.DECLINED}), None, frozenset({_R.RESIDENT, _R.REPRESENTATIVE})),
    _A.ENTER_PAPER_DEMANDS: Step(frozenset({_S.DECLINED}), None, frozenset({_R.CLERK})),
    _A.ENOUGH_DEMANDS: Step(frozenset({_S.DECLINED}), _S.TO_DECIDE),
    _A.PLAN_MEETING: Step(frozenset({_S.DELIBERATING, _S.TO_DECIDE}), None, _COMMITTEE),
    _A.AGREE: Step(frozenset({_S.DELIBERATING}), _S.CARRYING_OUT, _COMMITTEE),
    _A.PUT_TO_ASSEMBLY: Step(frozenset({_S.DELIBERATING}), _S.TO_DECIDE, _COMMITTEE),
    _A.DROP: Step(frozenset({_S.DELIBERATING}), _S.DECLINED, _COMMITTEE),
    _A.ADOPT: Step(frozenset({_S.TO_DECIDE}), _S.DECIDED),
    _A.REJECT: Step(frozenset({_S.TO_DECIDE}), _S.NOT_ADOPTED),
    _A.ADD_TASK: Step(frozenset({_S.DECIDED, _S.CARRYING_OUT}), _S.CARRYING_OUT, _COMMITTEE),
    # And whoever holds a post in the body that answers for the task: check_report.
    _A.REPORT_PROGRESS: Step(frozenset({_S.CARRYING_OUT}), None, _COMMITTEE),
    _A.REPORT_DONE: Step(frozenset({_S.CARRYING_OUT}), _S.DONE, _COMMITTEE),
    _A.FILE_FINDING: Step(PUBLIC, None, frozenset({_R.SUPERVISOR})),
    _A.ASK: Step(PUBLIC, None, _RESIDENT),
    _A.ANSWER: Step(PUBLIC, None, _CARRIERS),
    _A.GRADE: Step(frozenset({_S.DONE}), None, _RESIDENT),
    _A.GRADED_WELL: Step(frozenset({_S.DONE}), _S.APPRAISED),
    _A.GRADED_POORLY: Step(frozenset({_S.DONE}), _S.CARRYING_OUT),
    _A.CLOSE: Step(frozenset({_S.APPRAISED}), _S.CLOSED, _COMMITTEE),
}


def may(act: Act, roles: Set[Role], *, is_author: bool = False) -> bool:
    """Tell whether somebody with these roles may do this act at all, whatever the stage."""
    step = STEPS[act]
    return bool(step.roles & set(roles)) and (step.author is None or step.author is is_author)


def allowed_acts(stage: Stage, roles: Set[Role], *, is_author: bool = False) -> frozenset[Act]:
    """Return the acts that a page offers somebody at this stage."""
    return frozenset(
        act for act, step in STEPS.items() if stage in step.stages and may(act, roles, is_author=is_author)
    )


def check(act: Act, stage: Stage, roles: Set[Role], *, is_author: bool = False) -> Stage:
    """Return the stage after the act.

    Raises NotEligible when these roles may never do it, TransitionNotAllowed when the stage is another.
    """
    if not may(act, roles, is_author=is_author):
        raise NotEligible(act)
    return follow(act, stage)


def follow(act: Act, stage: Stage) -> Stage:
    """Return the stage after an act that a clock or a rule does. Raises TransitionNotAllowed."""
    step = STEPS[act]
    if stage not in step.stages:
        raise TransitionNotAllowed(stage, act)
    return step.to or stage


def is_step(payload: Mapping[str, object]) -> bool:
    """Tell whether the payload of a journal entry about a matter is a step of its path."""
    return payload.get("from") != payload.get("to") and payload.get("act") in set(Act)


def check_report(stage: Stage, roles: Set[Role], *, holds_post: bool) -> None:
    """Refuse a progress report from neither the committee nor the task's body (`holds_post`)."""
    if holds_post:
        follow(Act.REPORT_PROGRESS, stage)
    else:
        check(Act.REPORT_PROGRESS, stage, roles)


class StageGroup(StrEnum):
    """The stages as a list shows them, after the four steps and one appraisal (DOMAIN.md row 1-05)."""

    GATHERING = "gathering"
    REVIEW = "review"
    DELIBERATION = "deliberation"
    CARRYING_OUT = "carrying_out"
    APPRAISAL = "appraisal"
    SETTLED = "settled"
    REFUSED = "refused"
    ENDED_EARLY = "ended_early"


STAGES_OF_GROUP: dict[StageGroup, frozenset[Stage]] = {
    StageGroup.GATHERING: frozenset({_S.RAISED}),
    StageGroup.REVIEW: frozenset({_S.SECONDED, _S.IN_REVIEW, _S.RETURNED}),
    StageGroup.DELIBERATION: frozenset({_S.DELIBERATING, _S.TO_DECIDE}),
    StageGroup.CARRYING_OUT: frozenset({_S.DECIDED, _S.CARRYING_OUT}),
    StageGroup.APPRAISAL: frozenset({_S.DONE, _S.APPRAISED}),
    StageGroup.SETTLED: frozenset({_S.CLOSED, _S.ANSWERED_DIRECTLY}),
    StageGroup.REFUSED: frozenset({_S.DECLINED, _S.NOT_ADOPTED}),
    StageGroup.ENDED_EARLY: frozenset({_S.MERGED, _S.WITHDRAWN}),
}

# Where a matter usually goes next; what has no entry has come to its end.
USUAL_NEXT: dict[Stage, Stage] = {
    _S.RAISED: _S.SECONDED,
    _S.SECONDED: _S.IN_REVIEW,
    _S.IN_REVIEW: _S.DELIBERATING,
    _S.RETURNED: _S.IN_REVIEW,
    _S.DELIBERATING: _S.CARRYING_OUT,
    _S.TO_DECIDE: _S.DECIDED,
    _S.DECIDED: _S.CARRYING_OUT,
    _S.CARRYING_OUT: _S.DONE,
    _S.DONE: _S.APPRAISED,
    _S.APPRAISED: _S.CLOSED,
}

# The clock that starts when a matter enters a stage. That of the review runs from the seconding.
CLOCK_OF_STAGE: dict[Stage, str] = {
    _S.SECONDED: "matter.study",
    _S.IN_REVIEW: "matter.review",
    _S.RETURNED: "matter.return",
    _S.DELIBERATING: "matter.deliberate",
    _S.TO_DECIDE: "matter.decide",
    _S.DECIDED: "matter.plan",
    # Until the first task gives its own date: what was agreed without a vote, or sent back, needs a plan too.
    _S.CARRYING_OUT: "matter.plan",
    _S.DONE: "matter.appraise",
    _S.APPRAISED: "matter.close",
}


class Category(StrEnum):
    """What a matter is about: a starting catalogue (DOMAIN.md part C, row 3)."""

    SAFETY = "safety"
    ENVIRONMENT = "environment"
    FACILITIES = "facilities"
    PROPERTY = "property"
    PARKING = "parking"
    ELDERLY = "elderly"
    CHILDREN = "children"
    CULTURE = "culture"
    NEIGHBOURS = "neighbours"
    COVENANT = "covenant"
    SERVICES = "services"
    OTHER = "other"


class Channel(StrEnum):
    """How an act came in."""

    SCREEN = "screen"
    DESK = "desk"
    PAPER = "paper"


class ReviewKind(StrEnum):
    STUDY = "study"
    DECISION = "decision"


class ReviewOutcome(StrEnum):
    """The study supports, advises against, or gives remarks; the decision is one of the other four."""

    SUPPORTED = "supported"
    ADVISED_AGAINST = "advised_against"
    REMARKS = "remarks"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DECLINED = "declined"
    ANSWERED_DIRECTLY = "answered_directly"


STUDY_OUTCOMES = (ReviewOutcome.SUPPORTED, ReviewOutcome.REMARKS, ReviewOutcome.ADVISED_AGAINST)
# The four ways to decide, as acts and as what the review row keeps.
OUTCOME_OF_ACT: dict[Act, ReviewOutcome] = {
    _A.ACCEPT: ReviewOutcome.ACCEPTED,
    _A.RETURN: ReviewOutcome.RETURNED,
    _A.DECLINE: ReviewOutcome.DECLINED,
    _A.ANSWER_DIRECTLY: ReviewOutcome.ANSWERED_DIRECTLY,
}


class Ground(StrEnum):
    """The closed list of grounds on which the committee declines a matter."""

    OUTSIDE_COMMUNITY = "outside_community"
    AGAINST_LAW = "against_law"
    PRIVATE_DISPUTE = "private_dispute"
    ALREADY_DECIDED = "already_decided"
    NO_MEANS = "no_means"
    PERSONAL_ATTACK = "personal_attack"
    DROPPED_IN_DELIBERATION = "dropped_in_deliberation"


# What the committee may choose in a review; the last ground belongs to a deliberation.
REVIEW_GROUNDS = tuple(ground for ground in Ground if ground is not Ground.DROPPED_IN_DELIBERATION)


class HideReason(StrEnum):
    """The closed list of reasons to hide a comment: the moderation rule, word for word on the page."""

    PERSONAL_ATTACK = "personal_attack"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"
    UNLAWFUL = "unlawful"
    REPEATED = "repeated"


class TaskState(StrEnum):
    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"


class FindingKind(StrEnum):
    IN_ORDER = "in_order"
    REMARK = "remark"
    PROBLEM = "problem"


class GradeLevel(StrEnum):
    """DOMAIN.md part D, row 3, with "don't know" added."""

    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    DONT_KNOW = "dont_know"


class LineProblem(StrEnum):
    """Why a line of a paper list names nobody who can sign here."""

    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    LEFT = "left"
    REPEATED = "repeated"
    IS_AUTHOR = "is_author"
    ALREADY = "already"
    NOT_ENTITLED = "not_entitled"
