"""What a group holds and what all share: figures worked by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from civicforum.opinions import Tally, held_by, shared_by_all, tally_of
from civicforum.opinions.describe import z_squared


def test_tally_counts_each_answer_and_leaves_out_who_gave_none() -> None:
    assert tally_of(np.array([1, 1, -1, 0, np.nan])) == Tally(agrees=2, disagrees=1, passes=1)


def test_smoothed_share_counts_two_more_answers_one_of_them_so() -> None:
    # (8 + 1) / (10 + 2), and (1 + 1) / (10 + 2)
    tally = Tally(8, 1, 1)
    assert tally.smoothed(agrees=True) == Fraction(3, 4)
    assert tally.smoothed(agrees=False) == Fraction(1, 6)


def test_nobody_asked_is_half() -> None:
    assert Tally().smoothed(agrees=True) == Fraction(1, 2)


def test_z_is_that_of_two_proportions() -> None:
    # 9/12 against 3/12, pooled 12/24: (1/2)^2 / (1/2 x 1/2 x (1/12 + 1/12)) = 6
    assert z_squared(Tally(8, 2, 0), Tally(2, 8, 0), agrees=True) == 6


def test_group_holds_what_it_answers_unlike_the_others() -> None:
    groups = {0: {1: Tally(9, 1, 0), 2: Tally(6, 4, 0)}, 1: {1: Tally(1, 9, 0), 2: Tally(5, 5, 0)}}
    held = held_by(groups)
    assert [(one.statement, one.agrees) for one in held[0]] == [(1, True)]
    assert [(one.statement, one.agrees) for one in held[1]] == [(1, False)]
    assert held[0][0].share == Fraction(10, 12)
    assert held[0][0].elsewhere == Fraction(2, 12)


def test_most_telling_statement_comes_first() -> None:
    groups = {
        0: {1: Tally(9, 1, 0), 2: Tally(10, 0, 0)},
        1: {1: Tally(2, 8, 0), 2: Tally(0, 10, 0)},
    }
    assert [one.statement for one in held_by(groups)[0]] == [2, 1]


def test_minority_view_of_a_group_is_not_held_by_it() -> None:
    # More than elsewhere beyond chance, but not by more than half of the group: 40 of 100 against 5 of 100.
    groups = {0: {1: Tally(40, 0, 60)}, 1: {1: Tally(5, 0, 95)}}
    assert z_squared(groups[0][1], groups[1][1], agrees=True) > 30
    assert held_by(groups)[0] == []


def test_answers_of_four_say_nothing_of_a_group() -> None:
    groups = {0: {1: Tally(4, 0, 0)}, 1: {1: Tally(0, 40, 0)}}
    assert held_by(groups) == {0: [], 1: []}
    groups = {0: {1: Tally(5, 0, 0)}, 1: {1: Tally(0, 40, 0)}}
    assert [one.statement for one in held_by(groups)[0]] == [1]


def test_what_all_share_weighs_a_small_group_like_a_large_one() -> None:
    groups = {0: {1: Tally(95, 5, 0), 2: Tally(70, 30, 0)}, 1: {1: Tally(6, 4, 0), 2: Tally(9, 1, 0)}}
    shared = shared_by_all(groups)
    # 71/102 x 10/12 = 0.580 before 96/102 x 7/12 = 0.549, though more people agree with the other.
    assert [(one.statement, one.agreement) for one in shared] == [
        (2, Fraction(71, 102) * Fraction(10, 12)),
        (1, Fraction(96, 102) * Fraction(7, 12)),
    ]


def test_what_one_group_is_split_on_is_not_shared() -> None:
    groups = {0: {1: Tally(95, 5, 0)}, 1: {1: Tally(5, 5, 0)}}
    assert shared_by_all(groups) == []


def test_disagreement_is_shared_too() -> None:
    groups = {0: {1: Tally(0, 9, 1)}, 1: {1: Tally(1, 8, 1)}}
    assert [(one.statement, one.agrees) for one in shared_by_all(groups)] == [(1, False)]
