"""From many statements to a plane: principal components of a matrix with missing votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civicforum.opinions.matrix import Floats, Matrix


@dataclass(frozen=True)
class Plane:
    """The two directions in which answers differ most.

    Attributes:
        statements: numbers of the statements, one for each column.
        means: mean answer to each.
        axes: 2 x statements, at right angles and of length 1.
        usual: the median number of answers of a person.
    """

    statements: Sequence[int]
    means: Floats
    axes: Floats
    usual: float

    def place(self, values: Floats) -> Floats:
        """Return where rows of answers lie, as people x 2.

        A missing answer counts as the mean. That draws whoever answered little to the middle, so the row is
        stretched by the root of all statements over those answered, but never further than somebody with the
        usual number of answers: two answers would otherwise throw a person to the edge.
        """
        answered = ~np.isnan(values)
        centred = np.where(answered, values - self.means, 0.0)
        counted = np.maximum(answered.sum(axis=1), max(self.usual, 1.0))
        points: Floats = centred @ self.axes.T * np.sqrt(len(self.statements) / counted)[:, None]
        return points

    def pulls(self) -> dict[int, int]:
        """Return how much each statement pulls people apart: 0 to 100, of the one that does so most."""
        lengths = np.sqrt((self.axes**2).sum(axis=0))
        most = float(lengths.max(initial=0.0))
        return {
            number: round(100 * float(length) / most) if most else 0
            for number, length in zip(self.statements, lengths, strict=True)
        }


def find_plane(matrix: Matrix, previous: Plane | None = None) -> Plane:
    """Return the plane of a matrix with at least one row and two columns.

    Components have no sign, and two of about the same weight change places easily. So the plane is turned,
    which alters no distance, until it looks as much like the previous one as it can; the first has its
    largest coordinate positive on both axes.
    """
    answered = matrix.answered
    counts = answered.sum(axis=0)
    means = np.where(answered, matrix.values, 0.0).sum(axis=0) / np.maximum(counts, 1)
    centred = np.where(answered, matrix.values - means, 0.0)
    _weights, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2].T
    largest = axes[np.arange(2), np.abs(axes).argmax(axis=1)]
    axes = axes * np.where(largest < 0, -1.0, 1.0)[:, None]
    if previous is not None:
        axes = _turned(axes, matrix.statements, previous)
    return Plane(matrix.statements, means, axes, float(np.median(answered.sum(axis=1))))


def _turned(axes: Floats, statements: Sequence[int], previous: Plane) -> Floats:
    """Orthogonal Procrustes in the plane: Schönemann, Psychometrika 31 (1966)."""
    before = on_statements(previous.axes, previous.statements, statements)
    left, _weights, right = np.linalg.svd(before @ axes.T)
    turned: Floats = left @ right @ axes
    return turned


def on_statements(values: Floats, old: Sequence[int], new: Sequence[int], missing: float = 0.0) -> Floats:
    """Return rows over the columns `old` as rows over the columns `new`."""
    found = {number: at for at, number in enumerate(old)}
    moved = np.full((len(values), len(new)), missing)
    for at, number in enumerate(new):
        if number in found:
            moved[:, at] = values[:, found[number]]
    return moved
