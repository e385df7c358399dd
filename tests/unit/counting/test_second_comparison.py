"""Both engines on random polls, and what is excused, refused or left open when they part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import BallotKind, Contest, Pairs, Profile, Result, Rule, count
from civicforum.counting.second import EnginesDisagree, Reason, SecondCount, Status, adapter, compare
from civicforum.counting.second.question import as_read, lot_of_all, names_of, put
from tests.support.counting import Poll, contests_with_approvals, contests_with_rankings, shuffled

ABC = ("Ann", "Bob", "Cem")
ON_RANKINGS = (Rule.PLURALITY, Rule.IRV, Rule.SCHULZE, Rule.RANKED_PAIRS)
POLLS = contests_with_rankings(max_options=6, max_ballots=30, ties=True)


def asked(contest: Contest, profile: Profile) -> adapter.Question:
    return put(contest, as_read(contest, profile))


def other_winners(contest: Contest, profile: Profile) -> tuple[tuple[str, ...], bool]:
    """Return whom the second engine elects, and whether it met a tie."""
    told = adapter.answer(asked(contest, profile))
    return names_of(contest, told["winners"]), told["tie"]


def check_poll(contest: Contest, profile: Profile) -> None:
    result = count(contest, profile)
    winners, tie = other_winners(contest, profile)
    status, _ = compare(result, winners, tie=tie)
    assert status is not Status.DISAGREES
    if not result.ties and not tie:
        assert sorted(result.elected) == list(winners)


def judged(result: Result, *winners: str, tie: bool = False) -> Status | Reason:
    status, reason = compare(result, winners, tie=tie)
    return reason or status


@pytest.mark.parametrize("rule", ON_RANKINGS)
@given(poll=POLLS)
def test_both_engines_elect_the_same_where_no_tie_is_met(rule: Rule, poll: Poll) -> None:
    check_poll(poll.contest(rule), poll.profile())


@pytest.mark.parametrize("rule", [Rule.PLURALITY, Rule.BLOCK_PLURALITY])
@given(poll=contests_with_approvals(max_options=6, max_ballots=30), seats=st.integers(1, 4))
def test_both_engines_elect_the_same_for_several_seats(rule: Rule, poll: Poll, seats: int) -> None:
    check_poll(poll.contest(rule, seats), poll.profile())


@pytest.mark.parametrize("rule", ON_RANKINGS)
@given(poll=POLLS, draw=st.randoms(use_true_random=False))
def test_a_drawn_lot_leaves_the_engines_in_peace(rule: Rule, poll: Poll, draw: object) -> None:
    names = list(poll.options)
    draw.shuffle(names)  # type: ignore[attr-defined]
    check_poll(poll.contest(rule).with_lot(*names[:2]).with_lot(*names), poll.profile())


@pytest.mark.parametrize("rule", ON_RANKINGS)
@given(polls=shuffled(POLLS))
def test_the_order_of_ballots_and_options_plays_no_part(rule: Rule, polls: tuple[Poll, Poll]) -> None:
    poll, other = polls
    assert (
        asked(poll.contest(rule), poll.profile())["lot"] == asked(other.contest(rule), other.profile())["lot"]
    )
    assert other_winners(poll.contest(rule), poll.profile()) == other_winners(
        other.contest(rule), other.unmerged_profile()
    )


def test_another_winner_without_a_tie_is_a_disagreement() -> None:
    contest = Contest(ABC, Rule.IRV)
    profile = Profile.of_rankings(ABC, {("Ann", "Bob"): 12, ("Cem",): 7, ("Bob", "Ann"): 6})
    result = count(contest, profile)
    assert judged(result, "Ann") is Status.AGREES
    assert judged(result, "Bob") is Status.DISAGREES
    assert judged(result, "Bob", tie=True) is Status.DISAGREES
    assert judged(result) is Status.DISAGREES


@pytest.mark.parametrize("rule", ON_RANKINGS)
@given(poll=POLLS)
def test_a_wrong_result_without_a_tie_is_never_let_through(rule: Rule, poll: Poll) -> None:
    contest, profile = poll.contest(rule), poll.profile()
    result = count(contest, profile)
    winners, tie = other_winners(contest, profile)
    if result.ties or tie or not result.elected:
        return
    for wrong in set(poll.options) - set(result.elected):
        assert compare(replace(result, elected=(wrong,)), winners, tie=tie)[0] is Status.DISAGREES


def test_a_tie_that_our_count_made_up_excuses_nothing() -> None:
    # 3 to 3 for Ann and Bob is a tie in both; 4 to 3 is one in none.
    level = count(Contest(ABC, Rule.PLURALITY), Profile.of_rankings(ABC, {("Ann",): 3, ("Bob",): 3}))
    assert judged(level, "Bob", tie=True) is Reason.TIE_OPEN
    assert judged(level, "Bob", tie=False) is Status.DISAGREES


def test_the_winner_has_to_be_among_those_an_open_tie_leaves_possible() -> None:
    papers = Profile.of_rankings(ABC, {("Ann",): 3, ("Bob",): 3, ("Cem",): 2})
    level = count(Contest(ABC, Rule.PLURALITY), papers)
    assert level.tied is not None
    assert judged(level, "Ann", tie=True) is Reason.TIE_OPEN
    assert judged(level, "Cem", tie=True) is Status.DISAGREES


def test_whoever_is_elected_before_a_tie_has_to_be_elected_by_both() -> None:
    papers = Profile.of_approvals(ABC, {("Ann",): 5, ("Bob",): 3, ("Cem",): 3})
    level = count(Contest(ABC, Rule.BLOCK_PLURALITY, seats=2), papers)
    assert (level.elected, level.tied and level.tied.names) == (("Ann",), ("Bob", "Cem"))
    assert judged(level, "Ann", "Cem", tie=True) is Reason.TIE_OPEN
    assert judged(level, "Bob", "Cem", tie=True) is Status.DISAGREES


def test_a_tie_settled_by_lot_may_fall_otherwise_in_the_second_engine() -> None:
    papers = Profile.of_rankings(ABC, {("Ann",): 3, ("Bob",): 3, ("Cem",): 2})
    drawn = count(Contest(ABC, Rule.PLURALITY).with_lot("Bob", "Ann"), papers)
    assert drawn.elected == ("Bob",)
    assert judged(drawn, "Bob", tie=True) is Status.AGREES
    assert judged(drawn, "Ann", tie=True) is Reason.TIE_SETTLED
    assert judged(drawn, "Cem", tie=True) is Status.DISAGREES


def test_a_tie_of_a_runoff_excuses_only_those_still_in() -> None:
    # Dee is out first; then Bob and Cem have 3 each, and Ann 4 is not beaten yet.
    options = (*ABC, "Dee")
    papers = Profile.of_rankings(options, {("Ann",): 4, ("Bob",): 3, ("Cem",): 2, ("Dee", "Cem"): 1})
    level = count(Contest(options, Rule.IRV).with_lot("Bob", "Cem"), papers)
    # Cem had fewer at the first stage and goes out; 3 is then fewer than 4.
    assert level.elected == ("Ann",)
    assert judged(level, "Cem", tie=True) is Reason.TIE_SETTLED
    assert judged(level, "Dee", tie=True) is Status.DISAGREES
    assert judged(level, "Cem", tie=False) is Status.DISAGREES


def test_11_a_tie_that_the_second_engine_does_not_know_is_ours_to_tell() -> None:
    # X is level with all by 4 to 4; W beats Z, Z beats Y and Y beats W by 5 to 3: nobody is above another.
    options = ("W", "X", "Y", "Z")
    papers = {
        ("X", "Z", "W", "Y"): 1,
        ("W", "Z", "Y", "X"): 2,
        ("X", "Y", "W", "Z"): 3,
        ("Z", "Y", "W", "X"): 2,
    }
    contest, profile = Contest(options, Rule.SCHULZE), Profile.of_rankings(options, papers)
    result = count(contest, profile)
    assert result.tied is not None
    assert result.tied.names == options
    assert other_winners(contest, profile) == (("X",), False)
    assert judged(result, "X") is Reason.TIE_OPEN
    settled = count(contest.with_lot("Y", "W", "X", "Z"), profile)
    assert settled.elected == ("Y",)
    assert judged(settled, "X") is Reason.TIE_SETTLED


def test_equal_winning_votes_excuse_other_ranked_pairs_within_the_smith_set() -> None:
    # Ann over Bob 4 to 2, Bob over Cem 4 to 1, Cem over Ann 4 to 3; all three over Dee. Ours locks Bob over
    # Cem (1 against), then Ann over Bob (2 against), so that Ann wins. By winning votes alone they are level.
    options = (*ABC, "Dee")
    over = {
        "Ann": {"Bob": 4, "Cem": 3, "Dee": 7},
        "Bob": {"Ann": 2, "Cem": 4, "Dee": 7},
        "Cem": {"Ann": 4, "Bob": 1, "Dee": 7},
        "Dee": {"Ann": 0, "Bob": 0, "Cem": 0},
    }
    any_papers = Profile.of_rankings(options, {("Ann",): 1})
    result = replace(count(Contest(options, Rule.RANKED_PAIRS), any_papers), pairs=Pairs(over))
    assert result.elected == ("Ann",)
    assert judged(result, "Cem", tie=True) is Reason.TIE_SETTLED
    assert judged(result, "Cem") is Status.DISAGREES
    assert judged(result, "Dee", tie=True) is Status.DISAGREES
    assert judged(replace(result, elected=("Dee",)), "Ann", tie=True) is Status.DISAGREES


@pytest.mark.parametrize("rule", [Rule.SCOTTISH_STV, Rule.ALBANY_STV, Rule.MEEK_STV])
def test_a_transferable_vote_is_a_variant_whoever_wins(rule: Rule) -> None:
    papers = Profile.of_rankings(ABC, {("Ann", "Bob"): 12, ("Cem",): 7, ("Bob", "Ann"): 6})
    result = count(Contest(ABC, rule, seats=2), papers)
    assert judged(result, "Bob", "Cem") is Status.VARIANT


def test_no_votes_are_nothing_to_check() -> None:
    result = count(Contest(ABC, Rule.PLURALITY), Profile.of_rankings(ABC, {(): 3}))
    assert judged(result) is Reason.NO_VOTES


def test_a_disagreement_names_both_winners() -> None:
    result = count(Contest(ABC, Rule.PLURALITY), Profile.of_rankings(ABC, {("Ann",): 2}))
    second = SecondCount("py-vote-core", "2.0.0", Status.DISAGREES, ("Bob\n",))
    refusal = EnginesDisagree(result, second)
    assert "civicforum elects 'Ann', py-vote-core 2.0.0 elects 'Bob\\n'" in str(refusal)
    assert (refusal.result, refusal.second) == (result, second)


def test_the_lot_of_all_options_follows_the_draws_and_then_the_names() -> None:
    contest = Contest(("Dee", *ABC), Rule.IRV, lots=(("Cem", "Ann"), ("Ann", "Dee")))
    assert lot_of_all(contest) == ("Cem", "Ann", "Dee", "Bob")


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        (Rule.IRV, ["1>2>3", "2", "3"]),
        (Rule.PLURALITY, ["1", "2", "3"]),
        (Rule.SCHULZE, ["1>2>3", "2>1=3", "1=2", "3"]),
    ],
)
def test_papers_are_put_as_the_rule_reads_them(rule: Rule, texts: list[str]) -> None:
    ballots: Collection[tuple[str | tuple[str, ...], ...]] = [
        ("Ann", "Bob", "Cem"),
        ("Bob", ("Cem", "Ann")),
        (("Ann", "Bob"),),
        ("Cem",),
    ]
    told = asked(Contest(ABC, rule), Profile.of_rankings(ABC, ballots))
    assert sorted(text for _, text in told["ballots"]) == sorted(texts)


def test_an_over_marked_paper_is_not_put_to_the_second_engine() -> None:
    profile = Profile.of_approvals(ABC, {("Ann", "Bob", "Cem"): 2, ("Ann", "Bob"): 3, ("Cem",): 1})
    told = asked(Contest(ABC, Rule.BLOCK_PLURALITY, seats=2), profile)
    assert sorted(told["ballots"]) == [(1, "3"), (3, "1=2")]


def test_places_with_gaps_are_read_alike_by_both() -> None:
    # 1 . 2 counts for Ann, then Cem; without a first place a paper is spoiled.
    rows = [([1, 0, 3], 3), ([0, 1, 4], 2), ([0, 2, 0], 9), ([3, 0, 1], 2)]
    check_poll(Contest(ABC, Rule.IRV), Profile.of_marks(BallotKind.RANKING, ABC, rows))
