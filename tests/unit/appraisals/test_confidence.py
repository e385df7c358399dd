"""The exact interval of a share, against values worked out apart from it."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.appraisals.confidence import SURE, chance_of_least, interval_of, intervals_of

F = Fraction


def test_chance_is_the_sum_of_binomial_terms() -> None:
    # 2 or more of 3 at 1/4: 3 × 1/16 × 3/4 + 1/64 = 9/64 + 1/64.
    assert chance_of_least(2, 3, F(1, 4)) == F(10, 64)
    assert chance_of_least(0, 3, F(0)) == 1
    assert chance_of_least(1, 3, F(0)) == 0
    assert chance_of_least(3, 3, F(1)) == 1


def test_none_of_ten_and_all_of_ten_have_the_bound_in_closed_form() -> None:
    # With none found, the upper bound p solves (1 - p)^10 = 1/40: p = 1 - 0.6915 = 0.3085, up to 0.309.
    none = interval_of(0, 10)
    assert (none.low, none.high) == (0, F(309, 1000))
    assert F(691, 1000) ** 10 < F(1, 40) < F(692, 1000) ** 10
    assert (interval_of(10, 10).low, interval_of(10, 10).high) == (F(691, 1000), 1)


def test_half_of_ten_is_the_tabled_interval() -> None:
    # The usual table of exact 95 percent limits gives 18.71 and 81.29 percent for 5 of 10.
    half = interval_of(5, 10)
    assert (half.low, half.high) == (F(187, 1000), F(813, 1000))


def test_nobody_asked_says_nothing() -> None:
    assert (interval_of(0, 0).low, interval_of(0, 0).high) == (0, 1)
    assert intervals_of((0, 0))[0].high == 1


def test_impossible_shares_are_refused() -> None:
    for part, whole in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="impossible"):
            interval_of(part, whole)


@given(st.integers(1, 60).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_bounds_are_rounded_outward_by_less_than_a_step(case: tuple[int, int]) -> None:
    part, whole = case
    found, tail = interval_of(part, whole), (1 - SURE) / 2
    assert found.low <= F(part, whole) <= found.high

    def or_more(share: Fraction) -> Fraction:
        return sum(
            (comb(whole, at) * share**at * (1 - share) ** (whole - at) for at in range(part, whole + 1)),
            F(0),
        )

    if part:
        assert or_more(found.low) <= tail < or_more(found.low + F(1, 1000))
