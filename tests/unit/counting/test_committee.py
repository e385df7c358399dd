from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import (
    Choices,
    CommitteePaper,
    CommitteePaperRules,
    Denominator,
    Ground,
    ImpossibleBallot,
    ImpossibleContest,
    ImpossibleCount,
    Mark,
    NextKind,
    Paper,
    PaperRules,
    PollFault,
    PollFigures,
    Post,
    PostOutcome,
    Remedy,
    RoundOutcome,
    RoundRules,
    Share,
    count_round,
)

FOR, AGAINST, ABSTAIN = Mark.FOR, Mark.AGAINST, Mark.ABSTAIN
HALF = Share(Fraction(1, 2), more_than=True)
THIRD = Share(Fraction(1, 3))
WRITE_INS = CommitteePaperRules(names=PaperRules(write_ins=True))
FIRST = RoundRules(elected=HALF, turnout=HALF, papers=WRITE_INS)
FURTHER = RoundRules(elected=THIRD, of=Denominator.CAST, enough_members=4)
NEW_VOTE = RoundRules(elected=None)

DIRECTOR = Post("director", 1, ("Wang", "Li"))
DEPUTY = Post("deputy", 1, ("Zhao", "Qian"))
NEITHER = Paper({"Zhao": ABSTAIN, "Qian": ABSTAIN})
SUN_WRITTEN_IN = Paper({"Wang": AGAINST}, write_ins=("Sun",))
MEMBERS = Post("member", 3, ("Sun", "Zhou", "Wu", "Zheng"))

Papers = list[tuple[CommitteePaper, int]]


def ballot(**posts: str) -> dict[str, Paper]:
    """Return a paper that ticks names: `ballot(director="Wang", member="Sun Zhou")`."""
    return {post: Paper.of_names(*names.split()) for post, names in posts.items()}


def took_part(number: int, roll: int | None = None) -> PollFigures:
    return PollFigures(roll=roll or number, issued=number, voted=number)


def of(outcome: RoundOutcome, post: str) -> PostOutcome:
    return next(one for one in outcome.posts if one.post == post)


def first_round() -> RoundOutcome:
    """Count 200 papers of 205 people; 5 took their paper home.

    More than half of 205 is 103. Wang 60 + 50 = 110; Qian 50 + 50 = 100, Zhao 60; Sun 60 + 50 + 50 + 25 =
    185, Zhou 60 + 50 + 50 = 160, Zheng 50 + 25 = 75, Wu 60.
    """
    papers: Papers = [
        (ballot(director="Wang", deputy="Zhao", member="Sun Zhou Wu"), 60),
        (ballot(director="Wang", deputy="Qian", member="Sun Zhou"), 50),
        (ballot(director="Li", deputy="Qian", member="Sun Zhou Zheng"), 50),
        ({**ballot(director="Li", member="Sun Zheng"), "deputy": NEITHER}, 25),
        (ballot(director="Wang Li", deputy="Qian"), 5),
        ({}, 4),
        ({"director": SUN_WRITTEN_IN, **ballot(deputy="Qian", member="Sun")}, 3),
    ]
    figures = PollFigures(roll=400, issued=210, voted=205, spoiled={Ground.TORN: 3})
    return count_round([DIRECTOR, DEPUTY, MEMBERS], papers, figures, FIRST, women=["Sun"])


def test_a_first_round_elects_by_more_than_half_of_those_who_took_part() -> None:
    outcome = first_round()
    assert outcome.elected == {"director": ("Wang",), "deputy": (), "member": ("Sun", "Zhou")}
    check = of(outcome, "director").checks["Wang"]
    assert (check.numerator, check.denominator, check.least, check.holds) == (110, 205, 103, True)
    # More than half of the 185 valid papers, and half of the 200 that came back: neither is enough.
    assert (of(outcome, "deputy").checks["Qian"].numerator, of(outcome, "deputy").checks["Qian"].holds) == (
        100,
        False,
    )
    assert of(outcome, "deputy").result.choices["Qian"] == Choices(100, 0, 25)
    assert of(outcome, "member").result.quota == 103


def test_the_turnout_is_checked_against_the_roll() -> None:
    turnout = first_round().turnout
    assert turnout is not None
    assert (turnout.numerator, turnout.denominator, turnout.least, turnout.holds) == (205, 400, 201, True)


def test_the_figures_of_the_papers_agree() -> None:
    papers = first_round().papers
    assert (papers.issued, papers.returned, papers.not_returned) == (210, 200, 10)
    assert (papers.valid, papers.blank) == (185, 4)
    assert papers.spoiled == {Ground.TOO_MANY: 5, Ground.TWO_POSTS: 3, Ground.TORN: 3}


def test_open_seats_go_to_another_round_among_the_best_not_elected() -> None:
    outcome = first_round()
    assert [(step.kind, step.post, step.seats, step.candidates) for step in outcome.steps] == [
        (NextKind.ANOTHER_ROUND, "deputy", 1, ("Qian", "Zhao")),
        (NextKind.ANOTHER_ROUND, "member", 1, ("Zheng", "Wu")),
    ]
    assert outcome.next_posts() == (Post("deputy", 1, ("Qian", "Zhao")), Post("member", 1, ("Zheng", "Wu")))


def further_round() -> RoundOutcome:
    """Count 150 papers of 152 people, so that at least a third of the papers is 50.

    Qian 40 + 30 = 70, Zhao 9 + 45 + 6 = 60; Zheng 40 + 9 = 49, Wu 45.
    """
    papers: Papers = [
        (ballot(deputy="Qian", member="Zheng"), 40),
        (ballot(deputy="Qian"), 30),
        (ballot(deputy="Zhao", member="Zheng"), 9),
        (ballot(deputy="Zhao", member="Wu"), 45),
        (ballot(deputy="Zhao"), 6),
        ({}, 20),
    ]
    before = first_round()
    figures = PollFigures(roll=400, issued=155, voted=152)
    return count_round(before.next_posts(), papers, figures, FURTHER, before=before)


def test_another_round_elects_the_most_votes_from_a_third_of_the_ballots_cast() -> None:
    outcome = further_round()
    assert outcome.number == 2
    assert outcome.elected == {"director": ("Wang",), "deputy": ("Qian",), "member": ("Sun", "Zhou")}
    assert of(outcome, "deputy").checks["Zhao"].holds  # 60 of 150, and yet fewer votes than Qian
    check = of(outcome, "member").checks["Zheng"]
    assert (check.numerator, check.denominator, check.least, check.holds) == (49, 150, 50, False)


def test_every_round_is_a_stage_of_the_result() -> None:
    result = of(further_round(), "deputy").result
    assert [(stage.number, stage.quota, stage.elected) for stage in result.stages] == [
        (1, 103, ()),
        (2, 50, ("Qian",)),
    ]
    assert [stage.totals for stage in result.stages] == [{"Zhao": 60, "Qian": 100}, {"Zhao": 60, "Qian": 70}]
    assert (result.valid, result.blank, result.spoiled) == (130, 20, 0)


def test_seats_may_stay_vacant_once_enough_members_are_elected() -> None:
    (step,) = further_round().steps
    assert (step.kind, step.candidates, step.may_stay_vacant) == (
        NextKind.ANOTHER_ROUND,
        ("Zheng", "Wu"),
        True,
    )
    assert not any(step.may_stay_vacant for step in first_round().steps)


def test_those_level_at_the_end_of_the_list_all_stand_in_another_round() -> None:
    papers: Papers = [(ballot(member=name), 10) for name in ("Sun", "Zhou", "Wu")]
    outcome = count_round([replace(MEMBERS, seats=1)], papers, took_part(30), FIRST)
    assert outcome.steps[0].candidates == ("Sun", "Wu", "Zhou")
    assert not outcome.steps[0].too_few_candidates


def test_one_candidate_for_one_seat_is_said_to_be_too_few() -> None:
    outcome = count_round(
        [Post("director", 1, ("Wang",))], [(ballot(director="Wang"), 1)], took_part(9), FIRST
    )
    assert outcome.steps[0].too_few_candidates


def tied_round() -> RoundOutcome:
    """Count 100 papers for two deputies: Ma 80, Hu and Lin 60 each; 51 elect."""
    posts = [Post("deputy", 2, ("Ma", "Hu", "Lin")), Post("member", 1, ("Hu", "Sun"))]
    papers: Papers = [
        (ballot(deputy="Ma Hu", member="Sun"), 40),
        (ballot(deputy="Ma Lin"), 40),
        (ballot(deputy="Hu Lin"), 20),
    ]
    return count_round(posts, papers, took_part(100), replace(FIRST, added_downwards=True))


def test_those_tied_at_the_last_seat_are_voted_on_again() -> None:
    outcome = tied_round()
    tied = of(outcome, "deputy").result.tied
    assert outcome.elected["deputy"] == ("Ma",)
    assert tied is not None
    assert (tied.names, tied.seats, tied.remedy, tied.certain) == (("Hu", "Lin"), 1, Remedy.NEW_VOTE, ("Ma",))
    assert outcome.next_posts() == (Post("deputy", 1, ("Hu", "Lin"), most_votes=True),)


def test_a_lower_post_waits_for_a_tie_that_decides_who_is_free_for_it() -> None:
    # Hu has 60 votes for deputy, added to those for member: elected there, unless deputy in the new vote.
    outcome = tied_round()
    assert of(outcome, "member").added == {"Hu": 60}
    assert (outcome.elected["member"], outcome.steps[1].kind) == ((), NextKind.WAIT)


@pytest.mark.parametrize(
    ("winner", "deputies", "members", "steps"),
    [
        ("Lin", ("Ma", "Lin"), ("Hu",), []),
        ("Hu", ("Ma", "Hu"), (), [(NextKind.ANOTHER_ROUND, "member", ("Sun",))]),
    ],
)
def test_more_votes_win_a_new_vote_and_what_waited_goes_on(
    winner: str, deputies: tuple[str, ...], members: tuple[str, ...], steps: list[object]
) -> None:
    before, loser = tied_round(), {"Lin": "Hu", "Hu": "Lin"}[winner]
    papers: Papers = [(ballot(deputy=winner), 20), (ballot(deputy=loser), 19), ({}, 30)]
    outcome = count_round(before.next_posts(), papers, took_part(69), NEW_VOTE, before=before)
    assert outcome.elected == {"deputy": deputies, "member": members}
    assert [(step.kind, step.post, step.candidates) for step in outcome.steps] == steps


@pytest.mark.parametrize(("winner", "candidates"), [("Lin", ("Hu", "Yu")), ("Hu", ("Yu",))])
def test_another_round_waits_for_a_tie_that_decides_who_stands(
    winner: str, candidates: tuple[str, ...]
) -> None:
    # Deputy as in `tied_round`; member, two seats: Sun 40 + 40 = 80, Hu 40, Yu 20, and 51 elect.
    posts = [Post("deputy", 2, ("Ma", "Hu", "Lin")), Post("member", 2, ("Hu", "Sun", "Yu"))]
    papers: Papers = [
        (ballot(deputy="Ma Hu", member="Sun"), 40),
        (ballot(deputy="Ma Lin", member="Sun Hu"), 40),
        (ballot(deputy="Hu Lin", member="Yu"), 20),
    ]
    before = count_round(posts, papers, took_part(100), FIRST)
    assert (before.elected["member"], before.steps[1].kind) == (("Sun",), NextKind.WAIT)
    again = count_round(
        before.next_posts(), [(ballot(deputy=winner), 9)], took_part(9), NEW_VOTE, before=before
    )
    assert again.elected == {"deputy": ("Ma", winner), "member": ("Sun",)}
    assert again.next_posts() == (Post("member", 1, candidates),)


def test_a_new_vote_needs_no_share_though_another_round_beside_it_does() -> None:
    # 30 papers, so that another round needs 10; those tied do not: Hu has 3 votes, Lin 2.
    before = tied_round()
    papers: Papers = [(ballot(deputy="Hu"), 3), (ballot(deputy="Lin"), 2), ({}, 25)]
    outcome = count_round(before.next_posts(), papers, took_part(30), FURTHER, before=before)
    assert outcome.elected["deputy"] == ("Ma", "Hu")


def test_who_is_level_in_a_new_vote_is_voted_on_once_more() -> None:
    before = tied_round()
    papers: Papers = [(ballot(deputy="Hu"), 9), (ballot(deputy="Lin"), 9)]
    outcome = count_round(before.next_posts(), papers, took_part(18), NEW_VOTE, before=before)
    assert outcome.next_posts() == before.next_posts()
    assert [len(tie.names) for tie in of(outcome, "deputy").result.ties] == [2, 2]


def test_votes_are_added_downwards_where_that_was_declared() -> None:
    # 100 papers, 51 elect. Director: Wang 40 + 15 = 55, Li 41 + 4 = 45. Member: Sun 40 + 4 = 44, Li 15.
    # Added downwards Li has 15 + 45 = 60 for member, and Wang's 55 stay with the director.
    posts = [DIRECTOR, Post("member", 1, ("Li", "Sun"))]
    papers: Papers = [
        (ballot(director="Wang", member="Sun"), 40),
        (ballot(director="Wang", member="Li"), 15),
        (ballot(director="Li"), 41),
        (ballot(director="Li", member="Sun"), 4),
    ]
    apart = count_round(posts, papers, took_part(100), FIRST)
    added = count_round(posts, papers, took_part(100), replace(FIRST, added_downwards=True))
    assert apart.elected == {"director": ("Wang",), "member": ()}
    assert added.elected == {"director": ("Wang",), "member": ("Li",)}
    member = of(added, "member")
    assert (member.added, member.result.stages[0].totals) == ({"Li": 45}, {"Li": 60, "Sun": 44})
    assert member.result.choices["Li"].in_favour == 15


def test_a_paper_adds_one_vote_for_a_person_chosen_in_two_posts_where_that_may_stand() -> None:
    posts = [DIRECTOR, Post("member", 1, ("Li", "Sun"))]
    rules = replace(FIRST, added_downwards=True, papers=replace(WRITE_INS, two_posts_stand=True))
    outcome = count_round(posts, [(ballot(director="Li", member="Li"), 5)], took_part(12), rules)
    assert of(outcome, "member").result.stages[0].totals["Li"] == 5


def test_who_is_elected_to_a_higher_post_is_not_elected_to_a_lower_one() -> None:
    posts = [DIRECTOR, Post("member", 1, ("Wang", "Sun"))]
    rules = replace(FIRST, papers=CommitteePaperRules(two_posts_stand=True))
    outcome = count_round(posts, [(ballot(director="Wang", member="Wang"), 9)], took_part(9), rules)
    assert outcome.elected == {"director": ("Wang",), "member": ()}
    assert of(outcome, "member").elected_elsewhere == ("Wang",)
    assert outcome.steps[0].candidates == ("Sun",)


def test_an_over_marked_post_can_void_its_part_alone() -> None:
    rules = replace(FIRST, papers=CommitteePaperRules(whole=frozenset()))
    papers: Papers = [(ballot(director="Wang Li", deputy="Qian"), 5), (ballot(director="Wang"), 1), ({}, 2)]
    outcome = count_round([DIRECTOR, DEPUTY], papers, took_part(8), rules)
    assert outcome.elected == {"director": (), "deputy": ("Qian",)}
    assert outcome.papers.void_parts == {"director": {Ground.TOO_MANY: 5}, "deputy": {}}
    figures = {one.post: (one.result.valid, one.result.blank, one.result.spoiled) for one in outcome.posts}
    assert figures == {"director": (1, 2, 5), "deputy": (5, 3, 0)}


def test_a_person_in_two_posts_can_void_these_parts_alone() -> None:
    rules = replace(FIRST, papers=CommitteePaperRules(whole=frozenset()))
    posts = [DIRECTOR, DEPUTY, Post("member", 1, ("Wang", "Sun"))]
    papers: Papers = [(ballot(director="Wang", deputy="Qian", member="Wang"), 3)]
    outcome = count_round(posts, papers, took_part(3), rules)
    assert outcome.elected == {"director": (), "deputy": ("Qian",), "member": ()}


def test_a_paper_of_which_no_part_stands_is_spoiled() -> None:
    rules = replace(FIRST, papers=CommitteePaperRules(whole=frozenset()))
    outcome = count_round([DIRECTOR, DEPUTY], [(ballot(director="Wang Li"), 3)], took_part(3), rules)
    assert (outcome.papers.valid, outcome.papers.spoiled) == (0, {Ground.TOO_MANY: 3})


def test_a_name_written_in_can_be_elected() -> None:
    paper = {"director": Paper({"Wang": AGAINST, "Li": AGAINST}, write_ins=("Han",))}
    outcome = count_round([DIRECTOR], [(paper, 6), (ballot(director="Li"), 4)], took_part(10), FIRST)
    assert outcome.elected == {"director": ("Han",)}


def test_a_write_in_of_a_first_round_keeps_the_stages_of_the_next_whole() -> None:
    paper = {"director": Paper({"Wang": AGAINST}, write_ins=("Han",))}
    before = count_round([DIRECTOR], [(paper, 3), (ballot(director="Li"), 2)], took_part(9), FIRST)
    assert before.steps[0].candidates == ("Han", "Li")
    other = {"director": Paper({"Han": AGAINST}, write_ins=("Cui",))}
    rules = replace(FURTHER, papers=WRITE_INS)
    outcome = count_round(before.next_posts(), [(other, 4)], took_part(4), rules, before=before)
    assert [set(stage.totals) for stage in of(outcome, "director").result.stages] == [
        {"Wang", "Li", "Han", "Cui"}
    ] * 2
    assert outcome.elected == {"director": ("Cui",)}


def test_more_papers_than_people_who_voted_void_the_whole_poll() -> None:
    outcome = count_round([DIRECTOR], [(ballot(director="Wang"), 101)], took_part(100, roll=150), FIRST)
    assert (outcome.faults, outcome.posts) == ((PollFault.TOO_MANY_PAPERS,), ())
    assert [(step.kind, step.seats, step.candidates) for step in outcome.steps] == [
        (NextKind.POLL_AGAIN, 1, DIRECTOR.candidates)
    ]
    assert outcome.papers.not_returned == -1


@pytest.mark.parametrize(
    ("share", "voted", "faults"),
    [
        (HALF, 75, (PollFault.TURNOUT,)),  # more than half of 150 voters is 76
        (HALF, 76, ()),
        (Share(Fraction(2, 3), more_than=True), 100, (PollFault.TURNOUT,)),  # representatives: 101
        (Share(Fraction(2, 3), more_than=True), 101, ()),
    ],
)
def test_too_few_who_take_part_void_the_poll(share: Share, voted: int, faults: tuple[PollFault, ...]) -> None:
    rules = replace(FIRST, turnout=share)
    outcome = count_round([DIRECTOR], [(ballot(director="Wang"), 60)], took_part(voted, roll=150), rules)
    assert outcome.faults == faults
    assert bool(outcome.elected) is not bool(faults)


def test_a_void_further_round_leaves_what_was_before() -> None:
    before = first_round()
    outcome = count_round(before.next_posts(), [({}, 9)], took_part(8), FURTHER, before=before)
    assert (outcome.elected, outcome.steps, outcome.number) == (before.elected, before.steps, 2)


@pytest.mark.parametrize(("women", "needs"), [(None, None), (["Sun"], False), (["Zheng"], True), ([], True)])
def test_a_committee_without_a_woman_is_reported(women: Collection[str] | None, needs: bool | None) -> None:
    papers: Papers = [(ballot(member="Sun Zhou Wu"), 9)]
    outcome = count_round([MEMBERS], papers, took_part(9), FIRST, women=women)
    assert outcome.needs_woman is needs
    assert outcome.elected == {"member": ("Sun", "Wu", "Zhou")}


def test_a_post_where_nobody_is_left_to_stand_is_vacant() -> None:
    posts = [DIRECTOR, Post("member", 1, ("Wang",))]
    outcome = count_round(posts, [(ballot(director="Wang"), 9)], took_part(9), FIRST)
    assert [(step.kind, step.candidates) for step in outcome.steps] == [(NextKind.VACANT, ())]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ImpossibleBallot):
        count_round([DIRECTOR], [(ballot(chairman="Wang"), 1)], took_part(1), FIRST)
    with pytest.raises(ImpossibleBallot):
        count_round([DIRECTOR], [(ballot(director="Sun"), 1)], took_part(1), FIRST)
    with pytest.raises(ImpossibleCount):
        count_round([DIRECTOR], [(ballot(director="Wang"), -1)], took_part(1), FIRST)
    with pytest.raises(ImpossibleContest):
        Post("director", 1, ("Wang", "Wang"))
    with pytest.raises(ValueError, match="candidates"):
        replace(FIRST, extra=0)
    with pytest.raises(ValueError, match="fewer seats open"):
        count_round([replace(DEPUTY, seats=2)], [], took_part(1), FURTHER, before=first_round())


@pytest.mark.parametrize(
    ("roll", "issued", "voted", "torn"), [(9, 10, 10, 0), (9, 8, 9, 0), (9, 9, -1, 0), (9, 9, 9, -1)]
)
def test_impossible_figures_are_refused(roll: int, issued: int, voted: int, torn: int) -> None:
    with pytest.raises(ImpossibleCount):
        PollFigures(roll=roll, issued=issued, voted=voted, spoiled={Ground.TORN: torn})


# Hu stands for both posts, and anybody may be written in.
POSTS = (Post("director", 1, ("Wang", "Hu")), Post("member", 2, ("Hu", "Sun", "Wu")))


def papers_of(post: Post) -> st.SearchStrategy[Paper]:
    marks = st.dictionaries(st.sampled_from(post.candidates), st.sampled_from(Mark))
    return st.builds(Paper, marks, st.lists(st.sampled_from(("Wang", "Sun", "Han")), max_size=2).map(tuple))


BALLOTS = st.fixed_dictionaries({}, optional={post.name: papers_of(post) for post in POSTS})
PAPERS: st.SearchStrategy[Papers] = st.lists(st.tuples(BALLOTS, st.integers(1, 4)), max_size=9)
RULES = st.builds(
    RoundRules,
    st.sampled_from([HALF, THIRD, None]),
    st.sampled_from(Denominator),
    added_downwards=st.booleans(),
    papers=st.builds(
        CommitteePaperRules,
        st.builds(PaperRules, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
        st.frozensets(st.sampled_from(list(Ground)[:5])),
        st.booleans(),
    ),
)


def count_all(papers: Papers, rules: RoundRules, posts: tuple[Post, ...] = POSTS) -> RoundOutcome:
    voted = sum(count for _, count in papers) + 2
    figures = PollFigures(roll=voted, issued=voted, voted=voted, spoiled={Ground.DEFACED: 2})
    return count_round(posts, papers, figures, rules)


@given(PAPERS, RULES)
def test_every_paper_is_in_one_figure_of_every_post(papers: Papers, rules: RoundRules) -> None:
    outcome = count_all(papers, rules)
    figures = outcome.papers
    assert figures.returned == sum(count for _, count in papers) + 2
    assert figures.returned == figures.valid + figures.blank + sum(figures.spoiled.values())
    for post in outcome.posts:
        assert post.result.valid + post.result.blank + post.result.spoiled == figures.returned
        assert min(post.result.valid, post.result.blank, post.result.spoiled) >= 0


@given(PAPERS, RULES)
def test_nobody_is_elected_below_the_share_or_twice(papers: Papers, rules: RoundRules) -> None:
    outcome = count_all(papers, rules)
    elected = [name for names in outcome.elected.values() for name in names]
    assert len(elected) == len(set(elected))
    for post in outcome.posts:
        assert all(post.checks[name].holds for name in post.result.elected if post.checks)
        assert all(check.numerator <= check.denominator for check in post.checks.values())
        assert len(post.result.elected) <= post.result.contest.seats


@given(PAPERS, RULES)
def test_something_happens_next_exactly_where_a_seat_is_open(papers: Papers, rules: RoundRules) -> None:
    outcome = count_all(papers, rules)
    for post in outcome.posts:
        missing = post.result.contest.seats - len(post.result.elected)
        assert (post.step.seats if post.step else 0) == missing


@given(PAPERS.flatmap(lambda papers: st.tuples(st.just(papers), st.permutations(papers))), RULES)
def test_the_order_of_papers_and_candidates_does_not_matter(
    pair: tuple[Papers, Papers], rules: RoundRules
) -> None:
    turned = tuple(replace(post, candidates=post.candidates[::-1]) for post in POSTS)
    first, second = count_all(pair[0], rules), count_all(pair[1], rules, turned)
    assert first.elected == second.elected
    assert first.steps == second.steps
    assert first.papers == second.papers


@given(PAPERS, RULES)
def test_merged_papers_count_as_single_ones(papers: Papers, rules: RoundRules) -> None:
    single: list[tuple[Mapping[str, Paper], int]] = [
        (paper, 1) for paper, number in papers for _ in range(number)
    ]
    assert count_all(single, rules).steps == count_all(papers, rules).steps
    assert count_all(single, rules).elected == count_all(papers, rules).elected


@given(PAPERS, RULES, st.data())
def test_rounds_fill_seats_one_after_another(papers: Papers, rules: RoundRules, data: st.DataObject) -> None:
    outcome = count_all(papers, rules)
    for number in (2, 3):
        posts, before = outcome.next_posts(), outcome
        if not posts:
            break
        ballots = st.fixed_dictionaries({}, optional={post.name: papers_of(post) for post in posts})
        more = data.draw(st.lists(st.tuples(ballots, st.integers(1, 4)), max_size=5))
        voted = took_part(sum(count for _, count in more))
        outcome = count_round(posts, more, voted, replace(rules, elected=THIRD), before=before)
        assert outcome.number == number
        for earlier, now in zip(before.posts, outcome.posts, strict=True):
            assert now.result.elected[: len(earlier.result.elected)] == earlier.result.elected
            asked = any(post.name == now.post for post in posts)
            assert len(now.result.stages) == len(earlier.result.stages) + asked
            assert now.result.elected == tuple(name for stage in now.result.stages for name in stage.elected)
        elected = [name for names in outcome.elected.values() for name in names]
        assert len(elected) == len(set(elected))
