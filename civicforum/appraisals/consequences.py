"""What a certified grade leads to for a person: the law's two strikes, and what published rules add to it.

    propose(book, history, shares, is_elected_member=True)      # what the rules propose, each with its sum

Only 城市居民委员会组织法 art 37 ends a post, and only that of an elected member of the residents' committee;
the other two are rules of villages and common practice, taken over by analogy (DOMAIN.md D1, D6).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from civicforum.appraisals import law
from civicforum.appraisals.rules import ConsequenceKind
from civicforum.rulebook import Rulebook, Verdict


@dataclass(frozen=True)
class Graded:
    """What came out for one person in one cycle, in the post and the term in which they were graded."""

    cycle_id: uuid.UUID
    title: str
    held_on: date
    grade: str
    is_unfit: bool


@dataclass(frozen=True)
class Shares:
    """How many of the forms that grade somebody say unfit, and how many are poor."""

    unfit: int
    poor: int
    cast: int


@dataclass(frozen=True)
class Proposal:
    """What a rule proposes, with its sum and the results it rests on, the earliest first."""

    kind: ConsequenceKind
    verdict: Verdict
    grounds: tuple[Graded, ...]


def shares_of(
    counts: Sequence[int], *, points: Sequence[str], poor_from: int, ends_with_unfit: bool
) -> Shares:
    """Count what one person's forms say.

    Args:
        counts: how often each level was given, the best first.
        points: what each level counts, "" for one like 不了解, which is neither poor nor unfit.
        poor_from: the first level that is poor.
        ends_with_unfit: whether the worst level that counts says unfit for the post.
    """
    real = [place for place, worth in enumerate(points) if worth != ""]
    unfit = counts[real[-1]] if real and ends_with_unfit else 0
    return Shares(unfit, sum(counts[place] for place in real if place >= poor_from), sum(counts))


def running(history: Iterable[Graded], cycle_id: uuid.UUID) -> tuple[Graded, ...]:
    """Return the unbroken run of unfit grades that this cycle belongs to, the earliest first; else nothing.

    Args:
        history: of one term of office, every certified cycle that counts towards article 37, in any order.
    """
    in_order = sorted(history, key=lambda one: (one.held_on, one.title))
    here = next((place for place, one in enumerate(in_order) if one.cycle_id == cycle_id), None)
    if here is None or not in_order[here].is_unfit:
        return ()
    before = list(takewhile(lambda one: one.is_unfit, reversed(in_order[:here])))
    after = takewhile(lambda one: one.is_unfit, in_order[here + 1 :])
    return (*reversed(before), in_order[here], *after)


def judge_end(
    book: Rulebook, history: Iterable[Graded], cycle_id: uuid.UUID, *, is_elected_member: bool
) -> tuple[Verdict, tuple[Graded, ...]]:
    """Judge whether this cycle's grade ends the post (art 37); return the results that count with the sum."""
    run = running(history, cycle_id)
    verdict = law.judge_ends_post(book, [one.is_unfit for one in run], is_elected_member)
    return verdict, run


def propose(
    book: Rulebook,
    *,
    graded: Graded,
    history: Sequence[Graded],
    shares: Shares,
    is_elected_member: bool,
) -> list[Proposal]:
    """Return what the rules propose for one person after one certified cycle, the gravest first.

    Where the law ends the post nothing else is proposed. Nobody is asked to give up a post that others gave
    them, so a resignation is offered by elected members only; a talk is for everybody.

    Args:
        history: as `running` takes it; empty for a cycle that does not count towards article 37.
    """
    verdict, run = judge_end(book, history, graded.cycle_id, is_elected_member=is_elected_member)
    if verdict.holds:
        return [Proposal(ConsequenceKind.TWO_STRIKES, verdict, run)]
    judged = [(ConsequenceKind.WARNING_TALK, law.judge_warning(book, shares.poor, shares.cast))]
    if is_elected_member:
        judged.insert(
            0, (ConsequenceKind.OFFER_RESIGNATION, law.judge_unfit(book, shares.unfit, shares.cast))
        )
    return [Proposal(kind, verdict, (graded,)) for kind, verdict in judged if verdict.holds]


def as_grounds(results: Iterable[Graded]) -> list[dict[str, Any]]:
    """Write results as they are kept with a consequence."""
    return [
        {
            "cycle": str(one.cycle_id),
            "title": one.title,
            "held_on": one.held_on.isoformat(),
            "grade": one.grade,
        }
        for one in results
    ]
