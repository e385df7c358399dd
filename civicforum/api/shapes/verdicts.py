"""Whether a rule holds, with the arithmetic that anybody can check."""

from __future__ import annotations

from pydantic import Field

from civicforum.api.shapes.common import Shape
from civicforum.polls.queries.named import ShownVerdict
from civicforum.polls.rules import VerdictKind
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


class KeptVerdictShape(Shape):
    """A verdict as a result sheet keeps it, with its article, whatever becomes of the rule."""

    kind: VerdictKind
    rule: str | None = Field(description="Id of the rule, where the profile still has it.")
    article: str
    holds: bool
    arithmetic: str


def write_kept(verdict: ShownVerdict) -> KeptVerdictShape:
    """Bring a kept verdict into shape."""
    return KeptVerdictShape(
        kind=verdict.kind,
        rule=verdict.rule.id if verdict.rule else None,
        article=verdict.article,
        holds=verdict.holds,
        arithmetic=verdict.arithmetic,
    )
