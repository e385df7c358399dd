"""Which statement comes next: what needs answers most, in an order of each person's own."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from civicforum.opinions import Tally, need_of, next_of


def test_need_is_clear_times_pull_times_new() -> None:
    # Nothing known: 1/2 x 1 x (1 + 4). Ten answers, none passed: 11/12 x 3/2 x (1 + 2).
    assert need_of(Tally(), pull=0) == Fraction(5, 2)
    assert need_of(Tally(6, 4, 0), pull=50) == Fraction(11, 12) * Fraction(3, 2) * 3


def test_agreement_does_not_count() -> None:
    assert need_of(Tally(20, 0, 0), pull=10) == need_of(Tally(0, 20, 0), pull=10)


def test_what_many_pass_on_and_what_is_well_known_is_needed_less() -> None:
    assert need_of(Tally(5, 5, 10), pull=0) < need_of(Tally(10, 10, 0), pull=0)
    assert need_of(Tally(50, 50, 0), pull=0) < need_of(Tally(5, 5, 0), pull=0)


def test_same_person_is_asked_the_same_next() -> None:
    needs = {"a": Fraction(1), "b": Fraction(2), "c": Fraction(3)}
    assert next_of(needs, person="anna") == next_of(dict(reversed(needs.items())), person="anna")
    assert next_of({}, person="anna") is None


def test_people_have_different_orders_in_which_what_is_needed_more_comes_first_more_often() -> None:
    needs = {"little": Fraction(1), "much": Fraction(3)}
    first = Counter(next_of(needs, person=f"person {number}") for number in range(2000))
    # A weighted draw: three in four, give or take three standard deviations of 0.97 points.
    assert 0.72 < first["much"] / 2000 < 0.78
