"""Days, hours and numbers as an official notice writes them."""

from __future__ import annotations

from datetime import date, datetime

from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.articles import numeral

_DIGITS = "〇一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"


def day_in_characters(day: date) -> str:
    """Return a day as it stands under a notice: 二〇二六年十一月二十二日."""
    year = "".join(_DIGITS[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{numeral(day.month)}月{numeral(day.day)}日"


def ordinal(number: int) -> str:
    """Return a number as notices have it, without 号: 第三."""
    return f"第{numeral(number)}"


def day_in_words(day: date) -> str:
    """Return a day as it stands within a notice: 2026年11月22日（星期日）."""
    return f"{past_day(day)}（星期{_WEEKDAYS[day.weekday()]}）"


def past_day(day: date) -> str:
    """Return a day that is over, without its weekday: 2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


def hours_in_words(opens_at: datetime, closes_at: datetime) -> str:
    """Return from when until when, as in 8:00至18:00; of two days, 4月12日8:00至4月13日18:00."""
    first, last = opens_at.astimezone(SHANGHAI), closes_at.astimezone(SHANGHAI)
    if first.date() == last.date():
        return f"{_hour(first)}至{_hour(last)}"
    return f"{first.month}月{first.day}日{_hour(first)}至{last.month}月{last.day}日{_hour(last)}"


def span_in_words(first: date, last: date) -> str:
    """Return the days from one to the other, as in 2026年3月10日至3月14日."""
    if first == last:
        return past_day(first)
    year = "" if first.year == last.year else f"{last.year}年"
    return f"{past_day(first)}至{year}{last.month}月{last.day}日"


def _hour(instant: datetime) -> str:
    return f"{instant.hour}:{instant.minute:02}"
