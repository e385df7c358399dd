"""Selecting reserve cadres in stages, once a year (DOMAIN.md rows 1-26 and 1-27)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed

PER_YEAR_RULE = "reserve.per_year"
STAGES_RULE = "reserve.stages"
# An appraisal and an exam have at most so many points (百分制).
MOST_POINTS = Fraction(100)


class Stage(StrEnum):
    """组织推荐, 民主测评, 公开考试, 严格考察, in this order, and then the choice."""

    RECOMMENDATION = "recommendation"
    APPRAISAL = "appraisal"
    EXAM = "exam"
    INSPECTION = "inspection"
    CHOICE = "choice"


class SelectionState(StrEnum):
    DRAFT = "draft"
    POSTED = "posted"
    DECIDED = "decided"
    VOID = "void"


class TieDecision(StrEnum):
    """What becomes of those who share the last place: all of them are chosen, or none."""

    ALL = "all"
    NONE = "none"


_S = SelectionState
NEXT_STATES: dict[SelectionState, set[SelectionState]] = {
    _S.DRAFT: {_S.POSTED, _S.VOID},
    _S.POSTED: {_S.DECIDED, _S.VOID},
}
NEXT_STAGE: dict[Stage, Stage] = {
    Stage.RECOMMENDATION: Stage.APPRAISAL,
    Stage.APPRAISAL: Stage.EXAM,
    Stage.EXAM: Stage.INSPECTION,
    Stage.INSPECTION: Stage.CHOICE,
}


def move(state: SelectionState, to: SelectionState) -> SelectionState:
    """Return `to`, or raise TransitionNotAllowed when a selection has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def check_run(actor: Actor, candidates: Collection[uuid.UUID] = ()) -> None:
    """Refuse whoever does not run a selection: the party committee does, and never a candidate of it.

    Raises NotEligible.
    """
    runs = actor.holds(Role.PARTY)
    if not runs or actor.person_id in candidates:
        raise NotEligible(actor.person_id)


_WHOLE_OR_DECIMAL = re.compile(r"\d{1,4}(?:\.\d{1,4})?", re.ASCII)
_QUOTIENT = re.compile(r"(\d{1,4})/([1-9]\d{0,3})", re.ASCII)


def exact(text: str, field: str) -> Fraction:
    """Return what was typed as "60", "88.5", "2/5" or "40%". Raises Invalid("number", field)."""
    typed = text.strip().replace("％", "%").replace(" ", "")
    is_percent = typed.endswith("%")
    plain = typed.removesuffix("%")
    if not (_WHOLE_OR_DECIMAL.fullmatch(plain) or _QUOTIENT.fullmatch(plain)):
        raise Invalid("number", field)
    return Fraction(plain) / (100 if is_percent else 1)


def read_points(text: str, field: str) -> Fraction:
    """Return points from 0 to 100, exact. Raises Invalid: "number", "points"."""
    points = exact(text, field)
    if points > MOST_POINTS:
        raise Invalid("points", field)
    return points


def check_weights(appraisal: Fraction, exam: Fraction) -> None:
    """Raise Invalid("weights") unless both count and together are the whole."""
    if min(appraisal, exam) <= 0 or appraisal + exam != 1:
        raise Invalid("weights", "exam_weight")


def plain(number: Fraction) -> str:
    """Write a number exactly: as a decimal where it ends, as in "88.4", else as a quotient, as in "253/3"."""
    rest = number.denominator
    digits = 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        digits += 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    whole, part = divmod(number.numerator * 10**digits // number.denominator, 10**digits)
    return f"{whole}.{part:0{digits}}".rstrip("0").rstrip(".") if digits else str(whole)


@dataclass(frozen=True, kw_only=True)
class Score:
    """The score of one candidate and what it is made of, all exact."""

    appraisal_weight: Fraction
    appraisal: Fraction
    exam_weight: Fraction
    exam: Fraction
    bonus: Fraction

    @property
    def value(self) -> Fraction:
        return self.appraisal_weight * self.appraisal + self.exam_weight * self.exam + self.bonus

    @property
    def arithmetic(self) -> str:
        """Write the sum, as in "0.4 × 86 + 0.6 × 90 + 2 = 90.4"; a quotient also as a decimal near it."""
        parts = (
            f"{plain(self.appraisal_weight)} × {plain(self.appraisal)}",
            f"{plain(self.exam_weight)} × {plain(self.exam)}",
            *([plain(self.bonus)] if self.bonus else []),
        )
        value = plain(self.value)
        near = f" ≈ {plain(round(self.value, 2))}" if "/" in value else ""
        return f"{' + '.join(parts)} = {value}{near}"


def ranks(scores: Mapping[uuid.UUID, Fraction]) -> dict[uuid.UUID, int]:
    """Return standard competition ranks: equal scores share a place, and the next place is left out."""
    return {one: 1 + sum(other > score for other in scores.values()) for one, score in scores.items()}


@dataclass(frozen=True)
class Choice:
    """Whom the scores choose. `tied` share the place that the last seat is for: no rule separates them."""

    chosen: frozenset[uuid.UUID]
    tied: frozenset[uuid.UUID]


def choose(scores: Mapping[uuid.UUID, Fraction], *, places: int) -> Choice:
    """Return who is among the best `places`.

    Those who share a place of which only some would fit are never separated by order or chance.
    """
    by_rank: dict[int, set[uuid.UUID]] = {}
    for one, rank in ranks(scores).items():
        by_rank.setdefault(rank, set()).add(one)
    chosen: set[uuid.UUID] = set()
    for rank in sorted(by_rank):
        if len(chosen) + len(by_rank[rank]) > places:
            tied = by_rank[rank] if len(chosen) < places else set()
            return Choice(frozenset(chosen), frozenset(tied))
        chosen |= by_rank[rank]
    return Choice(frozenset(chosen), frozenset())
