"""All questions of a poll, its quorum, and whether a motion is adopted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from civicforum import sealed
from civicforum.polls.outcomes.judging import Electorate, Judge
from civicforum.polls.outcomes.questions import COUNTING, part_of
from civicforum.polls.outcomes.shapes import Decision, Merge, QuestionResult, Way, sums
from civicforum.polls.questions import QuestionSpec
from civicforum.polls.rules import KeptVerdict
from civicforum.rulebook import Rulebook
from civicforum.sealed import Answer, Contest, ContestCount


@dataclass(frozen=True)
class PollOutcome:
    """All questions, the quorum if there is one, and whether the one motion is adopted (None: no such)."""

    questions: tuple[QuestionResult, ...]
    quorum: KeptVerdict | None
    is_adopted: bool | None
    taking_part: int


NOTHING = Way((), 0)


def decide(
    specs: Sequence[QuestionSpec],
    *,
    online: Way = NOTHING,
    paper: Way = NOTHING,
    electorate: Electorate,
    book: Rulebook,
    quorum_rule: str = "",
    merges: Sequence[Merge] = (),
) -> PollOutcome:
    """Count every question and judge it by the rules.

    Everybody whose ballot counts or whose paper is invalid took part. Raises second.EnginesDisagree for a
    ranking that two engines count differently, ImpossibleCount for more ballots than people.
    """
    taking_part = online.valid + online.invalid + paper.valid + paper.invalid
    judge = Judge(book, electorate, taking_part)
    quorum = judge.quorum(quorum_rule) if quorum_rule else None
    results = []
    for number, spec in enumerate(specs):
        own = [merge for merge in merges if merge.question == number]
        parts = part_of(online, number), part_of(paper, number)
        results.append(COUNTING[spec.kind](spec, *parts, judge, own))
    if quorum is not None and not quorum.holds:
        results = [_without_quorum(result) for result in results]
    return PollOutcome(tuple(results), quorum, _is_adopted(results), taking_part)


def _without_quorum(result: QuestionResult) -> QuestionResult:
    lines = tuple(replace(line, is_chosen=False) for line in result.lines)
    nobody: dict[str, Any] = {"chosen": (), "tied": (), "tied_seats": 0, "open_seats": result.seats}
    return replace(result, decision=Decision.NO_QUORUM, lines=lines, **nobody)


def _is_adopted(results: Sequence[QuestionResult]) -> bool | None:
    if len(results) != 1 or results[0].verdict is None:
        return None
    return results[0].decision is Decision.ADOPTED


def count_named(contests: Sequence[Contest], ballots: Iterable[Sequence[Answer]]) -> Way:
    """Return the counts of named votes in the shape of sealed ones; a ballot answers every question."""
    valid, counts = 0, [ContestCount((), Counter(), Counter(), 0) for _ in contests]
    for answers in ballots:
        one = sealed.shown(contests, sealed.picks_of(contests, answers))
        counts = [_with(count, more) for count, more in zip(counts, one, strict=True)]
        valid += 1
    return Way(tuple(counts), valid)


def _with(count: ContestCount, more: ContestCount) -> ContestCount:
    rows = more.counts
    if count.counts:
        rows = tuple(sums(pair) for pair in zip(count.counts, more.counts, strict=True))
    names, rankings = count.names + more.names, count.rankings + more.rankings
    return ContestCount(rows, names, rankings, count.spoiled + more.spoiled)
