"""What day and moment it is while a test runs.

What pages compare with their own day asks here: a run that is still going after midnight in Shanghai began
on another day, and what a module noted when it was read is yesterday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from civicforum.rulebook.days import day_of


def right_now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return day_of(right_now())
