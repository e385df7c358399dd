"""What is published of ratings, looked at by somebody who keeps every publication and compares them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import chain, combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.ratings.publishing import (
    BREAKDOWNS,
    ITEM,
    SERVED,
    TOGETHER,
    TOTAL,
    Change,
    Figures,
    Rated,
    add,
    change,
    choose_removed,
)
from civicforum.ratings.rules import RatingLevel

LEAST = 5
GOOD, FAIR, BAD, WORST = (
    RatingLevel.VERY_SATISFIED,
    RatingLevel.FAIRLY_SATISFIED,
    RatingLevel.DISSATISFIED,
    RatingLevel.VERY_DISSATISFIED,
)


def rated(level: RatingLevel = GOOD, *, by: str = "Li", item: str = "-") -> Rated:
    return Rated(level, {SERVED: by, ITEM: item})


def published(new: Sequence[Rated], removed: Sequence[Rated] = ()) -> Change:
    found = change(new, removed, least=LEAST)
    assert found is not None
    return found


@pytest.mark.law("D9", "privacy.least")
def test_four_ratings_wait_and_five_are_published() -> None:
    assert change([rated()] * 4, [], least=LEAST) is None
    assert published([rated()] * 5).figures[TOTAL] == {TOGETHER: [5, 0, 0, 0, 0]}


def test_whoever_served_few_is_added_up_with_others() -> None:
    new = [rated(by="Li")] * 7 + [rated(by="Wang")] * 6 + [rated(WORST, by="Zhao")] * 2
    parts = published(new).figures[SERVED]
    # Two of Zhao's alone could be worked out from the total: Wang's six go with them.
    assert parts == {"Li": [7, 0, 0, 0, 0], TOGETHER: [6, 0, 0, 0, 2]}


def test_items_are_not_shown_where_they_leave_one_rating_of_a_person() -> None:
    # Li alone does cards, and served one person besides: Li's eight less the seven cards is that person.
    new = (
        [rated(by="Li", item="cards")] * 7
        + [rated(WORST, by="Li", item="loans")]
        + [rated(by="Wang", item="loans")] * 8
    )
    shown = published(new)
    assert set(shown.figures[SERVED]) == {"Li", "Wang"}
    assert shown.figures[ITEM] == {TOGETHER: [15, 0, 0, 0, 1]}
    assert shown.hidden[ITEM] == ["cards", "loans"]
    beside = [*new, *[rated(by="Li", item="loans")] * 4]
    assert set(published(beside).figures[ITEM]) == {"cards", "loans"}


def test_one_set_aside_leaves_in_a_batch_that_outweighs_it() -> None:
    waiting = [rated(WORST)]
    six = [rated(FAIR)] * 6
    # Alone, the lesser number of the worst grade would tell what the removed one was.
    assert choose_removed(six, waiting, least=LEAST) == []
    with_worst = [*six, rated(WORST)]
    assert choose_removed(with_worst, waiting, least=LEAST) == [0]
    assert published(with_worst, waiting).figures[TOTAL] == {TOGETHER: [0, 0, 6, 0, 0]}
    # Five new ones less one are four: no publication differs by four.
    assert choose_removed([rated(FAIR)] * 4 + [rated(WORST)], waiting, least=LEAST) == []


def test_one_set_aside_of_somebody_who_served_nobody_since_waits() -> None:
    new = [rated(WORST, by="Wang")] * 6
    assert choose_removed(new, [rated(WORST, by="Li")], least=LEAST) == []


LEVEL = st.sampled_from([GOOD, FAIR, BAD, WORST])
RATING = st.builds(
    lambda level, by, item: Rated(level, {SERVED: by, ITEM: item}),
    LEVEL,
    st.sampled_from(["Li", "Li", "Li", "Wang", "Wang", "Zhao"]),
    st.sampled_from(["cards", "cards", "loans", "-"]),
)
BATCHES = st.lists(st.lists(RATING, min_size=0, max_size=24), min_size=1, max_size=6)


def history(batches: list[list[Rated]], seed: int) -> list[Figures]:
    """Return what is published of batches, while some of what was published is set aside."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be run again
    figures: Figures | None = None
    told: list[Figures] = []
    waiting: list[Rated] = []
    new: list[Rated] = []
    for batch in batches:
        new = new + batch
        gone = choose_removed(new, waiting, least=LEAST)
        found = change(new, [waiting[at] for at in gone], least=LEAST)
        if found is None:
            continue
        waiting = [one for at, one in enumerate(waiting) if at not in gone]
        figures = add(figures, found.figures)
        told.append(figures)
        waiting += [
            Rated(
                one.level,
                {
                    key: TOGETHER if one.names[key] in found.hidden[key] else one.names[key]
                    for key in BREAKDOWNS
                },
            )
            for one in new
            if chance.random() < 0.2
        ]
        new = []
    return told


@pytest.mark.law("D9", "privacy.least")
@given(BATCHES, st.integers(0, 99))
def test_two_publications_differ_by_five_ratings_or_by_none(batches: list[list[Rated]], seed: int) -> None:
    first: Figures = {name: {} for name in (TOTAL, *BREAKDOWNS)}
    for before, after in pairwise([first, *history(batches, seed)]):
        for dimension, parts in after.items():
            for name, counts in parts.items():
                old = before[dimension].get(name, [0] * 5)
                more = [now - then for now, then in zip(counts, old, strict=True)]
                assert min(more) >= 0
                assert sum(more) == 0 or sum(more) >= LEAST


@given(BATCHES, st.integers(0, 99))
def test_the_parts_of_each_breakdown_add_up_to_the_total(batches: list[list[Rated]], seed: int) -> None:
    for figures in history(batches, seed):
        for breakdown in BREAKDOWNS:
            sums = [sum(column) for column in zip(*figures[breakdown].values(), strict=True)]
            assert sums == figures[TOTAL][TOGETHER]


@given(st.lists(RATING, min_size=5, max_size=30))
def test_no_items_taken_from_people_leave_fewer_than_five(new: list[Rated]) -> None:
    found = published(new)

    def groups(breakdown: str) -> list[set[int]]:
        hidden = found.hidden[breakdown]
        by_name: dict[str, set[int]] = {}
        for at, one in enumerate(new):
            name = TOGETHER if one.names[breakdown] in hidden else one.names[breakdown]
            by_name.setdefault(name, set()).add(at)
        return list(by_name.values())

    people, items = unions(groups(SERVED)), unions(groups(ITEM))
    for some in people:
        for others in items:
            for larger, smaller in ((some, others), (others, some)):
                if smaller < larger:
                    assert len(larger - smaller) >= LEAST


def unions(groups: list[set[int]]) -> list[set[int]]:
    chosen = chain.from_iterable(combinations(groups, size) for size in range(1, len(groups) + 1))
    return [set().union(*some) for some in chosen]


@pytest.mark.parametrize("number", [0, 1, 4])
def test_nothing_is_published_of_fewer_than_five(number: int) -> None:
    assert change([rated(BAD)] * number, [], least=LEAST) is None
