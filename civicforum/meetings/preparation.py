"""What can be computed of a session before it is held: clock times, what is due, when a demand is met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civicforum.appraisals import law as appraisal_law
from civicforum.meetings.rules import MeetingForm
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import day_ends, day_of, day_starts

INTERVAL_RULE: dict[MeetingForm, str] = {
    MeetingForm.REPRESENTATIVE_ASSEMBLY: "assembly.representatives.interval",
    MeetingForm.JOINT: "council.joint_interval",
}
YEARLY_RULE = "assembly.residents.per_year"


def timetable(starts_at: datetime, minutes: Iterable[int]) -> list[datetime]:
    """Return when each item is expected to begin, if each takes its minutes."""
    at, times = starts_at, []
    for length in minutes:
        times.append(at)
        at += timedelta(minutes=length)
    return times


@dataclass(frozen=True)
class Due:
    """By when a session of a form has to be held next. `last_on` None: none has been held."""

    form: MeetingForm
    last_on: date | None
    due_at: datetime
    verdict: Verdict

    def is_late(self, now: datetime) -> bool:
        """Tell whether the last day is over."""
        return now > self.due_at


def due_by_interval(
    book: Rulebook, form: MeetingForm, *, last_on: date | None, since: date, now: datetime
) -> Due:
    """Return when such a session is due: so many months after the last, or after `since` when none was held.

    Sources: art 28 for the representative assembly; local practice for joint meetings.
    """
    clock = book.clock(INTERVAL_RULE[form])
    start = day_starts(last_on or since)
    return Due(form, last_on, clock.deadline(start), clock.judge(start, now))


def due_by_year(book: Rulebook, *, held: Iterable[date], now: datetime) -> Due | None:
    """Return that a residents' assembly is due this year; None when enough were held in it."""
    days = sorted(held)
    year = day_of(now).year
    verdict = book.count(YEARLY_RULE).judge(sum(day.year == year for day in days))
    if verdict.holds:
        return None
    form = MeetingForm.RESIDENTS_ASSEMBLY
    return Due(form, days[-1] if days else None, day_ends(date(year, 12, 31)), verdict)


@dataclass(frozen=True)
class DemandFigures:
    """How far a demand has come: each way with its sum; any of them is enough."""

    verdicts: tuple[Verdict, ...]

    @property
    def is_enough(self) -> bool:
        """Tell whether what is demanded must be called."""
        return any(verdict.holds for verdict in self.verdicts)


@dataclass(frozen=True)
class Signers:
    """Who signed, out of whom: adults, households that signed by one of theirs, representatives."""

    adults: int
    all_adults: int
    households: int
    all_households: int
    representatives: int
    all_representatives: int


def judge_demand(book: Rulebook, form: MeetingForm, signers: Signers) -> DemandFigures:
    """Judge a demand. Residents may demand their own assembly; only representatives demand theirs.

    An appraisal is demanded by either. Outside elections there is no roll, so that adults who live here count
    as voters. Sources: arts 26 and 28; for appraisals see appraisals.law.
    """
    of_representatives = {"representatives": signers.all_representatives}
    if form is MeetingForm.APPRAISAL:
        return DemandFigures(_judge_appraisal(book, signers))
    if form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
        rule = book.threshold("assembly.representatives.demand")
        return DemandFigures((rule.judge(signers.representatives, of_representatives),))
    return DemandFigures(
        (
            book.threshold("assembly.residents.demand").judge(signers.adults, {"adults": signers.all_adults}),
            book.threshold("assembly.residents.demand_by_households").judge(
                signers.households, {"households": signers.all_households}
            ),
            book.threshold("assembly.residents.demand_by_representatives").judge(
                signers.representatives, of_representatives
            ),
        )
    )


def _judge_appraisal(book: Rulebook, signers: Signers) -> tuple[Verdict, ...]:
    return (
        appraisal_law.judge_demand(book, signers.adults, voters=signers.all_adults),
        appraisal_law.judge_demand(
            book, signers.representatives, representatives=signers.all_representatives
        ),
    )


def demand_deadline(book: Rulebook, form: MeetingForm, reached_at: datetime) -> datetime:
    """Return until when the assembly that was demanded has to be called, or the appraisal held."""
    if form is MeetingForm.APPRAISAL:
        return appraisal_law.demand_held_by(book, reached_at)
    return book.clock("assembly.representatives.after_demand").deadline(reached_at)
