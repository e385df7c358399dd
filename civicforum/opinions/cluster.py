"""Groups of points: k-means for each number of groups. scikit-learn is slow to import, so it is on use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civicforum.opinions.matrix import Floats, Whole

SEED = 2026
STARTS = 10
# The silhouette compares everybody with everybody: so many of them stand for more.
SAMPLE = 2000
# A start from nowhere is preferred to the previous centres where its groups are closer together by this much.
BETTER = 0.95


@dataclass(frozen=True)
class Split:
    """People in groups: `labels` says which of the `centres` is nearest; `silhouette` is -1 to 1."""

    centres: Floats
    labels: Whole
    silhouette: float

    @property
    def number(self) -> int:
        return len(self.centres)


def splits_of(
    points: Floats, *, numbers: Sequence[int], smallest: int, start: Floats | None = None
) -> dict[int, Split]:
    """Return the best split into each number of groups that has one; every group holds `smallest` or more.

    A group that comes out smaller is dissolved: its people go to the centres that are left, which then find
    their places anew. So a search for four groups may yield three. `start`: centres of the previous
    computation.
    """
    from threadpoolctl import threadpool_limits

    found: dict[int, Split] = {}
    different = len(np.unique(points.round(9), axis=0))
    for number in numbers:
        if different < number or len(points) < 2 * smallest:
            continue
        # A few thousand points are no work for several threads, which wait for each other on a busy machine.
        with threadpool_limits(limits=1):
            centres, labels = _dissolve_small(points, *_means(points, number, start), smallest=smallest)
            silhouette = _silhouette(points, labels) if len(centres) > 1 else -1.0
        if len(centres) > 1:
            split = Split(centres, labels, silhouette)
            known = found.get(split.number)
            if known is None or split.silhouette > known.silhouette:
                found[split.number] = split
    return found


def _means(points: Floats, number: int, start: Floats | None) -> tuple[Floats, Whole]:
    from sklearn.cluster import KMeans

    cold = KMeans(number, n_init=STARTS, random_state=SEED).fit(points)
    if start is not None and len(start) == number:
        warm = KMeans(number, init=start, n_init=1).fit(points)
        if cold.inertia_ >= BETTER * warm.inertia_:
            return warm.cluster_centers_, warm.labels_.astype(np.int64)
    return cold.cluster_centers_, cold.labels_.astype(np.int64)


def _dissolve_small(points: Floats, centres: Floats, labels: Whole, *, smallest: int) -> tuple[Floats, Whole]:
    from sklearn.cluster import KMeans

    while len(centres) > 1:
        sizes = np.bincount(labels, minlength=len(centres))
        if sizes.min() >= smallest:
            break
        again = KMeans(len(centres) - 1, init=np.delete(centres, sizes.argmin(), axis=0), n_init=1).fit(
            points
        )
        centres, labels = again.cluster_centers_, again.labels_.astype(np.int64)
    return centres, labels


def _silhouette(points: Floats, labels: Whole) -> float:
    """Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987)."""
    from sklearn.metrics import silhouette_score

    if len(points) > SAMPLE:
        chosen = np.random.default_rng(SEED).choice(len(points), SAMPLE, replace=False)
        points, labels = points[chosen], labels[chosen]
    groups = len(np.unique(labels))
    return float(silhouette_score(points, labels)) if 1 < groups < len(points) else -1.0


def best_of(splits: dict[int, Split]) -> Split | None:
    """Return the split with the highest silhouette; of equals the one with fewer groups."""
    return max(splits.values(), key=lambda split: (split.silhouette, -split.number), default=None)


def names_of(centres: Floats, before: dict[int, Floats]) -> list[int]:
    """Return the name of each centre: that of the former centre it is paired with, else the lowest free.

    Centres are paired so that the sum of the squared distances is least (Kuhn's assignment, 1955).
    """
    names = [-1] * len(centres)
    if before:
        from scipy.optimize import linear_sum_assignment

        old = sorted(before)
        places = np.array([before[name] for name in old])
        costs = ((centres[:, None, :] - places[None, :, :]) ** 2).sum(axis=2)
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            names[int(row)] = old[int(column)]
    free = (name for name in range(len(before) + len(centres)) if name not in names)
    return [name if name >= 0 else next(free) for name in names]
