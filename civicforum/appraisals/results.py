"""What comes out for one subject: grades, the grade that counts, the weighted score, and what may be shown.

Nothing here is a float. The figures are those of the sheet that is certified: what may not be shown is not in
them, so that no page and no export can show it.

**Why nobody is found by these figures.** Published are, of each subject, the full total of all groups whose
boxes were opened, the weighted score with its sum, and groups apart where they are large enough. A group with
fewer forms than its least was never opened: it is in no figure, and then there is no score. Be L the least of
`privacy.least`.

1. A group apart is shown only with L forms or more that grade the subject, and hidden groups are two at least
   with L or more together (`polls.small_groups`), so that the total less the shown ones is a sum of L or
   more. One hidden group would be the total less the others.
2. The score is one more equation, with known weights and numbers of forms: with exactly one hidden group it
   would give its sum of points, and with few forms the grades themselves. Therefore there is a score only
   where in every group L or more give grades with points; then every group has L or more, and none is hidden.
   Score and hidden groups exclude each other, for each subject. No part of a sum stands without the whole.
3. How many of a hidden group gave a grade, none, or an invalid form is not published either: of a group that
   lacks raters only the bound is named.
4. A cycle with one group has no parts: its full total is all there is, whatever its size (DOMAIN.md D8). Its
   score follows from the total and adds nothing. Screen and paper are never apart.
5. The board of a sealed box holds the totals of its group for anybody to recount (adr 0010). That is why a
   box with fewer forms than its least stays shut; what is hidden here keeps papers and sheets from outside,
   and subjects whom few of a group grade, out of every list.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from civicforum.appraisals.confidence import Interval, intervals_of
from civicforum.appraisals.counts import GroupCount
from civicforum.appraisals.figures import average_sum, weighted_sum
from civicforum.appraisals.rules import RaterBasis
from civicforum.appraisals.scales import ScalePlan, parse_points
from civicforum.counting.rules.grades import ItemGrades, RaterGroup, weigh_groups
from civicforum.polls.small_groups import hidden_names

LOWER_ON_TIE = "appraisal.lower_on_tie"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a cycle says of its results.

    Attributes:
        least: raters under which there is no result.
        privacy: raters under which no part is shown apart (privacy.least).
        sampled: names of the groups that are a sample of all who could have been asked.
    """

    least: int
    privacy: int
    lower_on_tie: bool = False
    sampled: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class GroupFigures:
    """One group of raters. Its grades are None unless it may be shown apart.

    `entitled` is None for an organ outside; `intervals` belong to `counts`, of a sample alone.
    """

    name: str
    basis: RaterBasis
    weight: Fraction
    least: int
    forms: int
    entitled: int | None
    is_open: bool
    counts: tuple[int, ...] | None = None
    ungraded: int | None = None
    invalid: int | None = None
    average: Fraction | None = None
    arithmetic: str = ""
    intervals: tuple[Interval, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Before:
    """The last certified result of the same subject in the same kind of cycle."""

    cycle_id: uuid.UUID
    title: str
    grade: str
    score: Fraction | None
    rank: int | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The result of one subject, as the sheet has it.

    Attributes:
        levels: the scale, the best first; `points` has None for a level that counts in no average.
        counts: by level, of all groups that were opened. forms = sum(counts) + ungraded + invalid.
        raters: how many gave a grade with points.
        modal: the grades given most often; several where they are level.
        grade: the one that counts, or "" where grades are level and no rule decides, or too few rated.
        tie_rule: the local rule by which the lower of level grades counts, or "".
        too_few: groups that lack raters for a figure, and therefore the score.
        ranked: how many have a place beside this one on the same scale.
    """

    name: str
    scale: str
    levels: tuple[str, ...]
    points: tuple[Fraction | None, ...]
    poor: tuple[str, ...]
    counts: tuple[int, ...]
    ungraded: int
    invalid: int
    forms: int
    raters: int
    least: int
    modal: tuple[str, ...]
    grade: str
    tie_rule: str = ""
    is_poor: bool = False
    is_unfit: bool = False
    score: Fraction | None = None
    arithmetic: str = ""
    too_few: tuple[str, ...] = ()
    groups: tuple[GroupFigures, ...] = ()
    rank: int | None = None
    ranked: int = 0
    before: Before | None = None

    @property
    def has_enough(self) -> bool:
        """Tell whether enough rated for a result."""
        return self.raters >= self.least

    @property
    def entitled(self) -> int | None:
        """Return how many were asked in all; None where a group does not say."""
        known = [group.entitled for group in self.groups if group.entitled is not None]
        return sum(known) if len(known) == len(self.groups) else None

    @property
    def returned(self) -> int:
        """Return how many forms came back in all, with those of boxes that were never opened."""
        return sum(group.forms for group in self.groups)


def points_of(scale: ScalePlan) -> dict[str, Fraction]:
    """Return what each level is worth; a level that counts in no average is not in it."""
    worth = {level: parse_points(text) for level, text in zip(scale.levels, scale.points, strict=True)}
    return {level: points for level, points in worth.items() if points is not None}


def assess(
    subject_id: uuid.UUID, name: str, scale: ScalePlan, groups: Sequence[GroupCount], terms: Terms
) -> Figures:
    """Return the result of one subject, without its place in a ranking.

    Raises ValueError where levels do not fit the scale, or the weights of the groups do not sum to 1.
    """
    points = points_of(scale)
    total = _total(subject_id, scale, groups)
    raters = total.number(tuple(points))
    modal = _modal(total, points)
    decided = _decide(scale, modal, terms) if raters >= terms.least else _NOTHING
    weighed = _weigh(subject_id, scale, groups, points, terms)
    shows_score = weighed.average is not None and raters >= terms.least
    return Figures(
        name=name,
        scale=scale.title,
        levels=scale.levels,
        points=tuple(points.get(level) for level in scale.levels),
        poor=_poor(scale, points),
        counts=tuple(total.counts.values()),
        ungraded=total.ungraded,
        invalid=total.spoiled,
        forms=total.cast,
        raters=raters,
        least=terms.least,
        modal=modal,
        grade=decided.grade,
        tie_rule=decided.rule,
        is_poor=decided.grade in _poor(scale, points),
        is_unfit=scale.ends_with_unfit and decided.grade == list(points)[-1],
        score=weighed.average if shows_score else None,
        arithmetic=weighed.arithmetic if shows_score else "",
        too_few=weighed.too_few,
        groups=tuple(_parts(subject_id, scale, groups, points, terms)),
    )


@dataclass(frozen=True)
class _Decided:
    grade: str = ""
    rule: str = ""


_NOTHING = _Decided()


@dataclass(frozen=True)
class _Weighed:
    average: Fraction | None
    too_few: tuple[str, ...]
    arithmetic: str = ""


def _item(subject_id: uuid.UUID, scale: ScalePlan, group: GroupCount) -> ItemGrades:
    """Return what one group said; an unopened box says nothing."""
    levels = group.levels.get(subject_id, ()) if group.is_open else (0,) * len(scale.levels)
    ungraded = group.ungraded(subject_id) if group.is_open else 0
    counts = dict(zip(scale.levels, levels, strict=True))
    return ItemGrades(
        str(subject_id), counts, ungraded=ungraded, spoiled=group.invalid if group.is_open else 0
    )


def _total(subject_id: uuid.UUID, scale: ScalePlan, groups: Sequence[GroupCount]) -> ItemGrades:
    items = [_item(subject_id, scale, group) for group in groups]
    return ItemGrades(
        str(subject_id),
        {level: sum(one.counts[level] for one in items) for level in scale.levels},
        ungraded=sum(one.ungraded for one in items),
        spoiled=sum(one.spoiled for one in items),
    )


def _modal(total: ItemGrades, points: Mapping[str, Fraction]) -> tuple[str, ...]:
    """Return the grades given most often. One without points (不了解) says nothing of the subject."""
    graded = ItemGrades(total.item, {level: total.counts[level] for level in points}, ungraded=0)
    return graded.modal


def _decide(scale: ScalePlan, modal: tuple[str, ...], terms: Terms) -> _Decided:
    if len(modal) == 1:
        return _Decided(modal[0])
    if modal and terms.lower_on_tie:
        return _Decided(max(modal, key=scale.levels.index), LOWER_ON_TIE)
    return _NOTHING


def _poor(scale: ScalePlan, points: Mapping[str, Fraction]) -> tuple[str, ...]:
    return tuple(level for level in scale.levels[scale.poor_from :] if level in points)


def _weigh(
    subject_id: uuid.UUID,
    scale: ScalePlan,
    groups: Sequence[GroupCount],
    points: Mapping[str, Fraction],
    terms: Terms,
) -> _Weighed:
    """Return the weighted average with its sum; none where a group has too few raters (see above, 2)."""
    floor = terms.privacy if len(groups) > 1 else 1
    weighed = weigh_groups(
        [
            RaterGroup(one.name, one.weight, _item(subject_id, scale, one), max(one.least, floor))
            for one in groups
        ],
        points,
    )
    known = [(one.weight, one.average) for one in weighed.groups if one.average is not None]
    return _Weighed(
        weighed.average, weighed.too_few, weighted_sum(known) if weighed.average is not None else ""
    )


def _parts(
    subject_id: uuid.UUID,
    scale: ScalePlan,
    groups: Sequence[GroupCount],
    points: Mapping[str, Fraction],
    terms: Terms,
) -> list[GroupFigures]:
    items = {one.name: _item(subject_id, scale, one) for one in groups if one.is_open}
    # Somebody who gives this subject no grade hides nobody who does.
    sizes = {name: item.graded for name, item in items.items()}
    hidden = hidden_names(sizes, least=terms.privacy) if len(groups) > 1 else frozenset()
    return [
        _part(one, items[one.name], points, terms)
        if one.name in items and one.name not in hidden
        else _closed(one)
        for one in groups
    ]


def _closed(group: GroupCount) -> GroupFigures:
    return GroupFigures(
        name=group.name,
        basis=group.basis,
        weight=group.weight,
        least=group.least,
        forms=group.forms,
        entitled=group.entitled,
        is_open=group.is_open,
    )


def _part(group: GroupCount, item: ItemGrades, points: Mapping[str, Fraction], terms: Terms) -> GroupFigures:
    counted = [item.counts[level] for level in points]
    worth = list(points.values())
    has_average = sum(counted) >= group.least and sum(counted) > 0
    counts = tuple(item.counts.values())
    is_sample = group.name in terms.sampled and sum(counts) > 0
    return GroupFigures(
        name=group.name,
        basis=group.basis,
        weight=group.weight,
        least=group.least,
        forms=group.forms,
        entitled=group.entitled,
        is_open=True,
        counts=counts,
        ungraded=item.ungraded,
        invalid=item.spoiled,
        average=_average(counted, worth) if has_average else None,
        arithmetic=average_sum(counted, worth) if has_average else "",
        intervals=intervals_of(counts) if is_sample else (),
    )


def _average(counts: Sequence[int], points: Sequence[Fraction]) -> Fraction:
    return sum((count * worth for count, worth in zip(counts, points, strict=True)), Fraction(0)) / sum(
        counts
    )
