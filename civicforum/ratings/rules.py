"""Rating a service right after it (好差评, DOMAIN.md D9): five levels, once for each service event."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from enum import StrEnum

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role

# A page of slips is one sheet of A4. Always whole: a sheet of one slip would name whoever gets it.
SLIPS_PER_SHEET = 24
LONGEST_COMMENT, LONGEST_ANSWER = 1000, 1000
ONCE, CONTACT, MEND, LEAST = "rating.once", "rating.contact", "rating.mend", "privacy.least"


class ServiceClass(StrEnum):
    """The three classes of the station's work, by which items go to its groups (DOMAIN.md row 0-16)."""

    MANAGEMENT = "management"
    PUBLIC_SERVICE = "public_service"
    SOCIAL_SECURITY = "social_security"


# The station has an office, which takes what belongs to no class, and three groups (row 0-16).
OFFICE = "综合办公室"
GROUP_OF_CLASS = {
    ServiceClass.MANAGEMENT: "管理组",
    ServiceClass.PUBLIC_SERVICE: "服务组",
    ServiceClass.SOCIAL_SECURITY: "保障组",
}
UNITS = (OFFICE, *GROUP_OF_CLASS.values())


class RatingLevel(StrEnum):
    """非常满意, 满意, 基本满意, 不满意, 非常不满意; the last two are bad grades (差评)."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


LEVELS = tuple(RatingLevel)
BAD_LEVELS = frozenset({RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED})


class ReviewRuling(StrEnum):
    """What came of the review of a grade that was said to be false or a mistake."""

    STANDS = "stands"
    SET_ASIDE = "set_aside"


class SlipStanding(StrEnum):
    """What a slip's code opens now."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def slip_standing(
    *, is_used: bool, withdrawn_on: date | None, valid_until: date, today: date, is_once: bool
) -> SlipStanding:
    """Tell what a slip opens. That it was used is said first: whoever holds it has rated."""
    if is_used and is_once:
        return SlipStanding.USED
    if withdrawn_on is not None:
        return SlipStanding.WITHDRAWN
    return SlipStanding.EXPIRED if today > valid_until else SlipStanding.OPEN


def may_manage(actor: Actor) -> bool:
    """Tell whether the actor keeps the station's items, card and slips."""
    return actor.holds(Role.STATION_HEAD, Role.CLERK)


def may_handle(actor: Actor, served_by: uuid.UUID) -> bool:
    """Tell whether the actor may read and answer a bad grade: never the person whom it is about."""
    answers_for_it = actor.has(Role.STATION_HEAD, Role.SUPERVISOR)
    return actor.assisted_by is None and answers_for_it and actor.person_id != served_by


def may_rule(actor: Actor, served_by: uuid.UUID) -> bool:
    """Tell whether the actor rules on a disputed grade: the supervision committee, and not on their own."""
    return actor.holds(Role.SUPERVISOR) and actor.person_id != served_by


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def default_valid_until(today: date) -> date:
    """Return until when new slips are good unless somebody says another day: about two months."""
    return today + timedelta(days=60)
