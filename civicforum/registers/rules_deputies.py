"""Deputies' liaison point: who keeps the register, and what becomes of opinions (DOMAIN.md row 3-16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from fractions import Fraction

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible

FORWARD_RULE = "registers.opinion_forwarded"
LONGEST_OPINION = 1000
LONGEST_ANSWER = 2000
# Enough for somebody who waits, too few to flood a deputy.
MOST_WAITING_EACH = 5
KEPT_BY = (Role.CLERK, Role.COMMITTEE)


class DeputyKind(StrEnum):
    """A deputy of a people's congress, or a member of a political consultative conference."""

    CONGRESS = "congress"
    CONSULTATIVE = "consultative"


class DeputyLevel(StrEnum):
    """The level of the congress or conference."""

    TOWNSHIP = "township"
    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """What became of the opinions for one deputy.

    Attributes:
        answered: forwarded, with an answer.
        unanswered: forwarded, without one.
        waiting: not forwarded, in time.
        late: not forwarded, and the last day is over.
    """

    answered: int = 0
    unanswered: int = 0
    waiting: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        return self.forwarded + self.waiting + self.late

    @property
    def forwarded(self) -> int:
        """Return what the reply rate is a share of: a deputy answers what arrived."""
        return self.answered + self.unanswered

    @property
    def rate(self) -> Fraction | None:
        """Return the share answered, exact, from the first opinion on; None while nothing is forwarded."""
        return Fraction(self.answered, self.forwarded) if self.forwarded else None


def check_keep(actor: Actor) -> None:
    """Refuse whoever does not keep the register. Raises NotEligible."""
    if not may_keep(actor):
        raise NotEligible(actor.person_id)


def may_keep(actor: Actor | None) -> bool:
    """Tell whether somebody keeps the register of deputies: a clerk or the residents' committee."""
    return actor is not None and actor.holds(*KEPT_BY)


def may_enter_paper(actor: Actor | None) -> bool:
    """Tell whether somebody enters opinions that came on paper: a clerk at the counter."""
    return actor is not None and actor.holds(Role.CLERK)


def check_hours(begins: time, ends: time) -> None:
    """Raise Invalid for a liaison day that ends before it begins."""
    if ends <= begins:
        raise Invalid("hours", "ends")


def check_forwarded(on: date, *, sent_on: date, today: date) -> None:
    """Raise Invalid for a day still to come, or before the opinion was there."""
    if on > today:
        raise Invalid("future", "forwarded_on")
    if on < sent_on:
        raise Invalid("before_sent", "forwarded_on")


def is_late(due_on: date, *, forwarded_on: date | None, due_at: datetime, now: datetime) -> bool:
    """Tell whether an opinion was handed on after the last day, or is not handed on and the day is over."""
    return now > due_at if forwarded_on is None else forwarded_on > due_on
