"""Votes as a matrix: a row for each person, a column for each statement."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

AGREE, DISAGREE, PASS = 1, -1, 0

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Matrix:
    """What people answered.

    Attributes:
        people: whose row it is; nobody stands here twice.
        statements: the numbers of the statements, one for each column, ascending.
        values: 1 agrees, -1 disagrees, 0 passed, NaN has not answered.
    """

    people: Sequence[Hashable]
    statements: Sequence[int]
    values: Floats

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Where there is an answer."""
        return ~np.isnan(self.values)

    def rows(self, chosen: NDArray[np.bool_]) -> Matrix:
        """Return only the chosen people."""
        people = [person for person, is_chosen in zip(self.people, chosen, strict=True) if is_chosen]
        return Matrix(people, self.statements, self.values[chosen])


def matrix_of(votes: Iterable[tuple[Hashable, int, int]], *, statements: Iterable[int]) -> Matrix:
    """Return the matrix of votes (person, number of the statement, 1, -1 or 0); of two the later counts.

    Votes on other statements are left out, and who voted on nothing else is no row. Rows stand in the order
    of their answers and not in that of the votes, so that who comes first out of a database decides nothing.
    """
    columns = {number: at for at, number in enumerate(sorted(set(statements)))}
    rows: dict[Hashable, dict[int, int]] = {}
    for person, statement, value in votes:
        if statement in columns:
            rows.setdefault(person, {})[columns[statement]] = value
    values = np.full((len(rows), len(columns)), np.nan)
    for at, row in enumerate(rows.values()):
        values[at, list(row)] = list(row.values())
    order = _order(values)
    people = list(rows)
    return Matrix([people[at] for at in order], list(columns), values[order])


def _order(values: Floats) -> NDArray[Any]:
    if not values.size:
        return np.arange(len(values))
    return np.lexsort(np.nan_to_num(values, nan=2.0).T[::-1])
