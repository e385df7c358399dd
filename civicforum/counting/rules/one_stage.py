"""What the rules share that add up every paper once: the papers they take, the sums, and the one stage."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..contest import Contest
from ..profile import BallotKind, Counts, Profile
from ..result import Amount, Pairs, Result, Stage, Step, Tie, Tied

Seated = tuple[tuple[str, ...], Tie | None, Tied | None]
"""Who is elected, and the tie for the last seat, settled or open; as `ties.top` gives them."""

RANKED_OR_APPROVED = (BallotKind.RANKING, BallotKind.APPROVAL)


def expect(profile: Profile, *kinds: BallotKind) -> None:
    """Raise ValueError when the papers are of none of these kinds."""
    if profile.kind not in kinds:
        raise ValueError(
            f"this rule counts {' or '.join(kinds)} ballots, and these are {profile.kind} ballots"
        )


def add_up(profile: Profile, marked: NDArray[np.bool_]) -> dict[str, int]:
    """Return how many papers mark each option.

    Args:
        marked: ballots x options, as `profile.marks`.
    """
    votes: Counts = marked.T @ profile.weights
    return dict(zip(profile.options, votes.tolist(), strict=True))


def as_amount(exact: Fraction) -> Amount:
    """Return a whole number where it is one."""
    return exact.numerator if exact.denominator == 1 else exact


def one_stage(
    contest: Contest,
    profile: Profile,
    totals: Mapping[str, Amount],
    seated: Seated,
    *,
    valid: int | None = None,
    order: tuple[tuple[str, ...], ...] = (),
    pairs: Pairs | None = None,
) -> Result:
    """Return the result of a rule that needs one stage.

    Args:
        valid: papers that the rule could count, where it cannot count all that say something; the others
            are spoiled.
    """
    elected, tie, tied = seated
    counted = profile.valid if valid is None else valid
    changes = {name: total for name, total in totals.items() if total}
    return Result(
        contest=contest,
        valid=counted,
        blank=profile.blank,
        spoiled=profile.spoiled + profile.valid - counted,
        stages=(Stage(1, Step.COUNT, totals, changes, elected=elected),),
        elected=elected,
        ties=(tie,) if tie else (),
        tied=tied,
        order=order,
        pairs=pairs,
    )
