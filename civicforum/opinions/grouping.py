"""One computation of opinion groups, and what it hands to the next: groups keep their place and name."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from civicforum.opinions.cluster import Split, best_of, names_of, splits_of
from civicforum.opinions.matrix import Floats, Matrix, Whole
from civicforum.opinions.reduce import Plane, find_plane, on_statements

# Who answered less is nowhere yet. Small et al. (2021) ask for seven; where there are fewer statements, for
# all.
LEAST_ANSWERS = 7
# Nothing is shown of fewer people, so no group is smaller.
SMALLEST = 5
NUMBERS = (2, 3, 4, 5)
# Another number of groups has to be better by so much, so many times in a row.
MARGIN = 0.02
PATIENCE = 3


@dataclass(frozen=True)
class Memory:
    """What one computation hands to the next: sums over people, nothing of one person.

    Attributes:
        plane: where people were placed.
        profiles: mean answer of each group by name, one figure for each statement of the plane, NaN for none.
        challenger: the number of groups that was better, or 0.
        waited: how many times in a row it was.
    """

    plane: Plane
    profiles: dict[int, Floats]
    challenger: int = 0
    waited: int = 0


@dataclass(frozen=True)
class Grouping:
    """People in opinion groups.

    Attributes:
        matrix: the answers of those who are placed, in the order of `points` and `labels`.
        left_out: how many answered too little to be placed.
        points: people x 2.
        labels: the name of each one's group, 0 or higher; all 0 where there are no different groups.
        centres: the middle of each group by name, by which anybody's group is told: the nearest.
        silhouette: how clear-cut the groups are, -1 to 1; None where there is only one.
        memory: for the next computation; None where nobody could be placed.
    """

    matrix: Matrix
    left_out: int
    points: Floats
    labels: Whole
    centres: dict[int, Floats]
    silhouette: float | None
    memory: Memory | None

    @property
    def names(self) -> list[int]:
        """The groups that there are, in the order of their names."""
        return sorted(self.centres)

    @property
    def people(self) -> Sequence[Hashable]:
        return self.matrix.people


def group_people(
    matrix: Matrix,
    *,
    previous: Memory | None = None,
    numbers: Sequence[int] = NUMBERS,
    smallest: int = SMALLEST,
) -> Grouping:
    """Place people by their answers and return who is near whom. The same answers give the same groups.

    The number of groups is the one of `numbers` with the highest silhouette. With a previous computation it
    stays as it was, unless another one is better by MARGIN for the PATIENCE-th time in a row. No group is
    smaller than
    `smallest`; people who are too few for two groups are one.
    """
    least = min(LEAST_ANSWERS, max(len(matrix.statements), 1))
    is_placed = matrix.answered.sum(axis=1) >= least
    placed = matrix.rows(is_placed)
    left_out = len(matrix.people) - len(placed.people)
    if len(placed.people) < smallest or len(placed.statements) < 2:
        nowhere = np.zeros((len(placed.people), 2))
        return Grouping(placed, left_out, nowhere, np.zeros(len(nowhere), np.int64), {}, None, None)
    plane = find_plane(placed, previous.plane if previous else None)
    points = plane.place(placed.values)
    before = _former_centres(previous, plane) if previous else {}
    start = np.array([before[name] for name in sorted(before)]) if len(before) > 1 else None
    splits = splits_of(points, numbers=numbers, smallest=smallest, start=start)
    split, challenger, waited = _chosen(splits, previous)
    if split is None:
        labels, centres = np.zeros(len(points), np.int64), {0: points.mean(axis=0)}
    else:
        names = names_of(split.centres, before) if before else _by_size(split)
        labels = np.array(names)[split.labels]
        centres = dict(zip(names, split.centres, strict=True))
    profiles = {name: _profile(placed.values[labels == name]) for name in centres}
    return Grouping(
        matrix=placed,
        left_out=left_out,
        points=points,
        labels=labels,
        centres=centres,
        silhouette=split.silhouette if split else None,
        memory=Memory(plane, profiles, challenger, waited),
    )


def _chosen(splits: dict[int, Split], previous: Memory | None) -> tuple[Split | None, int, int]:
    """Return the split to show, the number of groups that is better, and how many times in a row it was."""
    best = best_of(splits)
    kept = splits.get(len(previous.profiles)) if previous else None
    if best is None or kept is None or previous is None or best.number == kept.number:
        return best, 0, 0
    if best.silhouette < kept.silhouette + MARGIN:
        return kept, 0, 0
    waited = previous.waited + 1 if best.number == previous.challenger else 1
    return (best, 0, 0) if waited >= PATIENCE else (kept, best.number, waited)


def _former_centres(previous: Memory, plane: Plane) -> dict[int, Floats]:
    """Return where the middles of the former groups lie now: mean answers, placed as one person's are."""
    old = previous.plane.statements
    return {
        name: plane.place(on_statements(profile[None, :], old, plane.statements, np.nan))[0]
        for name, profile in previous.profiles.items()
    }


def _profile(values: Floats) -> Floats:
    answered = ~np.isnan(values)
    counts = answered.sum(axis=0)
    sums = np.where(answered, values, 0.0).sum(axis=0)
    profile: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return profile


def _by_size(split: Split) -> list[int]:
    """Return the names of the centres of a first computation: the largest group is 0."""
    sizes = np.bincount(split.labels, minlength=split.number)
    order = sorted(range(split.number), key=lambda at: (-int(sizes[at]), tuple(split.centres[at])))
    return [order.index(at) for at in range(split.number)]
