"""The columns that ballots are kept in, and what is refused before it could spoil a sum."""

from __future__ import annotations

import numpy as np
import pytest

from civicforum.counting import BallotKind, ImpossibleBallot, Profile

OPTIONS = ("A", "B", "C")


def of_lines(text: str) -> Profile:
    return Profile.of_lines(OPTIONS, text.encode())


def test_lines_of_the_canonical_column_are_rows_with_their_counts() -> None:
    profile = of_lines("2>1=3\t17\n3\t4\n\t5\n")
    assert profile.marks.tolist() == [[2, 1, 2], [0, 0, 1]]
    assert profile.weights.tolist() == [17, 4]
    assert (profile.valid, profile.blank, profile.cast) == (21, 5, 26)
    assert profile.texts() == [("2>1=3", 17), ("3", 4)]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("1\t1\n4\t1\n", "line 2: there is no option of this number"),
        ("0\t1\n", "line 1: there is no option of this number"),
        ("1\t1\n1>2>1\t1\n", "line 2: an option stands on the ballot twice"),
        ("1=1\t1\n", "line 1: an option stands on the ballot twice"),
        ("1>\t1\n", "line 1: a number is missing"),
        (">1\t1\n", "line 1: a number is missing"),
        ("1\t\n", "line 1: a number is missing"),
        ("1\n", "line 1: a line is a ranking, a tab and a count"),
        ("1\t1\t1\n", "line 1: a line is a ranking, a tab and a count"),
        ("1\t1\n1>2,3\t1\n", "line 2: only numbers, > and = make a ranking"),
        ("1\t-1\n", "line 1: only numbers, > and = make a ranking"),
        ("00001\t1\n", "line 1: a number is too long"),
        ("1\t1000000000000000\n", "line 1: a number is too long"),
    ],
)
def test_line_that_is_no_ranking_is_refused_by_its_number(text: str, refusal: str) -> None:
    with pytest.raises(ImpossibleBallot, match=refusal):
        of_lines(text)


def test_more_ballots_than_64_bits_can_add_up_are_refused() -> None:
    assert of_lines("1\t1000000000000\n").valid == 10**12
    with pytest.raises(ImpossibleBallot, match="nobody can cast"):
        of_lines("1\t1000000000000\n2\t1\n")
    with pytest.raises(ImpossibleBallot, match="nobody can cast"):
        of_lines("1\t999999999999999\n" * 20_000)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ImpossibleBallot):
        Profile.of_rankings(OPTIONS, {("A",): -1})
    with pytest.raises(ImpossibleBallot):
        Profile.of_marks(BallotKind.CHOICES, OPTIONS, [((1, 2, 3), -4)])
    with pytest.raises(ImpossibleBallot):
        Profile.of_rankings(OPTIONS, [("A",)], spoiled=-1)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(ImpossibleBallot, match="there is no option Z"):
        Profile.of_rankings(OPTIONS, [("A", "Z")])


def test_merging_adds_equal_rows_and_drops_those_nobody_cast() -> None:
    merged = of_lines("1>2\t3\n2\t0\n1>2\t4\n").merged()
    assert (merged.marks.tolist(), merged.weights.tolist()) == ([[1, 2, 0]], [7])


@pytest.mark.parametrize("options", [3, 40, 300])
def test_rows_are_merged_only_when_every_column_is_equal(options: int) -> None:
    names = [f"O{number}" for number in range(options)]
    rng = np.random.default_rng(7)
    rows = [tuple(row) for row in rng.integers(0, 3, size=(50, options)).tolist()]
    profile = Profile.of_marks(BallotKind.CHOICES, names, [(row, 1) for row in rows])
    twice = Profile(
        profile.kind, profile.options, np.tile(profile.marks, (2, 1)), np.tile(profile.weights, 2)
    )
    merged = twice.merged()
    expected = {row: 2 * rows.count(row) for row in rows if any(row)}
    assert dict(zip(map(tuple, merged.marks.tolist()), merged.weights.tolist(), strict=True)) == expected


def test_paper_says_no_more_from_the_first_place_that_is_shared() -> None:
    profile = of_lines("1>2=3\t1\n1=2>3\t1\n3>2>1\t1\n")
    assert profile.orders[:, :3].tolist() == [[0, -1, -1], [-1, -1, -1], [2, 1, 0]]


def test_options_in_another_order_are_the_same_ballots() -> None:
    profile = of_lines("2>1=3\t17\n").ordered(("C", "A", "B"))
    assert profile.rankings() == [((("B",), ("C", "A")), 17)]
    with pytest.raises(ImpossibleBallot, match="other options"):
        profile.ordered(("A", "B", "D"))
