"""Calendar days in the zone whose days the law counts, and working days among them."""

import calendar
import logging
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

logger = logging.getLogger(__name__)
SHANGHAI = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5


def day_of(instant: datetime) -> date:
    """Return the day in Asia/Shanghai. Raises ValueError for an instant without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone belongs to no calendar day")
    return instant.astimezone(SHANGHAI).date()


def day_starts(day: date) -> datetime:
    """Return the first instant of the day, in UTC."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """Return the last instant of the day, in UTC: a microsecond before the next one starts."""
    return datetime.combine(day, time.max, SHANGHAI).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """Move by whole months; the 31st becomes the last day of a shorter month (民法典 art 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@cache
def are_holidays_known(year: int) -> bool:
    """Tell whether the public holidays of a year are known.

    The State Council announces each year's about November of the year before, and the library
    `chinesecalendar` brings them with a new version.
    """
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        logger.warning("public holidays of %s are not known: Saturdays and Sundays count as free", year)
        return False
    return True


def is_working_day(day: date) -> bool:
    """Tell whether a day is worked in China: not a weekend or public holiday, or worked to make up for one.

    In a year whose holidays are not known, Saturdays and Sundays are free and all other days are worked.
    """
    if are_holidays_known(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def add_working_days(day: date, number: int) -> date:
    """Return the working day that is the `number`-th after `day`, which itself does not count."""
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day
