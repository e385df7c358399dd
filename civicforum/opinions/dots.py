"""The dots of the picture: each stands for several people near each other, none for one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civicforum.opinions.matrix import Floats


@dataclass(frozen=True)
class Dot:
    """The middle of `people` people of a group."""

    x: float
    y: float
    people: int
    group: int


def dots_of(points: Floats, group: int, *, smallest: int) -> list[Dot]:
    """Return the dots of one group: `smallest` people each, the last fewer than twice as many.

    Microaggregation after Domingo-Ferrer and Mateo-Sanz (IEEE Transactions on Knowledge and Data Engineering
    14, 2002): whoever is furthest from the middle of those who are left is joined with the nearest of them.
    """
    left = points[np.lexsort(points.T[::-1])]
    dots = []
    while len(left):
        take = smallest if len(left) >= 2 * smallest else len(left)
        furthest = left[((left - left.mean(axis=0)) ** 2).sum(axis=1).argmax()]
        near = np.argsort(((left - furthest) ** 2).sum(axis=1), kind="stable")[:take]
        x, y = left[near].mean(axis=0)
        dots.append(Dot(float(x), float(y), take, group))
        left = np.delete(left, near, axis=0)
    return dots
