"""What the groups of raters of a cycle said, before anything is judged by it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from civicforum.appraisals.rules import RaterBasis


@dataclass(frozen=True, kw_only=True)
class GroupCount:
    """The forms of one group.

    Attributes:
        weight: exact; the weights of all groups of a cycle sum to 1.
        least: forms under which the group has no figure, and its box was never opened.
        entitled: how many were asked; None for an organ outside, which says nothing of it.
        forms: how many came back, with those that are invalid.
        invalid: forms that count for nobody.
        levels: by subject, how often each level of its scale was given, the best first; empty where the box
            was never opened.
    """

    group_id: uuid.UUID
    name: str
    basis: RaterBasis
    weight: Fraction
    least: int
    entitled: int | None
    forms: int
    invalid: int
    levels: Mapping[uuid.UUID, tuple[int, ...]]

    @property
    def is_open(self) -> bool:
        """Tell whether the box was opened."""
        return bool(self.levels)

    def ungraded(self, subject_id: uuid.UUID) -> int:
        """Return on how many valid forms this subject has no grade."""
        return self.forms - self.invalid - sum(self.levels[subject_id])
