"""Who may be registered to take part, and the clocks of the roll (城市居民委员会组织法 arts 14, 16 and 17).

verdicts = judge_statement(book, statement, polling_day=day, today=today)
state = state_of(statement.ground)          # a community worker's is an application
duplicates(filed)                           # the same name, born on the same day
"""

from __future__ import annotations

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from civicforum.elections.law import asked_by
from civicforum.elections.rules import RegistrationState, Way
from civicforum.errors import Invalid
from civicforum.people.rules import CapacityKind, age_on
from civicforum.polls.electorates import STATUTORY
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import day_starts

# The decision on a statement that somebody took back without giving a reason.
OWN_WISH = "own_wish"


class RegisterFault(StrEnum):
    """Why a statement of taking part is not taken so, where no rule of the rulebook says it."""

    NOT_STATUTORY = "not_statutory"
    NO_EMPLOYMENT = "no_employment"
    NO_HUKOU_PLACE = "no_hukou_place"
    NO_PERSON = "no_person"
    HAS_LEFT = "has_left"
    OTHER_UNIT = "other_unit"
    BY_REPRESENTATIVES = "by_representatives"
    NOBODY_TICKED = "nobody_ticked"


@dataclass(frozen=True)
class Statement:
    """That somebody takes part, and why they may.

    Attributes:
        employed_since: of a community worker, the day on which the employment here began.
        is_declared: the person has declared not to be registered anywhere else.
    """

    born_on: date
    ground: CapacityKind
    is_declared: bool
    employed_since: date | None = None


@dataclass(frozen=True)
class Filed:
    """A registration as the check for duplicates sees it."""

    person_id: uuid.UUID
    name: str
    born_on: date


def judge_statement(book: Rulebook, statement: Statement, *, polling_day: date, today: date) -> list[Verdict]:
    """Judge a statement of taking part: the ground, the age, the employment, the declaration.

    Raises Invalid, a RegisterFault, for a ground that article 16 does not name, and for a community worker
    without the day on which the work here began.
    """
    if statement.ground not in STATUTORY:
        raise Invalid(RegisterFault.NOT_STATUTORY, "ground")
    verdicts = [
        judge_age(book, statement.born_on, polling_day=polling_day, today=today),
        asked_by(book.switch("roll.one_place"), is_met=statement.is_declared),
    ]
    if statement.ground is CapacityKind.USUAL_RESIDENCE:
        usual = book.switch("roll.usual_residents")
        verdicts.insert(0, Verdict(usual.on, usual.value, usual))
    if statement.ground is CapacityKind.COMMUNITY_WORKER:
        if statement.employed_since is None:
            raise Invalid(RegisterFault.NO_EMPLOYMENT, "employed_since")
        verdicts.append(judge_employment(book, statement.employed_since, polling_day))
    return verdicts


def judge_age(book: Rulebook, born_on: date, *, polling_day: date, today: date) -> Verdict:
    """Judge the age, on election day where the profile counts it then."""
    day = polling_day if book.switch("roll.age_on_election_day").on else today
    return book.count("roll.voting_age").judge(age_on(born_on, day))


def judge_employment(book: Rulebook, since: date, polling_day: date) -> Verdict:
    """Judge how long a community worker will have been employed here on election day."""
    return book.clock("roll.social_worker").judge(day_starts(since), day_starts(polling_day))


def judge_household(book: Rulebook, way: Way, representatives: int) -> Verdict | None:
    """Judge how many stand for one household; None unless one of each elects."""
    return book.count("roll.per_household").judge(representatives) if way is Way.HOUSEHOLDS else None


def state_of(ground: CapacityKind) -> RegistrationState:
    """Return what a statement on this ground becomes: the committee confirms community workers (art 16)."""
    is_application = ground is CapacityKind.COMMUNITY_WORKER
    return RegistrationState.APPLIED if is_application else RegistrationState.REGISTERED


def duplicates(filed: Iterable[Filed]) -> list[tuple[Filed, ...]]:
    """Return those who may be one person registered twice: of one name, born on one day.

    A person decides; two people can agree in both. Groups and people come in the order given.
    """
    alike: dict[tuple[str, date], list[Filed]] = defaultdict(list)
    for one in filed:
        name = "".join(unicodedata.normalize("NFKC", one.name).split())
        alike[name, one.born_on].append(one)
    return [tuple(group) for group in alike.values() if len(group) > 1]


def judge_posting(book: Rulebook, posted_at: datetime, polling_day: date) -> Verdict:
    """Judge how long before election day the roll was posted, or those chosen to elect (art 17)."""
    return book.clock("roll.posting").judge(posted_at, day_starts(polling_day))
