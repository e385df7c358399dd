"""Help for somebody with a poor grade (不满意干部帮扶, DOMAIN.md row 4-19), which a re-appraisal ends.

Everybody may know that there is a plan and how it ended: the grade is public, and that something follows is
what the public was asked for. Who helps, and with what, is between those concerned: help needs candour, and a
person's weaknesses and circumstances are not for the notice board (城市居民委员会组织法 has no such duty;
个人信息保护法 art 6: no more than the purpose needs).
"""

from __future__ import annotations

import uuid
from datetime import date

from civicforum.accounts.rules import Actor
from civicforum.appraisals.rules import PlanOutcome
from civicforum.bodies.rules import Role

LONGEST_MEASURES = 4000
# Who looks after the staff of a community: the two committees, and the supervision committee.
LOOKS_AFTER = (Role.PARTY, Role.COMMITTEE, Role.SUPERVISOR)
OPENS = (Role.PARTY, Role.SUPERVISOR)


def may_open(actor: Actor, person_id: uuid.UUID) -> bool:
    """Tell whether the actor may open a plan for this person, which nobody does for themselves."""
    return actor.holds(*OPENS) and actor.person_id != person_id


def may_see(actor: Actor | None, *, person_id: uuid.UUID, helper_id: uuid.UUID) -> bool:
    """Tell whether the actor may read the measures and who helps."""
    if actor is None or actor.assisted_by is not None:
        return False
    return actor.person_id in (person_id, helper_id) or actor.has(*LOOKS_AFTER)


def outcome_of(grade: str, *, is_poor: bool) -> PlanOutcome:
    """Return how a re-appraisal ends a plan. Where grades are level there is none, and it shows nothing."""
    return PlanOutcome.IMPROVED if grade and not is_poor else PlanOutcome.NOT_IMPROVED


def has_left(ended_on: date | None, until: date, today: date) -> bool:
    """Tell whether the term in which somebody was graded is over."""
    return (ended_on is not None and ended_on < today) or until < today
