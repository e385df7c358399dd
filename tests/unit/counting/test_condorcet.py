from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from civicforum.counting import About, Contest, Profile, Remedy, Result, Rule, Settled, Tie, count
from civicforum.counting.files import read_ballots
from civicforum.counting.rules import ranked_pairs
from civicforum.counting.rules.pairwise import count_pairs
from civicforum.counting.rules.schulze import strongest_paths
from tests.support.ballots import shared_data

ABC = ("Ana", "Bo", "Cai")
ABCD = (*ABC, "Dee")
BOTH = pytest.mark.parametrize("rule", [Rule.SCHULZE, Rule.RANKED_PAIRS])

# Schulze (2011), section 3, example 1: 45 voters.
SCHULZE = Profile.of_rankings(
    "ABCDE",
    {
        tuple("ACBED"): 5,
        tuple("ADECB"): 5,
        tuple("BEDAC"): 8,
        tuple("CABED"): 3,
        tuple("CAEBD"): 7,
        tuple("CBADE"): 2,
        tuple("DCEBA"): 7,
        tuple("EBADC"): 8,
    },
)
CYCLE = {("Ana", "Bo", "Cai"): 1, ("Bo", "Cai", "Ana"): 1, ("Cai", "Ana", "Bo"): 1}


def counted(rule: Rule, options: tuple[str, ...], ballots: Mapping[Any, int], *, seats: int = 1) -> Result:
    return count(Contest(options, rule, seats=seats), Profile.of_rankings(options, ballots))


def test_pairs_count_who_is_above_whom_and_leave_out_what_is_level() -> None:
    ballots = {("Ana", ("Bo", "Cai")): 3, ("Cai",): 2, (): 1}
    result = counted(Rule.SCHULZE, ABC, ballots)
    assert result.pairs is not None
    assert result.pairs.over == {
        "Ana": {"Bo": 3, "Cai": 3},
        "Bo": {"Ana": 0, "Cai": 0},
        "Cai": {"Ana": 2, "Bo": 2},
    }


def test_the_strongest_paths_of_schulzes_first_example() -> None:
    # The tables of the paper, rows from A to E. From A to B for one: A-30-D, D-28-C, C-29-B, so 28.
    over = count_pairs(SCHULZE)
    assert over.tolist() == [
        [0, 20, 26, 30, 22],
        [25, 0, 16, 33, 18],
        [19, 29, 0, 17, 24],
        [15, 12, 28, 0, 14],
        [23, 27, 21, 31, 0],
    ]
    strength = strongest_paths(over)
    np.fill_diagonal(strength, 0)
    assert strength.tolist() == [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]


def test_the_schulze_ranking_of_his_first_example() -> None:
    result = count(Contest(tuple("ABCDE"), Rule.SCHULZE), SCHULZE)
    assert result.elected == ("E",)
    assert result.order == (("E",), ("A",), ("C",), ("B",), ("D",))
    assert result.stages[0].totals == {"A": 3, "B": 1, "C": 2, "D": 0, "E": 4}


def test_ranked_pairs_elect_another_in_that_example() -> None:
    # Locked in turn: B>D 33, E>D 31, A>D 30, C>B 29; D>C 28 would close C>B>D; E>B 27, A>C 26; B>A 25 would
    # close A>C>B; C>E 24; E>A 23 would close A>C>E. So A > C > E > B > D.
    result = count(Contest(tuple("ABCDE"), Rule.RANKED_PAIRS, seats=2), SCHULZE)
    assert result.elected == ("A", "C")
    assert result.order == (("A",), ("C",), ("E",), ("B",), ("D",))
    assert result.ties == ()


@BOTH
def test_the_capital_of_tennessee_is_nashville(rule: Rule) -> None:
    # Nashville beats Memphis 58 to 42, Chattanooga 68 to 32, Knoxville 68 to 32; Chattanooga beats Knoxville
    # 83 to 17 and Memphis 58 to 42, Knoxville beats Memphis 58 to 42. There is no cycle.
    ballots = {
        ("Memphis", "Nashville", "Chattanooga", "Knoxville"): 42,
        ("Nashville", "Chattanooga", "Knoxville", "Memphis"): 26,
        ("Chattanooga", "Knoxville", "Nashville", "Memphis"): 15,
        ("Knoxville", "Chattanooga", "Nashville", "Memphis"): 17,
    }
    cities = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
    result = counted(rule, cities, ballots, seats=2)
    assert result.elected == ("Nashville", "Chattanooga")
    assert result.order == (("Nashville",), ("Chattanooga",), ("Knoxville",), ("Memphis",))


@BOTH
def test_winning_votes_decide_a_cycle_and_not_margins(rule: Rule) -> None:
    # Ana>Bo 6 to 5, Bo>Cai 7 to 4, Cai>Ana 4 to 2. The fewest winning votes are Cai>Ana, so Ana is first; the
    # smallest margin is Ana>Bo, and without that Bo would be.
    ballots = {("Ana", "Bo", "Cai"): 2, ("Cai", "Ana", "Bo"): 4, ("Bo",): 5}
    result = counted(rule, ABC, ballots)
    assert result.elected == ("Ana",)
    assert result.order == (("Ana",), ("Bo",), ("Cai",))


@BOTH
def test_an_even_cycle_is_a_tie_of_all_and_a_lot_settles_it(rule: Rule) -> None:
    contest = Contest(ABC, rule)
    profile = Profile.of_rankings(ABC, CYCLE)
    result = count(contest, profile)
    assert result.elected == ()
    assert result.tied is not None
    assert (result.tied.names, result.tied.seats, result.tied.remedy) == (ABC, 1, Remedy.LOT)
    assert result.order == (ABC,)
    drawn = count(contest.with_lot("Bo", "Ana", "Cai"), profile)
    assert (drawn.elected, drawn.tied) == (("Bo",), None)
    assert drawn.ties == (Tie(1, About.ELECTION, ABC, Settled.LOT, ("Bo",)),)


def test_a_lot_seats_two_who_stand_first_in_one_order_of_locking() -> None:
    # The three outcomes are Ana > Bo > Cai, Bo > Cai > Ana and Cai > Ana > Bo. Bo is the luckiest; the first
    # outcome seats Ana beside Bo.
    contest = Contest(ABC, Rule.RANKED_PAIRS, seats=2).with_lot("Bo", "Ana", "Cai")
    result = count(contest, Profile.of_rankings(ABC, CYCLE))
    assert result.elected == ("Bo", "Ana")


@BOTH
def test_a_tie_below_the_last_seat_does_not_matter(rule: Rule) -> None:
    ballots = {("Dee", *ballot): papers for ballot, papers in CYCLE.items()}
    result = counted(rule, ABCD, ballots)
    assert (result.elected, result.tied) == (("Dee",), None)
    assert result.order == (("Dee",), ABC)


def test_ranked_pairs_note_a_tie_that_does_not_matter() -> None:
    ballots = {("Dee", *ballot): papers for ballot, papers in CYCLE.items()}
    result = counted(Rule.RANKED_PAIRS, ABCD, ballots)
    assert result.ties == (Tie(1, About.PAIR, ABC, Settled.NO_DIFFERENCE),)


@BOTH
def test_a_level_group_across_the_last_seat_is_tied_for_the_rest(rule: Rule) -> None:
    ballots = {("Dee", *ballot): papers for ballot, papers in CYCLE.items()}
    result = counted(rule, ABCD, ballots, seats=3)
    assert result.elected == ("Dee",)
    assert result.tied is not None
    assert (result.tied.names, result.tied.seats, result.tied.certain) == (ABC, 2, ("Dee",))


@BOTH
def test_as_many_seats_as_options_leave_nothing_to_settle(rule: Rule) -> None:
    result = counted(rule, ABC, CYCLE, seats=3)
    assert (result.elected, result.tied) == (ABC, None)


@BOTH
def test_two_options_without_a_majority_are_tied(rule: Rule) -> None:
    result = counted(rule, ABC, {("Ana", "Bo"): 2, ("Bo", "Ana"): 2})
    assert result.order == (("Ana", "Bo"), ("Cai",))
    assert result.tied is not None
    assert result.tied.names == ("Ana", "Bo")


def test_of_as_many_winning_votes_the_fewer_opposing_ones_are_stronger() -> None:
    # Ana>Bo 4 to 2, Bo>Cai 4 to 2, Cai>Ana 4 to 3: the last is the weakest, and would close a cycle.
    ballots = {
        ("Ana", "Bo", "Cai"): 2,
        ("Bo", "Cai", "Ana"): 2,
        ("Cai", "Ana", "Bo"): 1,
        ("Ana",): 1,
        ("Cai",): 1,
    }
    result = counted(Rule.RANKED_PAIRS, ABC, ballots)
    assert result.order == (("Ana",), ("Bo",), ("Cai",))
    assert (result.elected, result.ties) == (("Ana",), ())


@BOTH
def test_without_ballots_nobody_is_elected(rule: Rule) -> None:
    result = counted(rule, ABC, {(): 3})
    assert (result.elected, result.tied, result.blank) == ((), None, 3)


def test_too_many_orders_of_equal_majorities_tie_the_smith_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_pairs, "_MOST_WORK", 1)
    ranked_pairs._outcomes.cache_clear()
    ballots = {(*ballot, "Dee"): papers for ballot, papers in CYCLE.items()}
    result = counted(Rule.RANKED_PAIRS, ABCD, ballots)
    ranked_pairs._outcomes.cache_clear()
    assert result.tied is not None
    assert result.tied.names == ABC
    assert result.order == (ABC, ("Dee",))


@BOTH
def test_burlington_2009_had_montroll_as_its_condorcet_winner(rule: Rule) -> None:
    ballots = read_ballots(shared_data("preflib/00005-burlington/00005-00000002.toi"))
    result = count(Contest(ballots.options, rule), ballots.profile)
    assert result.elected == ("Andy Montroll",)
    assert result.pairs is not None
    assert result.pairs.over["Andy Montroll"]["Bob Kiss"] == 4067
    assert result.pairs.over["Bob Kiss"]["Andy Montroll"] == 3477


@pytest.mark.parametrize(
    ("number", "leader"),
    [
        (1, "Bdale Garbee"),
        (3, "Branden Robinson"),
        (5, "Sam Hocevar"),
        (7, "Stefano Zacchiroli"),
    ],
)
def test_debian_elected_the_leaders_it_had(number: int, leader: str) -> None:
    # "None of the above" is an option here like any other, and no default with powers of its own.
    ballots = read_ballots(shared_data(f"preflib/00002-debian/00002-0000000{number}.soi"))
    result = count(Contest(ballots.options, Rule.SCHULZE), ballots.profile)
    assert result.elected == (leader,)
    assert any(name.lower() == "none of the above" for name in ballots.options)
