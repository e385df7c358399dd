"""The score of a candidate, from what is stored."""

from __future__ import annotations

from fractions import Fraction

from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import Score


def score_of(selection: Selection, candidate: ReserveCandidate) -> Score:
    """Return the score of somebody who has both results. Raises ValueError where one is missing."""
    return Score(
        appraisal_weight=Fraction(selection.appraisal_weight),
        appraisal=Fraction(candidate.appraisal_points),
        exam_weight=Fraction(selection.exam_weight),
        exam=Fraction(candidate.exam_points),
        bonus=Fraction(candidate.bonus),
    )
