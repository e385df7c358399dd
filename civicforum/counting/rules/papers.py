"""Papers with a mark beside each name, and names written in: what one paper says, or why it cannot stand.

选举法 art 41: a voter is for or against a candidate, abstains, or chooses somebody else (另选他人). Art 44: a
paper with more persons than seats is void, one with fewer is valid.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from ..columns import ImpossibleBallot


class Mark(IntEnum):
    """What stands beside a name; the numbers of a profile of choices."""

    FOR = 1
    AGAINST = 2
    ABSTAIN = 3


class Ground(StrEnum):
    """Why a paper, or a part of it, is spoiled.

    The first five follow from what the paper says. The others are for the election committee to find: it
    decides on doubtful papers before the count, by grounds that were posted before the vote.
    """

    TOO_MANY = "too_many"
    TWICE = "twice"
    TWO_POSTS = "two_posts"
    CONTRADICTION = "contradiction"
    WRITE_IN = "write_in"
    DEFACED = "defaced"
    TORN = "torn"
    NOT_OFFICIAL = "not_official"
    UNCLEAR_NAME = "unclear_name"
    HELPER_OVERRODE = "helper_overrode"
    OTHER = "other"


@dataclass(frozen=True)
class Paper:
    """What one paper says: a mark beside listed names, and names written in."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    write_ins: tuple[str, ...] = ()

    @classmethod
    def of_names(cls, *names: str, write_ins: tuple[str, ...] = ()) -> Paper:
        """Return a paper that only ticks names."""
        return cls(dict.fromkeys(names, Mark.FOR), write_ins)

    @property
    def blank(self) -> bool:
        """Tell whether nothing stands on the paper."""
        return not self.marks and not self.write_ins

    @property
    def chosen(self) -> frozenset[str]:
        """Return every person that the paper votes for, written in or ticked."""
        return frozenset(self.write_ins) | {name for name, mark in self.marks.items() if mark is Mark.FOR}


@dataclass(frozen=True)
class PaperRules:
    """What was declared before the vote.

    Attributes:
        write_ins: names may be written in (选举法 art 41).
        after_against: one name for each vote against a listed candidate; an abstention gives no such right
            (notes on local ballots).
        twice_voids: a paper that votes for one person twice is spoiled. If not, it votes once: it names
            fewer persons than there are seats, which art 44 lets stand.
        part_voids_paper: a name that may not be written in spoils the paper. If not, the names written in
            do not count and the marks beside listed names do (older provincial measures; Beijing: all of it).
    """

    write_ins: bool = False
    after_against: bool = True
    twice_voids: bool = False
    part_voids_paper: bool = False


def read_paper(
    paper: Paper, candidates: Collection[str], limit: int, rules: PaperRules
) -> dict[str, Mark] | Ground:
    """Return the mark beside each name, those written in as votes for them, or why the paper is spoiled.

    The limit is on persons: a paper that writes in more than it may, is over-marked before anything else.
    Raises ImpossibleBallot on a mark beside a name that is not listed.
    """
    strangers = sorted(paper.marks.keys() - set(candidates))
    if strangers:
        raise ImpossibleBallot(f"{strangers[0]} is not listed, so that nothing can stand beside the name")
    if len(paper.chosen) > limit:
        return Ground.TOO_MANY
    if any(paper.marks.get(name, Mark.FOR) is not Mark.FOR for name in paper.write_ins):
        return Ground.CONTRADICTION
    if rules.twice_voids and _names_twice(paper):
        return Ground.TWICE
    if _may_write_in(paper, candidates, rules):
        return {**paper.marks, **dict.fromkeys(paper.write_ins, Mark.FOR)}
    return Ground.WRITE_IN if rules.part_voids_paper or not paper.marks else dict(paper.marks)


def _names_twice(paper: Paper) -> bool:
    ticked = sum(mark is Mark.FOR for mark in paper.marks.values())
    return ticked + len(paper.write_ins) > len(paper.chosen)


def _may_write_in(paper: Paper, candidates: Collection[str], rules: PaperRules) -> bool:
    """Tell whether the names written in may stand; a listed name, written again, is a vote for that name."""
    others = set(paper.write_ins) - set(candidates)
    if not others:
        return True
    against = sum(mark is Mark.AGAINST for mark in paper.marks.values())
    return rules.write_ins and (not rules.after_against or len(others) <= against)
