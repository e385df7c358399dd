"""What a notice is about, the way of its draft, and who does what on it (DOMAIN.md E1 to E4)."""

from __future__ import annotations

from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import NotEligible, TransitionNotAllowed


class NoticeCategory(StrEnum):
    """The seven categories of article 34."""

    ASSEMBLY_DECISIONS = "assembly_decisions"
    MONEY_AND_DONATIONS = "money_and_donations"
    FACILITIES = "facilities"
    SERVICE_PROJECTS = "service_projects"
    DELIBERATION = "deliberation"
    HELP_TO_GOVERNMENT = "help_to_government"
    COMMON_CONCERN = "common_concern"


class NoticeState(StrEnum):
    """Where a notice is: on the board, taken down before its time, or past its posting period."""

    POSTED = "posted"
    REMOVED = "removed"
    EXPIRED = "expired"


class DraftState(StrEnum):
    """Where a draft is on its way to the board (DOMAIN.md E4)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    OBJECTED = "objected"
    REVIEWED = "reviewed"
    MET = "met"
    POSTED = "posted"
    DROPPED = "dropped"


class Rhythm(StrEnum):
    """How often an item of the catalogue is due (DOMAIN.md E3)."""

    AD_HOC = "ad_hoc"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class ItemSource(StrEnum):
    """Why an item is in the catalogue: the law says so, the community does, or it was demanded."""

    LAW = "law"
    LOCAL = "local"
    DEMANDED = "demanded"


class QueryEntryKind(StrEnum):
    """What an entry in the thread of a query is."""

    QUESTION = "question"
    ANSWER = "answer"


class ComplaintGround(StrEnum):
    """What a complaint is about (art 35: late, or not true), or a query without an answer."""

    LATE = "late"
    FALSE = "false"
    UNANSWERED = "unanswered"


class ComplaintOutcome(StrEnum):
    """What the subdistrict office found."""

    ORDERED = "ordered"
    EXPLAINED = "explained"
    UNFOUNDED = "unfounded"


_D = DraftState
NEXT_STATES: dict[DraftState, set[DraftState]] = {
    _D.DRAFT: {_D.IN_REVIEW, _D.DROPPED},
    _D.IN_REVIEW: {_D.OBJECTED, _D.REVIEWED, _D.DRAFT, _D.DROPPED},
    # Back to the supervision committee, which sees what became of its objection.
    _D.OBJECTED: {_D.IN_REVIEW, _D.DROPPED},
    # What was reviewed is posted as it was reviewed: whoever changes it hands it in again.
    _D.REVIEWED: {_D.MET, _D.DRAFT, _D.DROPPED},
    _D.MET: {_D.POSTED, _D.DRAFT, _D.DROPPED},
}
# On its way: neither on the board nor given up.
OPEN_DRAFTS = frozenset(DraftState) - {_D.POSTED, _D.DROPPED}


def move(state: DraftState, to: DraftState) -> DraftState:
    """Return `to`, or raise TransitionNotAllowed when a draft has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


_N = NoticeState
NEXT_NOTICE_STATES: dict[NoticeState, set[NoticeState]] = {_N.POSTED: {_N.REMOVED, _N.EXPIRED}}


def move_notice(state: NoticeState, to: NoticeState) -> NoticeState:
    """Return `to`, or raise TransitionNotAllowed: what is no longer posted stays as it is."""
    if to not in NEXT_NOTICE_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


DRAFTS = (Role.COMMITTEE, Role.CLERK)
POSTS = (Role.COMMITTEE,)
REVIEWS = (Role.SUPERVISOR,)


def may_draft(actor: Actor) -> bool:
    """Tell whether the actor drafts notices; nobody of the supervision committee does, who reviews them."""
    return actor.holds(*DRAFTS) and not actor.has(*REVIEWS)


def may_post(actor: Actor) -> bool:
    """Tell whether the actor acts for the residents' committee, which answers for the board."""
    return actor.holds(*POSTS) and not actor.has(*REVIEWS)


def check_post(actor: Actor) -> None:
    """Raise NotEligible unless the actor may post notices."""
    if not may_post(actor):
        raise NotEligible(actor.person_id)


def may_review(actor: Actor) -> bool:
    """Tell whether the actor reviews drafts, but for those written in another post before."""
    return actor.holds(*REVIEWS)
