from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import (
    BallotKind,
    Choices,
    Contest,
    Ground,
    ImpossibleBallot,
    ImpossibleCount,
    Mark,
    Paper,
    PaperRules,
    Profile,
    Remedy,
    Rule,
    Selection,
    Share,
    count,
    read_selection,
)

FOR, AGAINST, ABSTAIN = Mark.FOR, Mark.AGAINST, Mark.ABSTAIN
MORE_THAN_HALF = Share(Fraction(1, 2), more_than=True)
WRITE_INS = PaperRules(write_ins=True)
CONTEST = Contest(("Li", "Wang", "Zhao"), Rule.SELECTION, seats=2, threshold=MORE_THAN_HALF)


def ticks(*names: str, write_ins: tuple[str, ...] = ()) -> Paper:
    return Paper.of_names(*names, write_ins=write_ins)


def read(
    papers: list[tuple[Paper, int]], contest: Contest = CONTEST, rules: PaperRules = WRITE_INS
) -> Selection:
    return read_selection(contest, papers, rules=rules)


def test_a_selection_by_more_than_half_of_those_who_took_part() -> None:
    # 21 papers, so that 11 votes elect (21 / 2 = 10.5). Li 8 + 4 = 12, Wang 8, Zhao 4 + 2 = 6.
    papers = [
        (Paper({"Li": FOR, "Wang": FOR, "Zhao": AGAINST}), 8),
        (Paper({"Li": FOR, "Wang": AGAINST, "Zhao": FOR}), 4),
        (Paper({"Li": AGAINST, "Wang": ABSTAIN, "Zhao": FOR}), 2),
        (Paper({"Li": ABSTAIN}), 3),
        (Paper(), 1),
        (ticks("Li", "Wang", "Zhao"), 1),
    ]
    found = read_selection(CONTEST, papers, spoiled={Ground.TORN: 2})
    result = count(found.contest, found.profile)
    assert found.spoiled == {Ground.TOO_MANY: 1, Ground.TORN: 2}
    assert (result.valid, result.blank, result.spoiled) == (17, 1, 3)
    assert result.choices == {"Li": Choices(12, 2, 3), "Wang": Choices(8, 4, 2), "Zhao": Choices(6, 8, 0)}
    assert (result.quota, result.stages[0].totals["Li"]) == (11, 12)
    assert (result.elected, result.seats_open, result.tied) == (("Li",), 1, None)


def test_abstentions_blank_and_spoiled_papers_stay_in_the_share() -> None:
    # 6 of 11 valid papers are more than half; 6 of all 12 are not.
    papers = [(Paper({"Li": FOR}), 6), (Paper({"Li": AGAINST}), 3), (Paper({"Li": ABSTAIN}), 2)]
    found = read(papers)
    assert count(found.contest, found.profile).elected == ("Li",)
    assert count(found.contest, replace(found.profile, blank=1)).elected == ()
    assert count(found.contest, replace(found.profile, spoiled=1)).elected == ()


def test_more_names_than_seats_spoil_a_paper_and_fewer_do_not() -> None:
    found = read([(ticks("Li", "Wang", "Zhao"), 1), (ticks("Li", "Wang"), 1), (ticks("Li"), 1)])
    assert (found.profile.valid, found.spoiled) == (2, {Ground.TOO_MANY: 1})


def test_an_over_marked_row_is_spoiled_in_the_count_too() -> None:
    profile = Profile.of_approvals(CONTEST.options, {("Li", "Wang", "Zhao"): 2, ("Wang",): 3})
    result = count(CONTEST, profile)
    assert (result.valid, result.spoiled, result.elected) == (3, 2, ("Wang",))


def test_the_limit_of_marks_can_differ_from_the_seats() -> None:
    found = read([(ticks("Li", "Wang"), 1), (ticks("Li"), 1)], replace(CONTEST, limit=1))
    assert (found.profile.valid, found.profile.spoiled) == (1, 1)


def test_without_a_threshold_the_most_votes_win() -> None:
    found = read(
        [(ticks("Li"), 2), (ticks("Zhao"), 1), (Paper({"Wang": ABSTAIN}), 9)],
        replace(CONTEST, threshold=None),
    )
    result = count(found.contest, found.profile)
    assert (result.elected, result.quota) == (("Li", "Zhao"), None)


def test_those_level_at_the_last_seat_are_voted_on_again() -> None:
    # 10 papers, 6 votes elect: Li 8; Wang and Zhao 6 each for the one seat that is left.
    found = read([(ticks("Li", "Wang"), 4), (ticks("Li", "Zhao"), 4), (ticks("Wang", "Zhao"), 2)])
    result = count(found.contest, found.profile)
    assert result.elected == ("Li",)
    assert result.tied is not None
    assert (result.tied.names, result.tied.seats, result.tied.remedy) == (
        ("Wang", "Zhao"),
        1,
        Remedy.NEW_VOTE,
    )
    assert result.seats_open == 0


def test_somebody_written_in_becomes_an_option_and_can_be_elected() -> None:
    paper = Paper({"Wang": AGAINST, "Zhao": AGAINST}, write_ins=("Qian", "Sun"))
    found = read([(paper, 6), (ticks("Li"), 3)])
    result = count(found.contest, found.profile)
    assert found.contest.options == ("Li", "Wang", "Zhao", "Qian", "Sun")
    assert result.elected == ("Qian", "Sun")


def test_names_written_in_count_towards_the_limit() -> None:
    paper = Paper({"Li": FOR, "Wang": FOR, "Zhao": AGAINST}, write_ins=("Qian",))
    assert read([(paper, 1)]).spoiled == {Ground.TOO_MANY: 1}


@pytest.mark.parametrize(
    ("marks", "rules", "stands"),
    [
        ({"Wang": AGAINST}, PaperRules(), False),
        ({"Wang": AGAINST}, WRITE_INS, True),
        ({"Wang": ABSTAIN}, WRITE_INS, False),
        ({"Wang": ABSTAIN}, PaperRules(write_ins=True, after_against=False), True),
    ],
)
def test_a_write_in_needs_leave_and_a_vote_against(
    marks: dict[str, Mark], rules: PaperRules, stands: bool
) -> None:
    found = read([(Paper({"Li": FOR, **marks}, write_ins=("Qian",)), 1)], rules=rules)
    assert ("Qian" in found.contest.options) is stands
    assert found.profile.valid == 1


def test_a_write_in_that_cannot_stand_spoils_the_paper_where_that_was_declared() -> None:
    paper = Paper({"Li": FOR, "Wang": ABSTAIN}, write_ins=("Qian",))
    found = read([(paper, 1)], rules=replace(WRITE_INS, part_voids_paper=True))
    assert (found.profile.valid, found.spoiled) == (0, {Ground.WRITE_IN: 1})


def test_a_paper_with_nothing_but_a_write_in_that_cannot_stand_is_spoiled_and_not_blank() -> None:
    found = read([(ticks(write_ins=("Qian",)), 1)])
    assert (found.profile.blank, found.spoiled) == (0, {Ground.WRITE_IN: 1})


def test_one_person_twice_counts_once_unless_that_voids_the_paper() -> None:
    papers = [(ticks("Li", write_ins=("Li",)), 1), (Paper({"Wang": AGAINST}, write_ins=("Qian", "Qian")), 1)]
    found = read(papers)
    result = count(found.contest, found.profile)
    assert (result.stages[0].totals["Li"], result.stages[0].totals["Qian"]) == (1, 1)
    assert read(papers, rules=replace(WRITE_INS, twice_voids=True)).spoiled == {Ground.TWICE: 2}


def test_a_listed_name_may_be_written_but_not_against_its_own_mark() -> None:
    found = read([(ticks(write_ins=("Li",)), 1), (Paper({"Li": AGAINST}, write_ins=("Li",)), 1)])
    assert count(found.contest, found.profile).choices["Li"] == Choices(1, 0, 0)
    assert found.spoiled == {Ground.CONTRADICTION: 1}


def test_impossible_papers_are_refused() -> None:
    with pytest.raises(ImpossibleBallot):
        read([(Paper({"Qian": FOR}), 1)])
    with pytest.raises(ImpossibleCount):
        read([(ticks("Li"), -1)])
    with pytest.raises(ImpossibleCount):
        read_selection(CONTEST, [], spoiled={Ground.TORN: -1})
    with pytest.raises(ValueError, match="ranking"):
        count(CONTEST, Profile.of_rankings(CONTEST.options, [("Li",)]))


MARKS = st.dictionaries(st.sampled_from(CONTEST.options), st.sampled_from(Mark))
PAPERS = st.lists(
    st.tuples(
        st.builds(Paper, MARKS, st.lists(st.sampled_from(("Li", "Qian", "Sun")), max_size=2).map(tuple)),
        st.integers(1, 5),
    ),
    max_size=9,
)
RULES = st.builds(PaperRules, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@given(PAPERS, RULES)
def test_every_paper_is_valid_blank_or_spoiled(papers: list[tuple[Paper, int]], rules: PaperRules) -> None:
    found = read(papers, rules=rules)
    result = count(found.contest, found.profile)
    assert result.valid + result.blank + result.spoiled == sum(count for _, count in papers)
    assert result.spoiled == sum(found.spoiled.values())


@given(PAPERS, RULES)
def test_nobody_is_elected_below_the_share_nor_beyond_the_seats(
    papers: list[tuple[Paper, int]], rules: PaperRules
) -> None:
    found = read(papers, rules=rules)
    result = count(found.contest, found.profile)
    took_part = sum(count for _, count in papers)
    assert all(2 * result.choices[name].in_favour > took_part for name in result.elected)
    assert len(result.elected) + (result.tied.seats if result.tied else 0) + result.seats_open == 2


@given(PAPERS.flatmap(lambda papers: st.tuples(st.just(papers), st.permutations(papers))), RULES)
def test_the_order_of_papers_and_options_does_not_matter(
    pair: tuple[list[tuple[Paper, int]], list[tuple[Paper, int]]], rules: PaperRules
) -> None:
    first = read(pair[0], rules=rules)
    second = read(pair[1], replace(CONTEST, options=CONTEST.options[::-1]), rules)
    results = [count(found.contest, found.profile) for found in (first, second)]
    assert results[0].elected == results[1].elected
    assert results[0].tied == results[1].tied
    assert results[0].choices == results[1].choices


@given(PAPERS, RULES)
def test_merged_papers_count_as_single_ones(papers: list[tuple[Paper, int]], rules: PaperRules) -> None:
    single = [(paper, 1) for paper, number in papers for _ in range(number)]
    together, apart = read(papers, rules=rules), read(single, rules=rules)
    assert count(together.contest, together.profile) == count(apart.contest, apart.profile)


@given(st.permutations([1, 2, 3, 0]))
def test_marks_of_a_profile_are_read_as_the_core_numbers_them(row: list[int]) -> None:
    options = ("Li", "Qian", "Wang", "Zhao")
    profile = Profile.of_marks(BallotKind.CHOICES, options, [(row, 7)])
    choices = count(Contest(options, Rule.SELECTION), profile).choices
    seen = {1: Choices(7, 0, 0), 2: Choices(0, 7, 0), 3: Choices(0, 0, 7), 0: Choices(0, 0, 0)}
    assert choices == {name: seen[mark] for name, mark in zip(options, row, strict=True)}
