"""Transferable votes, worked by hand: the Scottish order and instant-runoff."""

from __future__ import annotations

from decimal import Decimal

import pytest

from civicforum.counting import About, Contest, Profile, Remedy, Rule, Settled, Step, Tie, Tied, count

SCOTTISH, IRV = Rule.SCOTTISH_STV, Rule.IRV


def test_scottish_count_transfers_every_paper_of_the_elected_and_cuts_after_the_fifth_decimal() -> None:
    profile = Profile.of_rankings("ABC", {("A", "B"): 4, ("A", "C"): 3, ("B",): 2, ("C",): 1})
    result = count(Contest(("A", "B", "C"), SCOTTISH, seats=2), profile)
    # Quota 10 // 3 + 1 = 4. A has 7; each of the seven papers goes on at 3/7 = 0.428571.. cut to 0.42857:
    # B 2 + 4 x 0.42857 = 3.71428, C 1 + 3 x 0.42857 = 2.28571, and 3 - 7 x 0.42857 = 0.00001 is lost.
    # C goes out; as many continue as there are seats, so B is elected, and C's papers name nobody else.
    assert result.quota == 4
    assert [dict(stage.totals) for stage in result.stages] == [
        {"A": 7, "B": 2, "C": 1},
        {"A": 4, "B": Decimal("3.71428"), "C": Decimal("2.28571")},
        {"A": 4, "B": Decimal("3.71428"), "C": 0},
    ]
    assert [stage.step for stage in result.stages] == [Step.COUNT, Step.SURPLUS, Step.EXCLUSION]
    assert [stage.source for stage in result.stages] == [(), ("A",), ("C",)]
    assert result.stages[1].changes == {"A": -3, "B": Decimal("1.71428"), "C": Decimal("1.28571")}
    assert [stage.non_transferable for stage in result.stages] == [0, Decimal("0.00001"), Decimal("2.28572")]
    assert [stage.exhausted for stage in result.stages] == [0, 0, 4]
    assert result.elected == ("A", "B")


def test_paper_never_goes_to_an_option_that_is_elected_and_waits_with_a_surplus() -> None:
    profile = Profile.of_rankings("ABCD", {("A", "B", "C"): 8, ("B", "D"): 7, ("C",): 1, ("D",): 2})
    result = count(Contest(tuple("ABCD"), SCOTTISH, seats=2), profile)
    # Quota 18 // 3 + 1 = 7: A (8) and B (7, no surplus) are elected at once, and the count is over.
    assert result.elected == ("A", "B")
    three = count(Contest(tuple("ABCD"), SCOTTISH, seats=3), profile)
    # Quota 18 // 4 + 1 = 5: A has 3 over, B 2. A's papers pass over B to C at 3/8 = 0.375: C 1 + 3 = 4.
    # B's go to D at 2/7 = 0.28571: D 2 + 7 x 0.28571 = 3.99997, fewer than C.
    assert three.stages[1].totals == {"A": 5, "B": 7, "C": 4, "D": 2}
    assert three.stages[2].totals["D"] == Decimal("3.99997")
    assert three.elected == ("A", "B", "C")


def test_instant_runoff_ends_as_soon_as_somebody_has_more_than_half_of_the_votes_left() -> None:
    profile = Profile.of_rankings(
        "ABCD", {("A",): 42, ("B", "C", "D"): 26, ("C", "D", "B"): 15, ("D", "C", "B"): 17}
    )
    result = count(Contest(tuple("ABCD"), IRV), profile)
    # C (15) goes out, its papers go to D: 32. B (26) goes out, past C to D: 58 > 50.
    assert [stage.source for stage in result.stages] == [(), ("C",), ("B",)]
    assert result.stages[-1].totals == {"A": 42, "B": 0, "C": 0, "D": 58}
    assert result.elected == ("D",)


def test_majority_falls_as_papers_run_out_of_choices() -> None:
    profile = Profile.of_rankings("ABC", {("A",): 5, ("B",): 4, ("C",): 3})
    result = count(Contest(tuple("ABC"), IRV), profile)
    # More than half of 12 is 7; C's papers name nobody else, and 5 is more than half of the 9 that are left.
    assert [stage.quota for stage in result.stages] == [7, 5]
    assert (result.elected, result.exhausted) == (("A",), 3)


def test_level_options_are_told_apart_by_the_latest_stage_where_they_differ() -> None:
    profile = Profile.of_rankings("ABCD", {("A",): 5, ("B",): 3, ("C", "A"): 2, ("D", "C"): 1})
    result = count(Contest(tuple("ABCD"), IRV), profile)
    # D goes out and lifts C to 3, as many as B; at the first stage C had 2, so C goes out.
    assert result.ties == (Tie(2, About.EXCLUSION, ("B", "C"), Settled.EARLIER_STAGE, ("C",), by_stage=1),)
    assert result.elected == ("A",)


def test_tie_without_an_earlier_difference_stays_open_until_the_lot_is_entered() -> None:
    contest = Contest(("A", "B", "C"), IRV)
    profile = Profile.of_rankings("ABC", {("A", "B"): 3, ("B", "C"): 2, ("C", "B"): 2})
    result = count(contest, profile)
    assert result.elected == ()
    assert result.tied == Tied(("B", "C"), About.EXCLUSION, seats=1, remedy=Remedy.LOT)
    # The luckier stays in: with B, C's papers make B 4 > 3; with C, B's make C 4 > 3.
    assert count(contest.with_lot("B", "C"), profile).elected == ("B",)
    assert count(contest.with_lot("C", "B"), profile).elected == ("C",)


def test_whoever_is_elected_whichever_way_the_lot_falls_is_named_with_the_tie() -> None:
    profile = Profile.of_rankings("ABC", {("A", "B"): 3, ("B", "A"): 2, ("C", "A"): 2})
    result = count(Contest(("A", "B", "C"), IRV), profile)
    # Whichever of B and C goes out, its papers make A 5 of 7.
    assert result.tied is not None
    assert (result.elected, result.tied.certain) == ((), ("A",))


def test_options_without_a_vote_go_out_together_because_no_lot_could_matter() -> None:
    profile = Profile.of_rankings("ABCDE", {("A",): 4, ("B", "C"): 3, ("C", "B"): 2})
    result = count(Contest(tuple("ABCDE"), IRV), profile)
    assert result.ties == (Tie(1, About.EXCLUSION, ("D", "E"), Settled.NO_DIFFERENCE, ("D", "E")),)
    assert result.stages[1].excluded == ("D", "E")
    assert result.elected == ("B",)


def test_last_go_out_together_when_even_all_their_votes_would_lift_none_of_them() -> None:
    profile = Profile.of_rankings(
        "ABCDE", {("A",): 18, ("B",): 15, ("C", "B"): 4, ("D", "B"): 1, ("E", "A"): 1}
    )
    result = count(Contest(tuple("ABCDE"), IRV), profile)
    # D and E have 1 each, 2 together, fewer than C's 4: both go out whichever is drawn.
    assert result.ties == (Tie(1, About.EXCLUSION, ("D", "E"), Settled.NO_DIFFERENCE, ("D", "E")),)
    assert result.stages[1].totals == {"A": 19, "B": 16, "C": 4, "D": 0, "E": 0}
    # With C at 2 they could lift C or each other, but 2 + 1 + 1 = 4 < 15: all three go out.
    closer = Profile.of_rankings(
        "ABCDE", {("A",): 18, ("B",): 15, ("C", "B"): 2, ("D", "C"): 1, ("E", "C"): 1}
    )
    together = count(Contest(tuple("ABCDE"), IRV), closer)
    assert together.stages[1].excluded == ("D", "E", "C")
    assert together.elected == ("A",)


def test_level_options_whose_votes_together_could_lift_one_of_them_do_not_go_out_together() -> None:
    profile = Profile.of_rankings("ABCD", {("A",): 5, ("B",): 3, ("C", "D"): 2, ("D", "C"): 2})
    # C and D have 2 each, 4 together, more than B's 3: whoever stays overtakes B.
    assert count(Contest(tuple("ABCD"), IRV), profile).tied is not None


def test_equal_surpluses_are_drawn_for_and_the_luckier_goes_first() -> None:
    contest = Contest(tuple("ABCD"), SCOTTISH, seats=3)
    profile = Profile.of_rankings("ABCD", {("A", "C"): 6, ("B", "D"): 6, ("C",): 2, ("D",): 2})
    tied = count(contest, profile).tied
    # Quota 16 // 4 + 1 = 5; A and B are one over. C and D then each gain 6 x 0.16666 = 0.99996.
    assert tied == Tied(("A", "B"), About.SURPLUS, seats=1, remedy=Remedy.LOT, certain=("A", "B"))
    drawn = count(contest.with_lot("B", "A"), profile)
    # B's surplus goes first, so that D is ahead of C at the second stage; level at the third, C goes out.
    assert [stage.source for stage in drawn.stages] == [(), ("B",), ("A",), ("C",)]
    assert drawn.ties[-1] == Tie(3, About.EXCLUSION, ("C", "D"), Settled.EARLIER_STAGE, ("C",), by_stage=2)
    assert drawn.elected == ("A", "B", "D")


def test_over_marked_first_place_is_spoiled_and_a_later_one_ends_the_paper() -> None:
    profile = Profile.of_rankings("ABC", [("A",), ("A",), ("B", ("A", "C")), (("A", "B"), "C"), ()])
    result = count(Contest(("A", "B", "C"), IRV), profile)
    assert (result.valid, result.spoiled, result.blank) == (3, 1, 1)
    assert result.stages[0].totals == {"A": 2, "B": 1, "C": 0}


def test_options_no_more_than_seats_are_all_elected() -> None:
    profile = Profile.of_rankings("AB", {("A",): 3})
    assert count(Contest(("A", "B"), SCOTTISH, seats=3), profile).elected == ("A", "B")


@pytest.mark.parametrize("rule", [Rule.IRV, Rule.SCOTTISH_STV, Rule.MEEK_STV, Rule.ALBANY_STV])
def test_without_a_valid_paper_nobody_is_elected_and_no_lot_is_asked_for(rule: Rule) -> None:
    result = count(Contest(("A", "B"), rule), Profile.of_rankings("AB", [(), ()]))
    assert (result.elected, result.tied, result.valid, result.blank) == ((), None, 0, 2)


def test_instant_runoff_for_two_seats_is_refused() -> None:
    with pytest.raises(ValueError, match="one seat"):
        count(Contest(("A", "B"), IRV, seats=2), Profile.of_rankings("AB", [("A",)]))
