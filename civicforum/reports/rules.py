"""What may be reported, until when it is answered, and what may be told about it to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from civicforum.rulebook import SHANGHAI, Clock
from civicforum.rulebook.days import day_of

ANSWER_CLOCK = "election.report_answered"
# In characters, by the field of the form.
LONGEST = {"text": 4000, "where": 300, "contact": 200}
LONGEST_ANSWER = 4000
MOST_PHOTOS = 3
# Of a report's number: eight characters of five random bits each.
NUMBER_CHARACTERS, NUMBER_BYTES = 8, 5
# A flood may fill neither the disk nor the authority's day; who is turned away is given the phone number.
MOST_A_DAY = 300
VISIT_LASTS = timedelta(hours=2)
TEST_LASTS = timedelta(minutes=15)


class Kind(StrEnum):
    """By what an election is won unlawfully (城市居民委员会组织法 art 22)."""

    VIOLENCE = "violence"
    THREAT = "threat"
    DECEPTION = "deception"
    BRIBERY = "bribery"
    FORGED_PAPERS = "forged_papers"
    FALSE_COUNT = "false_count"
    OTHER = "other"


class Standing(StrEnum):
    """Where a report stands against the days its answer may take."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"


@dataclass(frozen=True)
class Came:
    """So many reports that came on one day and were answered on one day, or not yet."""

    received_on: date
    answered_on: date | None
    number: int = 1


@dataclass(frozen=True)
class Counts:
    """What everybody is told: how many came, and how the authority keeps its days."""

    came: int = 0
    waiting: int = 0
    overdue: int = 0
    answered: int = 0
    answered_late: int = 0


def due_on(clock: Clock, received_on: date) -> date:
    """Return the last day on which the answer is in time."""
    return day_of(clock.deadline(datetime.combine(received_on, time(12), SHANGHAI)))


def standing(clock: Clock, came: Came, today: date) -> Standing:
    """Tell where a report stands on a day."""
    due = due_on(clock, came.received_on)
    if came.answered_on is not None:
        return Standing.ANSWERED if came.answered_on <= due else Standing.ANSWERED_LATE
    return Standing.WAITING if today <= due else Standing.OVERDUE


def count_up(clock: Clock, rows: Iterable[Came], today: date) -> Counts:
    """Count the reports that came before today.

    One that comes now is counted tomorrow: otherwise whoever watches the figure learns the minute, and with
    it perhaps who was seen with a phone.
    """
    numbers = dict.fromkeys(Standing, 0)
    for came in rows:
        if came.received_on < today:
            numbers[standing(clock, came, today)] += came.number
    return Counts(
        came=sum(numbers.values()),
        waiting=numbers[Standing.WAITING],
        overdue=numbers[Standing.OVERDUE],
        answered=numbers[Standing.ANSWERED],
        answered_late=numbers[Standing.ANSWERED_LATE],
    )
