"""Whether a rule holds, with the arithmetic that anybody can check."""

from __future__ import annotations

from pydantic import Field

from civicforum.api.shapes.common import Shape
from civicforum.rulebook import Verdict


class VerdictShape(Shape):
    """A rule applied to numbers."""

    rule: str = Field(description="Id of the rule, see /rules.")
    holds: bool
    arithmetic: str = Field(examples=["41 ≥ 2/3 × 60 = 40"])
    least: int | None = Field(description="The smallest whole number that would have held.")


def write_verdict(verdict: Verdict) -> VerdictShape:
    """Bring a verdict into shape."""
    return VerdictShape(
        rule=verdict.rule.id, holds=verdict.holds, arithmetic=verdict.arithmetic, least=verdict.least
    )
