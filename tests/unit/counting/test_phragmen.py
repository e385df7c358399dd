from fractions import Fraction
from time import perf_counter

import numpy as np
import pytest

from civicforum.counting import About, BallotKind, Contest, Profile, Rule, Settled, Tie, count
from civicforum.counting.rules import phragmen

LISTS = ("Ann", "Abe", "Ada", "Ben", "Bea", "Bob")
TWO_LISTS = {LISTS[:3]: 60, LISTS[3:]: 40}


def test_phragmens_own_example() -> None:
    # 1034 ABC, 519 PQR, 90 ABQ, 47 APQ, three seats (Phragmén 1894; Janson, arXiv:1611.08826, section 3).
    # 1: approvals A 1171, B 1124, C 1034, P 566, Q 656, R 519. A, a load of 1/1171 on each of its papers.
    # 2: B's papers all carry that, so 1124 / (1 + 1124/1171) = 573.5; of Q's papers 90 + 47 do, so
    #    656 / (1 + 137/1171) = 587.3. Q, and its papers carry 1308/(656 x 1171) each, which is 1/587.3.
    # 3: B 1124 / (1 + 1034/1171 + 90/587.3) = 552.0, C 1034 / (1 + 1034/1171) = 549.1,
    #    P 566 / (1 + 566/587.3) = 288.2. B.
    options = tuple("ABCPQR")
    ballots = {tuple("ABC"): 1034, tuple("PQR"): 519, tuple("ABQ"): 90, tuple("APQ"): 47}
    profile = Profile.of_approvals(options, ballots)
    result = count(Contest(options, Rule.PHRAGMEN, seats=3), profile)
    first, second, third = result.stages
    assert result.elected == ("A", "Q", "B")
    assert first.totals == {"A": 1171, "B": 1124, "C": 1034, "P": 566, "Q": 656, "R": 519}
    load = 1 + Fraction(1034, 1171)
    on_q = 1 / Fraction(656 * 1171, 1308)
    assert second.totals["B"] == 1124 / (1 + Fraction(1124, 1171))
    assert second.totals["Q"] == 1 / on_q
    assert second.changes["Q"] == 1 / on_q - 656
    assert second.source == ("A",)
    assert third.totals["B"] == 1124 / (load + 90 * on_q)
    assert third.totals["C"] == 1034 / load
    assert third.totals["P"] == 566 / (1 + 566 * on_q)
    assert third.totals["A"] == 1171
    assert [stage.elected for stage in result.stages] == [("A",), ("Q",), ("B",)]


def test_the_running_example_of_lackner_and_skowron() -> None:
    # Multi-Winner Voting with Approval Preferences, example 2.9: 3 ab, 3 ac, 2 ad, bcf, e, f, g; four seats.
    # a has 8: load 1/8. b and c alike 4 / (1 + 3/8) = 32/11, d 2 / (1 + 2/8) = 8/5, f 2.
    # After b (load 11/32): c 4 / (1 + 3/8 + 11/32) = 128/55, f 2 / (1 + 11/32) = 64/43.
    # After c (load 55/128): d 8/5 = 1.6, f 2 / (1 + 55/128) = 256/183 = 1.4. With c before b it is the same.
    options = tuple("abcdefg")
    ballots = {
        ("a", "b"): 3,
        ("a", "c"): 3,
        ("a", "d"): 2,
        ("b", "c", "f"): 1,
        ("e",): 1,
        ("f",): 1,
        ("g",): 1,
    }
    result = count(Contest(options, Rule.PHRAGMEN, seats=4), Profile.of_approvals(options, ballots))
    assert result.elected == ("a", "b", "c", "d")
    assert [stage.totals[name] for stage, name in zip(result.stages, "abcd", strict=True)] == [
        8,
        Fraction(32, 11),
        Fraction(128, 55),
        Fraction(8, 5),
    ]
    assert result.stages[3].totals["f"] == Fraction(256, 183)
    assert result.ties == (Tie(2, About.ELECTION, ("b", "c"), Settled.NO_DIFFERENCE, ("b",)),)
    assert result.tied is None


def test_lists_get_seats_as_by_dhondt() -> None:
    # 60/1, 60/2, 60/3 = 20 and 40/1, 40/2 = 20: three seats and two. Which of the Bs is for a lot to say.
    result = count(Contest(LISTS, Rule.PHRAGMEN, seats=5), Profile.of_approvals(LISTS, TWO_LISTS))
    assert result.ties[0] == Tie(1, About.ELECTION, ("Abe", "Ada", "Ann"), Settled.NO_DIFFERENCE, ("Abe",))
    assert result.tied is not None
    assert (result.tied.names, result.tied.seats) == (("Bea", "Ben", "Bob"), 2)
    assert result.tied.certain == ("Abe", "Ada", "Ann")


def test_a_lot_settles_every_tie_among_its_names() -> None:
    contest = Contest(LISTS, Rule.PHRAGMEN, seats=5).with_lot("Bob", "Bea", "Ben")
    result = count(contest, Profile.of_approvals(LISTS, TWO_LISTS))
    assert set(result.elected) == {"Abe", "Ada", "Ann", "Bob", "Bea"}
    assert result.tied is None
    settled = [tie.chosen for tie in result.ties if tie.settled is Settled.LOT]
    assert settled[0] == ("Bob",)


def test_a_tie_with_too_many_ways_on_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phragmen, "_MOST_WORK", 0)
    result = count(Contest(LISTS, Rule.PHRAGMEN, seats=5), Profile.of_approvals(LISTS, TWO_LISTS))
    assert result.tied is not None
    assert (result.tied.names, result.tied.seats) == (("Abe", "Ada", "Ann"), 1)


def test_nobody_is_elected_without_an_approval() -> None:
    result = count(Contest(LISTS, Rule.PHRAGMEN, seats=3), Profile.of_approvals(LISTS, {("Ann",): 2}))
    assert (result.elected, result.tied) == (("Ann",), None)
    nothing = count(Contest(LISTS, Rule.PHRAGMEN, seats=3), Profile.of_approvals(LISTS, {}))
    assert (nothing.elected, nothing.tied, len(nothing.stages)) == ((), None, 1)


def test_a_council_of_a_large_town_is_counted_in_a_second() -> None:
    marks = (np.random.default_rng(7).random((150_000, 20)) < 0.3).astype(np.uint16)
    options = tuple(f"Candidate {number}" for number in range(20))
    profile = Profile(BallotKind.APPROVAL, options, marks, np.full(150_000, 3))
    start = perf_counter()
    result = count(Contest(options, Rule.PHRAGMEN, seats=5), profile)
    assert len(result.elected) == 5
    assert perf_counter() - start < 1
