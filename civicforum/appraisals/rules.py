"""What a cycle of appraisal is, and the way it takes (DOMAIN.md part D, rows 0-02 to 0-05, 2-15, 4-18, 4-19).

A cycle has subjects, who are graded, and groups of raters, who weigh by exact fractions published beforehand.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import NotEligible, TransitionNotAllowed


class CycleKind(StrEnum):
    """What is appraised: only MEMBERS has an effect on a post by law (城市居民委员会组织法 art 37)."""

    DUTY_REPORTS = "duty_reports"
    MEMBERS = "members"
    STATION = "station"
    DEPARTMENTS = "departments"
    PROVIDERS = "providers"
    RESERVE = "reserve"
    SUPPORT = "support"


class CycleState(StrEnum):
    DRAFT = "draft"
    POSTED = "posted"
    RATING = "rating"
    COUNTED = "counted"
    CERTIFIED = "certified"
    VOID = "void"


class SubjectKind(StrEnum):
    PERSON = "person"
    BODY = "body"
    DEPARTMENT = "department"
    # A firm that serves the community: water, power, gas, cleaning, greening, property management.
    PROVIDER = "provider"


class RaterBasis(StrEnum):
    """Where a group of raters comes from."""

    # The members of an assembly who are in the room.
    PRESENT = "present"
    # A roll drawn beforehand: residents, a panel, colleagues.
    ROLL = "roll"
    # An organ outside the community, such as the subdistrict, which sends the counts of its own forms.
    OUTSIDE = "outside"


class ReportCheck(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


class CriticismSource(StrEnum):
    SPOKEN = "spoken"
    ON_A_FORM = "on_a_form"
    OPINION = "opinion"
    SERVICE_RATING = "service_rating"


class ConsequenceKind(StrEnum):
    """What a grade leads to, by law or by a published rule."""

    TWO_STRIKES = "two_strikes"
    OFFER_RESIGNATION = "offer_resignation"
    WARNING_TALK = "warning_talk"


class ActionState(StrEnum):
    """The way of a corrective action (整改): problem, measure, proof, recheck by residents, closed (销号)."""

    OPEN = "open"
    PLANNED = "planned"
    REPORTED = "reported"
    CLOSED = "closed"


class ActionSource(StrEnum):
    GRADE = "grade"
    CRITICISM = "criticism"
    SERVICE_RATING = "service_rating"


class Recheck(StrEnum):
    MENDED = "mended"
    PARTLY = "partly"
    NOT_MENDED = "not_mended"


class PlanOutcome(StrEnum):
    """How a support plan ended: by the re-appraisal, or because the person left the post."""

    IMPROVED = "improved"
    NOT_IMPROVED = "not_improved"
    LEFT_POST = "left_post"


class UsePurpose(StrEnum):
    """What a certified result was used for (DOMAIN.md row 0-04)."""

    ASSESSMENT = "assessment"
    APPOINTMENT = "appointment"
    PAY = "pay"
    AWARD = "award"
    TRAINING = "training"


_S = CycleState
NEXT_STATES: dict[CycleState, set[CycleState]] = {
    _S.DRAFT: {_S.POSTED, _S.VOID},
    _S.POSTED: {_S.RATING, _S.VOID},
    _S.RATING: {_S.COUNTED, _S.VOID},
    _S.COUNTED: {_S.CERTIFIED, _S.VOID},
}


def move(state: CycleState, to: CycleState) -> CycleState:
    """Return `to`, or raise TransitionNotAllowed when a cycle has no such step. A certified result stays."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def may_lead(actor: Actor, subjects: Collection[uuid.UUID | None] = ()) -> bool:
    """Tell whether the actor may lead a cycle in which these people are graded.

    The supervision committee chairs appraisals (城市居民委员会组织法 art 37; for the others by analogy), and
    nobody leads a cycle in which they are graded themselves.
    """
    return actor.holds(Role.SUPERVISOR) and actor.person_id not in subjects


def check_lead(actor: Actor, subjects: Collection[uuid.UUID | None] = ()) -> None:
    """Raise NotEligible where the actor may not lead the cycle."""
    if not may_lead(actor, subjects):
        raise NotEligible(actor.person_id)
