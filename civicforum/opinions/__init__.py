"""Opinion groups: who answers alike, what each group holds, and what all of them share.

A library: no framework, no database. docs/opinion-groups.md tells the method and where it comes from.
"""

from __future__ import annotations

from civicforum.opinions.describe import Held, Shared, Tally, held_by, shared_by_all, tally_of
from civicforum.opinions.dots import Dot, dots_of
from civicforum.opinions.grouping import Grouping, Memory, group_people
from civicforum.opinions.matrix import AGREE, DISAGREE, PASS, Matrix, matrix_of
from civicforum.opinions.priority import need_of, next_of
from civicforum.opinions.reduce import Plane

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "Dot",
    "Grouping",
    "Held",
    "Matrix",
    "Memory",
    "Plane",
    "Shared",
    "Tally",
    "dots_of",
    "group_people",
    "held_by",
    "matrix_of",
    "need_of",
    "next_of",
    "shared_by_all",
    "tally_of",
]
