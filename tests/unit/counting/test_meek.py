"""Meek's method, against keep factors worked out by hand and against instant-runoff for one seat."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from civicforum.counting import About, Contest, Profile, Rule, Step, count

MEEK = Rule.MEEK_STV
MILLIONTH = Fraction(1, 10**6)


def test_keep_factor_settles_where_the_elected_hold_the_quota() -> None:
    profile = Profile.of_rankings("ABC", {("A", "B"): 6, ("A",): 3, ("B",): 1, ("C",): 5})
    result = count(Contest(("A", "B", "C"), MEEK, seats=2), profile)
    # A keeps k of 9 papers: 9k. B gets 6 (1 - k) + 1 = 7 - 6k, C keeps 5, and 3 (1 - k) is without a choice.
    # Quota = (9k + 7 - 6k + 5) / 3 = k + 4. A holds the quota where 9k = k + 4, so k = 1/2:
    # A 4.5, B 4, C 5 > 4.5, so C is elected as soon as the quota falls to 5, where k is 1: at the first count
    # the quota is 15/3 = 5 and a unit, at the next it is below.
    assert result.stages[0].totals == {"A": 9, "B": 1, "C": 5}
    assert result.stages[0].quota == Decimal("5.000000001")
    assert result.stages[0].elected == ("A",)
    assert result.elected == ("A", "C")


def test_papers_of_several_elected_options_pass_through_them_in_turn() -> None:
    profile = Profile.of_rankings(
        "ABCD", {("A", "B", "C"): 10, ("B", "A", "D"): 10, ("C",): 1, ("D",): 2, ("D", "C"): 1}
    )
    result = count(Contest(tuple("ABCD"), MEEK, seats=3), profile)
    # A and B keep k each: A = B = 10k + 10k (1 - k), C gets 10 (1 - k)^2 and D as much; nothing is lost.
    # Quota 24 / 4 = 6: 20k - 10k^2 = 6 gives k = 1 - sqrt(0.4), (1 - k)^2 = 0.4. C 1 + 4 = 5, D 3 + 4 = 7.
    # D is therefore elected while the factors are still falling.
    assert result.elected == ("A", "B", "D")
    assert [stage.step for stage in result.stages] == [Step.COUNT, Step.SURPLUS]


def test_factors_fall_until_less_than_a_millionth_is_held_above_the_quota() -> None:
    profile = Profile.of_rankings("ABCD", {("A", "B"): 8, ("A", "C"): 2, ("B",): 1, ("C",): 3, ("D",): 4})
    result = count(Contest(tuple("ABCD"), MEEK, seats=2), profile)
    # Nothing is lost while B and C continue: quota 18 / 3 = 6, A keeps 6/10 of its ten papers.
    # B 1 + 8 x 0.4 = 4.2, C 3 + 2 x 0.4 = 3.8, D 4: nobody reaches 6, and C is the last.
    passed = result.stages[1]
    for name, held in {
        "A": Fraction(6),
        "B": Fraction(21, 5),
        "C": Fraction(19, 5),
        "D": Fraction(4),
    }.items():
        assert abs(Fraction(passed.totals[name]) - held) < MILLIONTH
    assert result.stages[2].excluded == ("C",)
    # C's papers end: A keeps 10k of its ten and 2 (1 - k) is lost beside C's 3. B 9 - 8k, D 4, so the quota
    # is (10k + 9 - 8k + 4) / 3 = (2k + 13) / 3 and 10k = (2k + 13) / 3 gives k = 13/28: B 9 - 26/7 = 37/7,
    # more than the quota 65/14. B is elected on the way there.
    assert result.elected == ("A", "B")


def test_excluded_last_is_drawn_for_where_two_are_level() -> None:
    profile = Profile.of_rankings("ABC", {("A",): 3, ("B", "A"): 2, ("C", "A"): 2})
    result = count(Contest(("A", "B", "C"), MEEK), profile)
    assert result.tied is not None
    assert (result.tied.names, result.tied.about, result.tied.certain) == (
        ("B", "C"),
        About.EXCLUSION,
        ("A",),
    )


def test_options_without_a_vote_go_out_together() -> None:
    profile = Profile.of_rankings("ABCDE", {("A",): 4, ("B",): 3, ("C", "A"): 2})
    result = count(Contest(tuple("ABCDE"), MEEK), profile)
    assert [stage.excluded for stage in result.stages] == [(), ("D", "E"), ("C",)]
    assert result.elected == ("A",)


@pytest.mark.parametrize("seats", [1, 2, 3])
def test_every_stage_accounts_for_every_valid_paper(seats: int) -> None:
    profile = Profile.of_rankings(
        "ABCD", {("A", "B"): 17, ("B", "C", "A"): 11, ("C",): 7, ("D", "C", "B", "A"): 5}
    )
    result = count(Contest(tuple("ABCD"), MEEK, seats=seats), profile)
    for stage in result.stages:
        assert sum(stage.totals.values()) + stage.non_transferable == 40
