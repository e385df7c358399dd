"""Calendar days in the zone whose days the law counts."""

import calendar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


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
