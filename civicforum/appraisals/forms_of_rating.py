"""The form that raters fill in, and what has to be heard before it is given out.

Texts are in the language of the ballot paper, which is part of what is sealed.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.terms import LONGEST_QUESTION, LONGEST_TITLE
from civicforum.rulebook.days import day_of, day_starts

SECRECY = "评议表不记名：只公布各等次的合计，谁给了哪个等次不对任何人公开。不了解的，可以不选。"


@dataclass(frozen=True)
class Graded:
    """Somebody or something on the form, and on which scale."""

    subject_id: uuid.UUID
    name: str
    scale_id: uuid.UUID


@dataclass(frozen=True)
class ScaleOfForm:
    """The grades of one question."""

    id: uuid.UUID
    title: str
    levels: tuple[str, ...]


def questions_of(scales: Sequence[ScaleOfForm], graded: Sequence[Graded]) -> list[QuestionSpec]:
    """Return one question for each scale that somebody is graded on, with their names in order."""
    return [
        QuestionSpec(
            kind=QuestionKind.GRADE,
            title=scale.title,
            options=tuple(one.name for one in on_scale(scale.id, graded)),
            levels=scale.levels,
        )
        for scale in used_scales(scales, graded)
    ]


def used_scales(scales: Sequence[ScaleOfForm], graded: Sequence[Graded]) -> list[ScaleOfForm]:
    """Return the scales that have a question, in the order of the form."""
    return [scale for scale in scales if on_scale(scale.id, graded)]


def on_scale(scale_id: uuid.UUID, graded: Iterable[Graded]) -> list[Graded]:
    """Return who is graded on a scale, in the order of the form."""
    return [one for one in graded if one.scale_id == scale_id]


def title_of_form(cycle_title: str, group_name: str) -> str:
    """Return what a group's poll is called."""
    group = f"（{group_name}）"
    title = unicodedata.normalize("NFC", cycle_title)
    return title[: LONGEST_TITLE - len(group)] + group


def introduction_of_form(introduction: str, graded: Sequence[Graded]) -> str:
    """Return what raters read first: whom they grade, and that nobody learns who gave what."""
    names = "、".join(one.name for one in graded)
    parts = (f"请您评议：{names}。", SECRECY, introduction.strip())
    return "\n\n".join(part for part in parts if part)[:LONGEST_QUESTION]


def roll_opens_at(*, held_at: datetime, closes_at: datetime, objections_end: datetime) -> datetime:
    """Return when a drawn roll begins to grade: on the day of the cycle, once nobody may object any more.

    A roll that closes before that day, so that an assembly can count at once, begins as early as it can.
    """
    free = day_starts(day_of(objections_end) + timedelta(days=1))
    return max(held_at, free) if closes_at > held_at else free


class Hearing(StrEnum):
    """How the report of somebody stands before the assembly grades."""

    HEARD = "heard"
    # Nothing was handed in; whoever owes it can still be graded, and the minutes name it.
    MISSING = "missing"
    NOT_GIVEN = "not_given"
    # Handed in, and neither heard nor said why not: no form is given out before.
    AWAITED = "awaited"


def hearing_of(*, is_submitted: bool, is_heard: bool, unheard_reason: str) -> Hearing:
    """Return how a report that is due stands."""
    if is_heard:
        return Hearing.HEARD
    if unheard_reason:
        return Hearing.NOT_GIVEN
    return Hearing.AWAITED if is_submitted else Hearing.MISSING
