"""The Borda count."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from ..contest import Contest
from ..profile import Profile
from ..result import Amount, Result
from ..ties import top
from .one_stage import as_amount, one_stage
from .pairwise import count_pairs, named_pairs


def borda(contest: Contest, profile: Profile) -> Result:
    """Count points for places: with n options n - 1 for the first, one less for each next, 0 for the last.

    Options that share a place get the average of the points of the places that they occupy together, and
    those left out share the last places. So a paper gives an option a point for each one it puts below it,
    and half a point for each one level with it. Totals are whole numbers or halves; the most points fill the
    seats.
    Source: Borda, Mémoire sur les élections au scrutin, Histoire de l'Académie royale des sciences 1781
    (printed 1784), places counted from 0 here. The average for what a paper leaves open: Narodytska and
    Walsh, The computational impact of partial votes on strategic voting (ECAI 2014).
    """
    over = count_pairs(profile)
    # Twice the points against one rival: 2 for above, 1 for level, which is 1 + above - below for each paper.
    doubled = (over - over.T).sum(axis=1) + (len(contest.options) - 1) * profile.valid
    points = {
        name: as_amount(Fraction(twice, 2))
        for name, twice in zip(contest.options, doubled.tolist(), strict=True)
    }
    return one_stage(
        contest,
        profile,
        points,
        top(contest, _with_last_place(points, profile.valid), contest.seats),
        order=_groups(points),
        pairs=named_pairs(profile, over),
    )


def _with_last_place(points: dict[str, Amount], papers: int) -> dict[str, Amount]:
    """Return the points with one more for each paper: the last place is a place too, not a lack of votes."""
    return {name: total + papers for name, total in points.items()}


def _groups(points: dict[str, Amount]) -> tuple[tuple[str, ...], ...]:
    ranked = sorted(points, key=lambda name: (-points[name], name))
    return tuple(tuple(level) for _, level in groupby(ranked, key=lambda name: points[name]))
