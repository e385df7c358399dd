"""Places in a ranking, and what changed since the last time."""

from __future__ import annotations

from fractions import Fraction

import pytest

from civicforum.appraisals.rankings import Change, Standing, change_of, places_of

F = Fraction


def places(**standings: tuple[Fraction | int | None, int]) -> dict[str, int]:
    rows = {
        name: Standing(None if score is None else F(score), raters)
        for name, (score, raters) in standings.items()
    }
    return places_of(rows, has_enough=lambda raters: raters >= 10)


@pytest.mark.law("D11")
def test_ties_share_a_place_and_leave_the_next_one_empty() -> None:
    found = places(water=(80, 12), police=(95, 30), gas=(90, 11), power=(90, 10))
    assert found == {"police": 1, "gas": 2, "power": 2, "water": 4}


def test_a_shared_place_is_listed_in_the_order_given() -> None:
    assert list(places(b=(90, 10), a=(90, 10), c=(91, 10))) == ["c", "b", "a"]


@pytest.mark.parametrize("raters", [0, 9])
def test_too_few_raters_give_no_place_and_move_nobody(raters: int) -> None:
    assert places(best=(100, raters), good=(90, 10), fair=(80, 10)) == {"good": 1, "fair": 2}


@pytest.mark.law("D11")
def test_the_least_number_of_raters_is_enough() -> None:
    assert places(best=(100, 10), good=(90, 10)) == {"best": 1, "good": 2}


def test_no_score_has_no_place() -> None:
    assert places(none=(None, 40), good=(90, 10), fair=(80, 10)) == {"good": 1, "fair": 2}


def test_one_alone_is_no_ranking() -> None:
    assert places(good=(90, 10), none=(None, 10)) == {}


def test_scores_that_look_alike_in_decimals_are_not_level() -> None:
    # 84.3333… and 84.33 print alike with two decimals.
    assert places(a=(F(8433, 100), 10), b=(F(253, 3), 10)) == {"b": 1, "a": 2}


@pytest.mark.law("D11")
def test_change_counts_places_upward() -> None:
    found = change_of(rank=2, score=F(85), old_rank=5, old_score=F(171, 2))
    assert found == Change(places=3, score=F(-1, 2))
    assert change_of(rank=2, score=F(85), old_rank=None, old_score=None) == Change(None, None)
