import pytest

from civicforum.counting import About, BallotKind, Contest, Profile, Remedy, Rule, Settled, Tie, count
from civicforum.counting.files import read_ballots
from tests.support.ballots import shared_data

ABC = ("Ana", "Bo", "Cai")


def test_the_most_first_preferences_win() -> None:
    profile = Profile.of_rankings(ABC, {("Ana", "Bo"): 5, ("Bo", "Cai"): 4, ("Cai",): 2})
    result = count(Contest(ABC, Rule.PLURALITY), profile)
    assert result.elected == ("Ana",)
    assert result.stages[0].totals == {"Ana": 5, "Bo": 4, "Cai": 2}
    assert result.stages[0].elected == ("Ana",)
    assert (result.valid, result.blank, result.spoiled) == (11, 0, 0)


def test_several_seats_go_to_the_most_voted() -> None:
    profile = Profile.of_rankings(ABC, {("Ana", "Bo"): 5, ("Bo", "Cai"): 4, ("Cai",): 2})
    assert count(Contest(ABC, Rule.PLURALITY, seats=2), profile).elected == ("Ana", "Bo")


def test_a_shared_first_place_spoils_the_paper_and_a_shared_second_does_not() -> None:
    ballots = {(("Ana", "Bo"), "Cai"): 3, ("Cai", ("Ana", "Bo")): 2, ("Bo",): 1, (): 4}
    result = count(Contest(ABC, Rule.PLURALITY), Profile.of_rankings(ABC, ballots, spoiled=1))
    assert result.stages[0].totals == {"Ana": 0, "Bo": 1, "Cai": 2}
    assert (result.valid, result.blank, result.spoiled) == (3, 4, 4)


def test_only_a_lone_mark_of_an_approval_ballot_counts() -> None:
    profile = Profile.of_approvals(ABC, {("Ana",): 2, ("Bo",): 3, ("Ana", "Cai"): 9})
    result = count(Contest(ABC, Rule.PLURALITY), profile)
    assert result.elected == ("Bo",)
    assert (result.valid, result.spoiled) == (5, 9)


def test_equal_votes_for_the_last_seat_are_voted_on_again() -> None:
    profile = Profile.of_rankings(ABC, {("Ana",): 5, ("Bo",): 3, ("Cai",): 3})
    result = count(Contest(ABC, Rule.PLURALITY, seats=2), profile)
    assert result.elected == ("Ana",)
    assert result.tied is not None
    assert (result.tied.names, result.tied.seats, result.tied.remedy) == (("Bo", "Cai"), 1, Remedy.NEW_VOTE)


def test_a_lot_settles_equal_votes() -> None:
    profile = Profile.of_rankings(ABC, {("Ana",): 5, ("Bo",): 3, ("Cai",): 3})
    result = count(Contest(ABC, Rule.PLURALITY, seats=2).with_lot("Cai", "Bo"), profile)
    assert result.elected == ("Ana", "Cai")
    assert result.ties == (Tie(1, About.ELECTION, ("Bo", "Cai"), Settled.LOT, ("Cai",)),)


def test_a_seat_without_votes_stays_empty() -> None:
    profile = Profile.of_rankings(ABC, {("Ana",): 5})
    assert count(Contest(ABC, Rule.PLURALITY, seats=2), profile).elected == ("Ana",)


def test_a_block_vote_adds_up_every_mark_and_spoils_the_whole_over_marked_paper() -> None:
    # Two seats, two marks: Ana 4 + 3 = 7, Bo 4 + 2 = 6, Cai 3; the paper with three marks counts for nobody.
    ballots = {("Ana", "Bo"): 4, ("Ana", "Cai"): 3, ("Bo",): 2, ABC: 5}
    result = count(Contest(ABC, Rule.BLOCK_PLURALITY, seats=2), Profile.of_approvals(ABC, ballots))
    assert result.stages[0].totals == {"Ana": 7, "Bo": 6, "Cai": 3}
    assert result.elected == ("Ana", "Bo")
    assert (result.valid, result.spoiled) == (9, 5)


def test_a_block_vote_may_limit_the_marks_below_the_seats() -> None:
    ballots = {("Ana", "Bo"): 4, ("Cai",): 3}
    contest = Contest(ABC, Rule.BLOCK_PLURALITY, seats=2, limit=1)
    result = count(contest, Profile.of_approvals(ABC, ballots))
    assert result.elected == ("Cai",)
    assert (result.valid, result.spoiled) == (3, 4)


def test_a_block_vote_refuses_rankings() -> None:
    with pytest.raises(ValueError, match="approval ballots"):
        count(Contest(ABC, Rule.BLOCK_PLURALITY), Profile.of_rankings(ABC, [("Ana", "Bo")]))


@pytest.mark.parametrize("kind", [BallotKind.CHOICES, BallotKind.GRADES])
@pytest.mark.parametrize(
    "rule", [Rule.PLURALITY, Rule.APPROVAL, Rule.BORDA, Rule.SCHULZE, Rule.RANKED_PAIRS, Rule.PHRAGMEN]
)
def test_papers_that_neither_rank_nor_approve_are_refused(rule: Rule, kind: BallotKind) -> None:
    profile = Profile.of_marks(kind, ABC, [((1, 2, 3), 4)])
    with pytest.raises(ValueError, match="ranking or approval ballots"):
        count(Contest(ABC, rule), profile)


def test_burlington_2009_gave_wright_the_most_first_preferences() -> None:
    ballots = read_ballots(shared_data("preflib/00005-burlington/00005-00000002.toi"))
    result = count(Contest(ballots.options, Rule.PLURALITY), ballots.profile)
    assert result.elected == ("Kurt Wright",)
    # As the city published it: 8,976 ballots continued to the first round, 4 marked two first choices.
    assert result.stages[0].totals == {
        "Kurt Wright": 2951,
        "Bob Kiss": 2585,
        "Andy Montroll": 2063,
        "Dan Smith": 1306,
        "James Simpson": 35,
        "Write-In": 36,
    }
    assert (result.valid, result.spoiled) == (8976, 4)
