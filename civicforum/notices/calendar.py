"""When an item of the catalogue is due: periods, their last days, and whether a notice came in time.

Days are those of Asia/Shanghai. How long and until when comes from the rulebook: disclosure.* (DOMAIN.md E3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civicforum.notices.rules import Rhythm
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import add_months, day_ends, day_of, day_starts

# What the words mean, in months; a period begins with a month that divides the year by it.
MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}
DAY_RULE = "disclosure.day_of_month"
AD_HOC_RULE = "disclosure.ad_hoc"
POSTING_RULE = "notice.posting"


@dataclass(frozen=True)
class Period:
    """What a notice reports on; both days belong to it."""

    first: date
    last: date


def rhythm_of(months: int) -> Rhythm:
    """Return the slowest rhythm that is at least as often as every `months` months."""
    fitting = [rhythm for rhythm, length in MONTHS.items() if length <= months]
    return max(fitting, key=lambda rhythm: MONTHS[rhythm], default=Rhythm.MONTHLY)


def period_around(rhythm: Rhythm, day: date) -> Period:
    """Return the month, quarter, half-year or year of a day; of an ad hoc item the day itself."""
    if rhythm is Rhythm.AD_HOC:
        return Period(day, day)
    length = MONTHS[rhythm]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(first, add_months(first, length) - timedelta(days=1))


def periods_ended(rhythm: Rhythm, start: date, today: date) -> list[Period]:
    """Return the periods from `start` on that ended before `today`, in order.

    The first begins with `start`, which may lie within it: an item reports on what was since it was one.
    """
    periods = []
    period = Period(start, period_around(rhythm, start).last)
    while rhythm is not Rhythm.AD_HOC and period.last < today:
        periods.append(period)
        period = period_around(rhythm, period.last + timedelta(days=1))
    return periods


def last_end(rhythm: Rhythm, today: date) -> date:
    """Return the last day of the latest period of a rhythm that ended before `today`."""
    return period_around(rhythm, today).first - timedelta(days=1)


def due_at(rhythm: Rhythm, last: date, book: Rulebook) -> datetime:
    """Return the last instant to post about a period that ends with `last`, or about what formed that day."""
    if rhythm is Rhythm.AD_HOC:
        return book.clock(AD_HOC_RULE).deadline(day_starts(last))
    following = period_around(Rhythm.MONTHLY, add_months(last.replace(day=1), 1))
    most = book.count(DAY_RULE).most or following.last.day
    return day_ends(min(following.last, following.first + timedelta(days=most - 1)))


def judge_due(
    rhythm: Rhythm, period_last: date, due: datetime, posted_at: datetime, book: Rulebook
) -> Verdict:
    """Tell whether a notice came in time, with the days it follows from."""
    if rhythm is Rhythm.AD_HOC:
        return book.clock(AD_HOC_RULE).judge(day_starts(period_last), posted_at)
    posted, last = day_of(posted_at), day_of(due)
    return Verdict(
        posted <= last, f"{posted} {'≤' if posted <= last else '>'} {last}", book.count(DAY_RULE), None
    )
