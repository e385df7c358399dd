"""What a person can be in a community."""

from __future__ import annotations

import calendar
from datetime import date
from enum import StrEnum


class RegionKind(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class CapacityKind(StrEnum):
    """The capacities that rolls are drawn from (DESIGN.md section 3)."""

    HUKOU = "hukou"
    USUAL_RESIDENCE = "usual_residence"
    COMMUNITY_WORKER = "community_worker"
    OWNER = "owner"
    PARTY_MEMBER = "party_member"
    COLLECTIVE_MEMBER = "collective_member"


class KinshipKind(StrEnum):
    """Near relatives as the Civil Code, article 1045, lists them."""

    SPOUSE = "spouse"
    PARENT_CHILD = "parent_child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"


class ImportState(StrEnum):
    PREVIEWED = "previewed"
    WRITTEN = "written"


# Civil Code art 17; Urban Residents' Committees Organic Law art 16.
ADULT_AGE = 18


def age_on(born_on: date, day: date) -> int:
    """Return completed years of age; who is born on 29 February completes a year on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_adult(born_on: date, day: date) -> bool:
    """Tell whether somebody has completed 18 years on `day` (Civil Code art 17)."""
    return age_on(born_on, day) >= ADULT_AGE


def latest_birth_of_adult(day: date) -> date:
    """Return the last day of birth of those who are adults on `day`, in step with is_adult."""
    year = day.year - ADULT_AGE
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)
