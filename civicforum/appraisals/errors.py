"""What a step of an appraisal is refused for; each carries the words' material, not the words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from civicforum.errors import CivicForumError, Invalid

if TYPE_CHECKING:
    from civicforum.appraisals.plans import Gap
    from civicforum.rulebook import Verdict


class WeightsDoNotSum(Invalid):
    """The weights of the groups do not sum to 1."""

    def __init__(self, weights: Sequence[Fraction]) -> None:
        super().__init__("weights", "groups")
        self.weights = tuple(weights)


class PlanIncomplete(CivicForumError):
    """A draft cannot be posted before these gaps are filled."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(", ".join(gaps))
        self.gaps = tuple(gaps)


class TooSoon(Invalid):
    """Somebody was appraised too short a time ago; `first_day` is the first that would do."""

    def __init__(self, name: str, last_on: date, verdict: Verdict) -> None:
        super().__init__("too_soon", "held_on")
        self.name, self.last_on, self.verdict = name, last_on, verdict


class SecondNeeded(CivicForumError):
    """Who had a result counted does not certify it where the supervision committee has somebody else."""


class ObjectionsOpen(CivicForumError):
    """A result is not certified while an objection waits for its answer."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number
