"""Counting one question of each kind."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from civicforum.counting import Contest, ItemGrades, MotionTally, Profile, Rule
from civicforum.counting.rules.selection import elect
from civicforum.counting.second import checked_count
from civicforum.polls.outcomes.judging import Judge
from civicforum.polls.outcomes.shapes import (
    Decision,
    Line,
    Merge,
    Papers,
    QuestionResult,
    Split,
    Way,
    split,
)
from civicforum.polls.outcomes.stages import result_as_json, second_as_json
from civicforum.polls.questions import AGAINST, IN_FAVOUR, Marking, QuestionKind, QuestionSpec
from civicforum.sealed import ContestCount


@dataclass(frozen=True)
class Part:
    """One question of one way."""

    count: ContestCount
    valid: int
    invalid: int


_EMPTY = ContestCount((), Counter(), Counter(), 0)


def part_of(way: Way, number: int) -> Part:
    return Part(way.counts[number] if way.counts else _EMPTY, way.valid, way.invalid)


def _motion(
    spec: QuestionSpec, online: Part, paper: Part, judge: Judge, merges: Sequence[Merge]
) -> QuestionResult:
    tallies = [_motion_tally(part) for part in (online, paper)]
    both = _added(tallies)
    in_favour, against, neither = both.in_favour, both.against, both.abstained
    # Raises ImpossibleCount where more took part than are on the roll.
    whole = MotionTally(in_favour, against, neither, 0, both.spoiled, entitled=judge.electorate.on_roll)
    taking_part = whole.taking_part if judge.counts_all() else in_favour + against
    verdict = None
    if spec.majority_rule:
        verdict = judge.majority(spec.majority_rule, in_favour, taking_part=taking_part, cast=whole.cast)
    figures = split([(tally.in_favour, tally.against, tally.abstained) for tally in tallies])
    decided = Decision.COUNTED
    if verdict is not None:
        decided = Decision.ADOPTED if verdict.holds else Decision.NOT_ADOPTED
    return QuestionResult(
        kind=spec.kind,
        title=spec.title,
        columns=("for", "against", "neither"),
        lines=(Line("", figures),),
        papers=_papers(spec, online, paper),
        decision=decided,
        verdict=verdict,
    )


def _motion_tally(part: Part) -> MotionTally:
    marks = [row[0] for row in part.count.counts] or [0, 0]
    in_favour, against = marks[IN_FAVOUR], marks[AGAINST]
    return MotionTally(in_favour, against, part.valid - in_favour - against, 0, part.invalid)


def _added(tallies: Sequence[MotionTally]) -> MotionTally:
    return MotionTally(
        *(
            sum(getattr(tally, name) for tally in tallies)
            for name in ("in_favour", "against", "abstained", "blank", "spoiled")
        )
    )


def _selection(
    spec: QuestionSpec, online: Part, paper: Part, judge: Judge, merges: Sequence[Merge]
) -> QuestionResult:
    written = [_merged(part.count.names, spec, merges) for part in (online, paper)]
    names = sorted({name for names, _ in written for name in names})
    lines = [_option_line(spec, at, (online, paper)) for at in range(len(spec.options))]
    lines += [_written_line(spec, name, written, (online, paper)) for name in names]
    valid, invalid = online.valid + paper.valid, online.invalid + paper.invalid
    basis = {"taking_part": valid + invalid if judge.counts_all() else valid, "cast": valid + invalid}
    least = judge.least(spec.majority_rule, **basis) if spec.majority_rule else None
    # The same name in two lines of one ballot is found twice: no name has more votes than there are ballots.
    votes = {line.name: min(line.figures.together[0], valid) for line in lines}
    result = elect(Contest(tuple(votes), Rule.SELECTION, seats=spec.seats), votes, least)
    tied = result.tied
    return QuestionResult(
        kind=spec.kind,
        title=spec.title,
        columns=_selection_columns(spec),
        lines=tuple(_judged(line, spec, judge, votes[line.name], basis, result.elected) for line in lines),
        papers=_papers(spec, online, paper),
        decision=_chosen_or_not(len(result.elected), spec.seats, is_tied=tied is not None),
        seats=spec.seats,
        chosen=result.elected,
        tied=tied.names if tied else (),
        tied_seats=tied.seats if tied else 0,
        open_seats=result.seats_open,
        set_aside=tuple(sorted((written[0][1] + written[1][1]).items())),
        unreadable=online.count.spoiled + paper.count.spoiled,
        merges=tuple(merges),
    )


def _chosen_or_not(chosen: int, seats: int, *, is_tied: bool) -> Decision:
    if is_tied:
        return Decision.TIED
    return Decision.CHOSEN if chosen == seats else Decision.TOO_FEW


def _selection_columns(spec: QuestionSpec) -> tuple[str, ...]:
    return ("for", "against", "neither") if spec.marking is Marking.EACH else ("votes",)


def _option_line(spec: QuestionSpec, at: int, parts: Sequence[Part]) -> Line:
    figures = [
        _with_neither(spec, part.count.counts[at] if part.count.counts else None, part) for part in parts
    ]
    return Line(spec.options[at], split(figures))


def _with_neither(spec: QuestionSpec, row: Sequence[int] | None, part: Part) -> tuple[int, ...]:
    if spec.marking is not Marking.EACH:
        return tuple(row or (0,))
    in_favour, against = row or (0, 0)
    return (in_favour, against, part.valid - in_favour - against)


def _written_line(
    spec: QuestionSpec,
    name: str,
    written: Sequence[tuple[Counter[str], Counter[str]]],
    parts: Sequence[Part],
) -> Line:
    figures = [
        _with_neither(spec, (min(names[name], part.valid), 0), part)
        for (names, _), part in zip(written, parts, strict=True)
    ]
    return Line(name, split(figures), is_written_in=True)


def _merged(
    found: Mapping[str, int], spec: QuestionSpec, merges: Sequence[Merge]
) -> tuple[Counter[str], Counter[str]]:
    """Return the names written in, spellings put together, and those that stand on the paper anyway."""
    names: Counter[str] = Counter()
    for written, count in found.items():
        names[unicodedata.normalize("NFC", written).strip()] += count
    # In their order: what was read as another name may be read as a third one later.
    for merge in merges:
        names[merge.name] += names.pop(merge.spelling, 0)
    listed = Counter({name: names.pop(name) for name in spec.options if name in names})
    return names, listed


def _judged(
    line: Line, spec: QuestionSpec, judge: Judge, votes: int, basis: dict[str, int], chosen: Sequence[str]
) -> Line:
    verdict = judge.majority(spec.majority_rule, votes, **basis) if spec.majority_rule else None
    return replace(line, is_chosen=line.name in chosen, verdict=verdict)


def _grade(
    spec: QuestionSpec, online: Part, paper: Part, judge: Judge, merges: Sequence[Merge]
) -> QuestionResult:
    return QuestionResult(
        kind=spec.kind,
        title=spec.title,
        columns=(*spec.levels, "ungraded"),
        lines=tuple(_item(spec, at, (online, paper)) for at in range(len(spec.options))),
        papers=_papers(spec, online, paper),
        decision=Decision.COUNTED,
    )


def _item(spec: QuestionSpec, at: int, parts: Sequence[Part]) -> Line:
    figures = []
    for part in parts:
        row = part.count.counts[at] if part.count.counts else (0,) * len(spec.levels)
        figures.append((*row, part.valid - sum(row)))
    halves = split(figures)
    *counts, ungraded = halves.together
    graded = dict(zip(spec.levels, counts, strict=True))
    grades = ItemGrades(spec.options[at], graded, ungraded=ungraded).modal
    return Line(spec.options[at], halves, grades=grades)


def _ranking(
    spec: QuestionSpec, online: Part, paper: Part, judge: Judge, merges: Sequence[Merge]
) -> QuestionResult:
    found = [part.count.rankings for part in (online, paper)]
    orders = found[0] + found[1]
    spoiled = online.count.spoiled + paper.count.spoiled + online.invalid + paper.invalid
    ballots = {tuple(spec.options[at] for at in order): count for order, count in orders.items()}
    contest = Contest(spec.options, Rule(spec.method), seats=spec.seats)
    checked = checked_count(contest, Profile.of_rankings(spec.options, ballots, spoiled=spoiled))
    result, tied = checked.result, checked.result.tied
    chosen = (*result.elected, *(tied.certain if tied else ()))
    return QuestionResult(
        kind=spec.kind,
        title=spec.title,
        columns=("first", "ranked"),
        lines=tuple(_ranked_line(spec, at, found, chosen) for at in range(len(spec.options))),
        papers=_papers(spec, online, paper),
        decision=_chosen_or_not(len(result.elected), spec.seats, is_tied=tied is not None),
        seats=spec.seats,
        chosen=tuple(dict.fromkeys(chosen)),
        tied=tied.names if tied else (),
        tied_seats=tied.seats if tied else 0,
        open_seats=result.seats_open,
        method=spec.method,
        count=result_as_json(result),
        second=second_as_json(checked.second),
        rankings=tuple((order, found[0][order], found[1][order]) for order in _by_number(orders)),
    )


def _by_number(orders: Counter[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the orders, those found most often first."""
    return sorted(orders, key=lambda order: (-orders[order], order))


def _ranked_line(
    spec: QuestionSpec, at: int, found: Sequence[Counter[tuple[int, ...]]], chosen: Sequence[str]
) -> Line:
    figures = [
        (
            sum(count for order, count in orders.items() if order[:1] == (at,)),
            sum(count for order, count in orders.items() if at in order),
        )
        for orders in found
    ]
    name = spec.options[at]
    return Line(name, split(figures), is_chosen=name in chosen)


COUNTING = {
    QuestionKind.MOTION: _motion,
    QuestionKind.SELECTION: _selection,
    QuestionKind.GRADE: _grade,
    QuestionKind.RANKING: _ranking,
}


def _papers(spec: QuestionSpec, online: Part, paper: Part) -> Split[Papers]:
    first, second = (_papers_of(spec, part) for part in (online, paper))
    blank = None if first.blank is None or second.blank is None else first.blank + second.blank
    both = Papers(first.valid + second.valid, blank, first.invalid + second.invalid)
    return Split(first, second, both)


def _papers_of(spec: QuestionSpec, part: Part) -> Papers:
    if spec.kind is not QuestionKind.RANKING:
        return Papers(part.valid, None, part.invalid)
    spoiled = part.count.spoiled
    return Papers(part.valid - spoiled, part.count.rankings[()], part.invalid + spoiled)
