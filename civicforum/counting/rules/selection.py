"""A selection of up to so many: for, against or abstain beside each name, or ticks alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..contest import Contest
from ..profile import BallotKind, Profile
from ..result import Choices, Result, Stage, Step
from ..shares import ImpossibleCount
from ..ties import top
from .papers import Ground, Mark, Paper, PaperRules, read_paper

WRITE_INS_NOT_ALLOWED = PaperRules()


@dataclass(frozen=True)
class Selection:
    """Papers ready to count: `count(selection.contest, selection.profile)`.

    Attributes:
        contest: with everybody written in among its options.
        spoiled: how many papers cannot stand, by ground; together they are `profile.spoiled`.
    """

    contest: Contest
    profile: Profile
    spoiled: Mapping[Ground, int]


def read_selection(
    contest: Contest,
    papers: Iterable[tuple[Paper, int]],
    *,
    rules: PaperRules = WRITE_INS_NOT_ALLOWED,
    spoiled: Mapping[Ground, int] | None = None,
) -> Selection:
    """Read papers, each with how many are alike; names written in become options.

    Args:
        spoiled: papers that were set aside before the count, by the ground that was found.

    Raises ImpossibleBallot on a mark beside a name that is not listed, ImpossibleCount on a negative count.
    """
    grounds = Counter(spoiled or {})
    read: list[tuple[dict[str, Mark], int]] = []
    for paper, count in papers:
        marks = read_paper(paper, contest.options, contest.most_marks, rules)
        if count < 0:
            raise ImpossibleCount(f"impossible count: {count} papers")
        if isinstance(marks, Ground):
            grounds[marks] += count
        else:
            read.append((marks, count))
    if min(grounds.values(), default=0) < 0:
        raise ImpossibleCount(f"impossible count: {dict(grounds)}")
    contest = with_options(contest, (name for marks, _ in read for name in marks))
    profile = profile_of(contest.options, read, spoiled=grounds.total())
    return Selection(contest, profile, {ground: grounds[ground] for ground in Ground if grounds[ground]})


def with_options(contest: Contest, names: Iterable[str]) -> Contest:
    """Return the contest with these names among its options; the new ones stand in alphabetical order."""
    new = sorted(set(names) - set(contest.options))
    return replace(contest, options=(*contest.options, *new)) if new else contest


def profile_of(
    options: Sequence[str], papers: Iterable[tuple[Mapping[str, Mark], int]], *, spoiled: int = 0
) -> Profile:
    """Build a profile of choices from the marks that stand; a paper without one is blank."""
    rows = (([int(marks.get(name, 0)) for name in options], count) for marks, count in papers)
    return Profile.of_marks(BallotKind.CHOICES, options, rows, spoiled=spoiled)


def selection(contest: Contest, profile: Profile) -> Result:
    """Count a selection: whoever reaches the threshold, the most votes first, until the seats are full.

    A paper that is for more persons than `contest.most_marks` is spoiled, one with fewer is valid
    (选举法 art 44). The threshold is a share of all papers, blank and spoiled ones and abstentions included
    (城市居民委员会组织法 art 19: more than half of those who took part); `quota` is the least number of votes
    it takes. Who is level at the last seat is voted on again (选举法 art 45), unless the contest says that a
    lot is drawn. Seats that nobody reaches stay open.

    Raises ValueError for ballots that are not choices or approvals.
    """
    if profile.kind not in (BallotKind.CHOICES, BallotKind.APPROVAL):
        raise ValueError(f"a selection is counted from choices, not from a {profile.kind}")
    standing = (profile.marks == Mark.FOR).sum(axis=1) <= contest.most_marks
    marks, weights = profile.marks[standing], profile.weights[standing]
    valid = int(weights.sum())
    choices = count_choices(contest.options, marks, weights)
    least = contest.threshold.least(profile.cast) if contest.threshold else None
    votes = {name: choice.in_favour for name, choice in choices.items()}
    result = elect(contest, votes, least)
    return replace(
        result,
        valid=valid,
        blank=profile.blank,
        spoiled=profile.cast - valid - profile.blank,
        choices=choices,
    )


def count_choices(
    options: Sequence[str], marks: NDArray[np.uint16], weights: NDArray[np.int64]
) -> dict[str, Choices]:
    """Count for, against and abstain of every option."""
    sums = [weights @ (marks == mark) for mark in Mark]
    return {
        name: Choices(*counts)
        for name, *counts in zip(options, *(column.tolist() for column in sums), strict=True)
    }


def elect(contest: Contest, votes: Mapping[str, int], least: int | None) -> Result:
    """Return a result of one stage: who has at least so many votes, the most votes first, for the seats."""
    reaching = {name: total for name, total in votes.items() if least is None or total >= least}
    elected, tie, tied = top(contest, reaching, contest.seats)
    stage = Stage(number=1, step=Step.COUNT, totals=dict(votes), quota=least, elected=elected)
    return Result(
        contest=contest,
        valid=0,
        blank=0,
        spoiled=0,
        stages=(stage,),
        elected=elected,
        quota=least,
        ties=(tie,) if tie else (),
        tied=tied,
    )
