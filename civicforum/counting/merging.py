"""Equal rows of whole numbers become one row with their weights added."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", np.int16, np.int64, np.uint16)

_KEY_BITS = 62


def merge_rows(
    rows: NDArray[Number], weights: NDArray[np.int64]
) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """Return the different rows and the weight of each; rows of weight 0 are dropped."""
    _, first, same_as = np.unique(_keys(rows), return_index=True, return_inverse=True)
    merged = np.zeros(len(first), dtype=np.int64)
    np.add.at(merged, same_as.ravel(), weights)
    cast = merged > 0
    return rows[first][cast], merged[cast]


def _keys(rows: NDArray[Number]) -> NDArray[np.int64]:
    """Return one number for each row, equal where the rows are equal."""
    lowest = int(rows.min(initial=0))
    bits = max((int(rows.max(initial=0)) - lowest).bit_length(), 1)
    keys = np.zeros(len(rows), dtype=np.int64)
    used = 0
    for column in rows.T:
        if used + bits > _KEY_BITS:
            # No room for another column: number the different keys, and go on from these numbers.
            keys = np.unique(keys, return_inverse=True)[1].ravel().astype(np.int64)
            used = len(keys).bit_length()
        keys = (keys << bits) | (column.astype(np.int64) - lowest)
        used += bits
    return keys
