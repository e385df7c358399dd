"""The page of `make bench-statements`."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sklearn

MOST_SECONDS = 5.0

HEAD = """\
# Opinion groups in published conversations

Written by `make bench-statements`. Five Polis conversations (compdemocracy/openData, CC BY 4.0) are loaded
into the product's own tables, and read, grouped and described by the product's own functions.

One core, {system}, Python {python}, numpy {numpy}, scikit-learn {sklearn}.

## Tallies

Comments whose published numbers of agrees and disagrees come out. The published files count every row of
votes.csv, so whoever changed their mind is in them twice; the pages here count last answers only.
"""
GROUPS = """\
## Groups

Adjusted Rand index: 1 is the same groups, 0 is what chance gives. *Published* compares with the groups of the
published files, with the number of groups chosen here, and with theirs. *Without a fifth* compares all votes
with {draws} random draws that leave a fifth of them out: computed anew, and starting from the groups of all
votes, as each computation of the product starts from the one before; the lowest figure, and the median.
docs/opinion-groups.md says why two of the five are far from the published groups.
"""
TIME = """\
## Time

Seconds, medians of {rounds} rounds after one that is not counted. *Read* is from the tables to the matrix.
All together may take {most:.0f} s.
"""


@dataclass(frozen=True)
class Case:
    """One conversation.

    Attributes:
        same_tallies: comments whose tally is the published one, by every vote and by last votes only.
        sizes, theirs: how many people are in each group, ours and the published ones.
        published, published_number: adjusted Rand index against the published groups, with our number of
            groups and with theirs.
        again, from_before: the same between all votes and those without a fifth, one for each draw.
        seconds: reading the votes from the tables, grouping, and working out what is shown.
    """

    name: str
    votes: int
    comments: int
    same_tallies: tuple[int, int]
    placed: int
    sizes: list[int]
    theirs: list[int]
    silhouette: float
    published: float
    published_number: float
    again: list[float]
    from_before: list[float]
    seconds: tuple[float, float, float]


def page(cases: Sequence[Case], *, draws: int, rounds: int) -> str:
    parts = [
        HEAD.format(
            system=platform.system(),
            python=platform.python_version(),
            numpy=np.__version__,
            sklearn=sklearn.__version__,
        ),
        _table(
            ["conversation", "votes", "comments", "same, every vote", "same, last votes"],
            [[case.name, f"{case.votes:,}", case.comments, *case.same_tallies] for case in cases],
        ),
        GROUPS.format(draws=draws),
        _table(
            [
                "conversation",
                "placed",
                "our groups",
                "silhouette",
                "published groups",
                "published",
                "with their number",
                "without a fifth, anew",
                "without a fifth, from before",
            ],
            [_groups_row(case) for case in cases],
        ),
        TIME.format(rounds=rounds, most=MOST_SECONDS),
        _table(
            ["conversation", "votes", "read s", "group s", "describe s", "together s"],
            [
                [
                    case.name,
                    f"{case.votes:,}",
                    *(f"{part:.2f}" for part in (*case.seconds, sum(case.seconds))),
                ]
                for case in cases
            ],
        ),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _groups_row(case: Case) -> list[object]:
    return [
        case.name,
        f"{case.placed:,}",
        _sizes(case.sizes),
        f"{case.silhouette:.2f}",
        _sizes(case.theirs),
        f"{case.published:.2f}",
        f"{case.published_number:.2f}",
        _spread(case.again),
        _spread(case.from_before),
    ]


def _table(head: list[str], rows: list[list[object]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def _sizes(sizes: list[int]) -> str:
    return " + ".join(f"{size:,}" for size in sizes)


def _spread(values: list[float]) -> str:
    return f"{min(values):.2f}, {statistics.median(values):.2f}"
