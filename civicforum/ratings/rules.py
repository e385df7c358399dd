"""Rating a service right after it (好差评, DOMAIN.md D9): five levels, once for each service event."""

from __future__ import annotations

from enum import StrEnum


class ServiceClass(StrEnum):
    """The three classes of the station's work, by which items go to its groups (DOMAIN.md row 0-16)."""

    MANAGEMENT = "management"
    PUBLIC_SERVICE = "public_service"
    SOCIAL_SECURITY = "social_security"


class RatingLevel(StrEnum):
    """非常满意, 满意, 基本满意, 不满意, 非常不满意; the last two are bad grades (差评)."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


BAD_LEVELS = frozenset({RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED})


class ReviewRuling(StrEnum):
    """What came of the review of a grade that was said to be false or a mistake."""

    STANDS = "stands"
    SET_ASIDE = "set_aside"
