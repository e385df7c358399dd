"""Carrying out and appraising: dates, progress, money and grades, decided on whole numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from civicforum.errors import Invalid
from civicforum.matters.rules import GradeLevel
from civicforum.rulebook import Rulebook, Verdict

_YUAN = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,10})(?:\.(\d{1,2}))?")


@dataclass(frozen=True)
class Overall:
    """How far a matter's tasks are: how many are done of how many, and the mean of their percentages.

    `mean` is rounded down, so that 100 means that every task is at 100.
    """

    done: int
    total: int
    mean: int
    late: int

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total


def overall(tasks: Iterable[tuple[int, bool]]) -> Overall:
    """Return the overall progress of tasks given as (percentage, whether late)."""
    found = list(tasks)
    mean = sum(progress for progress, _ in found) // len(found) if found else 0
    return Overall(
        done=sum(progress == 100 for progress, _ in found),
        total=len(found),
        mean=mean,
        late=sum(late for _, late in found),
    )


def is_late(due_on: date, *, is_done: bool, today: date) -> bool:
    """Tell whether a task is late; on its last day it is not."""
    return not is_done and today > due_on


def check_dates(starts_on: date, due_on: date, today: date) -> None:
    """Refuse, with Invalid, days that have passed and an end before the start."""
    if starts_on < today:
        raise Invalid("start_past", "starts_on")
    if due_on < starts_on:
        raise Invalid("due_before_start", "due_on")


def check_money(money_cents: int, source: str) -> None:
    """Refuse, with Invalid, money below nothing, and money of which nobody says where it comes from."""
    if money_cents < 0:
        raise Invalid("money", "money")
    if money_cents and not source:
        raise Invalid("money_source", "money_source")


def check_progress(before: int, after: int, text: str) -> None:
    """Refuse, with Invalid, what is no percentage, and a report without words; none goes back silently."""
    if not 0 <= after <= 100:
        raise Invalid("progress", "progress")
    if not text:
        raise Invalid("words_to_go_back" if after < before else "words", "text")


def parse_yuan(text: str) -> int:
    """Return an amount of yuan, as in "12,000.5" or "¥300", in cents. Empty is nothing. Raises Invalid."""
    written = text.strip().translate(str.maketrans("", "", "¥￥元 ")).replace("，", ",").replace("。", ".")
    if not written:
        return 0
    match = _YUAN.fullmatch(written)
    if match is None:
        raise Invalid("money", "money")
    yuan, rest = match[1].replace(",", ""), (match[2] or "").ljust(2, "0")
    return int(yuan) * 100 + int(rest)


def judge_grades(book: Rulebook, counts: Mapping[GradeLevel, int]) -> Verdict:
    """Tell whether a round of grades is poor: `holds` means that it is.

    The share of "dissatisfied" is taken among all grades cast, "don't know" included: whoever took part stays
    in the denominator, as with abstentions. Nobody at all is not a poor grade.
    Source: rule matter.grade.poor, common practice (DOMAIN.md part D, rows 3 and 6).
    """
    cast = sum(counts.values())
    return book.threshold("matter.grade.poor").judge(counts.get(GradeLevel.DISSATISFIED, 0), {"cast": cast})


def is_shown(book: Rulebook, cast: int) -> bool:
    """Tell whether so many grades may be shown by level without telling who gave which (DOMAIN.md D8)."""
    return book.count("privacy.least").judge(cast).holds
