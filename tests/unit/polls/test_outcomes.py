"""What a poll comes to, worked by hand."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from civicforum import rulebook
from civicforum.counting import ImpossibleCount
from civicforum.polls.outcomes import (
    Decision,
    Electorate,
    Merge,
    PollOutcome,
    QuestionResult,
    Way,
    as_json,
    count_named,
    decide,
    question_from_json,
)
from civicforum.polls.outcomes.stages import result_from_json
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec, contest_of
from civicforum.sealed import Answer, ContestCount

BOOK = rulebook.load("national-2026")
MAJORITY = "recall.majority"  # more than 1/2 of those who took part
ELECTED = "election.elected"  # the same
FLOOR = "election.further_round.floor"  # at least 1/3 of the ballots cast
QUORUM = "election.validity.voters"  # more than 1/2 of the roll
MOTION = QuestionSpec(QuestionKind.MOTION, "是否加装电梯", majority_rule=MAJORITY)
REVIEW = QuestionSpec(
    QuestionKind.SELECTION,
    "选举委员",
    options=("甲", "乙", "丙"),
    marking=Marking.EACH,
    most=2,
    seats=2,
    write_ins=1,
    majority_rule=ELECTED,
)
TICKS = QuestionSpec(QuestionKind.SELECTION, "选两项", options=("树", "灯", "椅"), most=2, seats=2)
GRADE = QuestionSpec(QuestionKind.GRADE, "评议", options=("主任", "委员"), levels=("优秀", "称职", "不称职"))
RANK = QuestionSpec(
    QuestionKind.RANKING, "选址", options=("甲地", "乙地", "丙地"), depth=3, method="irv", seats=1
)


def way(*counts: ContestCount, valid: int, invalid: int = 0) -> Way:
    return Way(counts, valid, invalid)


def marks(*rows: tuple[int, ...], names: dict[str, int] | None = None, spoiled: int = 0) -> ContestCount:
    return ContestCount(rows, Counter(names or {}), Counter(), spoiled)


def orders(found: dict[tuple[int, ...], int], spoiled: int = 0) -> ContestCount:
    return ContestCount((), Counter(), Counter(found), spoiled)


def outcome_of(spec: QuestionSpec, roll: int = 100, **ways: object) -> PollOutcome:
    return decide([spec], electorate=Electorate(roll), book=BOOK, **ways)  # type: ignore[arg-type]


def result_of(spec: QuestionSpec, roll: int = 100, **ways: object) -> QuestionResult:
    return outcome_of(spec, roll, **ways).questions[0]


def test_exactly_half_of_those_who_took_part_is_not_a_majority() -> None:
    found = result_of(MOTION, online=way(marks((5,), (3,)), valid=10))
    assert found.lines[0].figures.together == (5, 3, 2)
    assert found.decision is Decision.NOT_ADOPTED
    assert found.verdict is not None
    assert (found.verdict.arithmetic, found.verdict.least) == ("5 ≤ 1/2 × 10 = 5", 6)
    assert result_of(MOTION, online=way(marks((6,), (3,)), valid=10)).decision is Decision.ADOPTED


def test_abstentions_and_invalid_papers_count_among_those_who_took_part() -> None:
    # 6 of 9 valid ballots; three invalid papers make it 6 of 12.
    online, paper = way(marks((4,), (1,)), valid=6), way(marks((2,), (1,)), valid=3, invalid=3)
    found = outcome_of(MOTION, online=online, paper=paper)
    assert found.taking_part == 12
    assert found.is_adopted is False
    question = found.questions[0]
    assert question.verdict is not None
    assert question.verdict.arithmetic == "6 ≤ 1/2 × 12 = 6"
    figures = question.lines[0].figures
    assert (figures.online, figures.paper, figures.together) == ((4, 1, 1), (2, 1, 0), (6, 2, 1))
    assert (question.papers.together.valid, question.papers.together.invalid) == (9, 3)


def test_a_share_of_the_roll_is_held_against_everybody_on_it() -> None:
    spec = QuestionSpec(QuestionKind.MOTION, "x", majority_rule=QUORUM)
    found = result_of(spec, roll=20, online=way(marks((10,), (0,)), valid=10))
    assert found.verdict is not None
    assert found.verdict.arithmetic == "10 ≤ 1/2 × 20 = 10"
    assert found.decision is Decision.NOT_ADOPTED


def test_more_ballots_than_people_are_no_result() -> None:
    with pytest.raises(ImpossibleCount):
        result_of(MOTION, roll=9, online=way(marks((5,), (3,)), valid=10))


def test_a_motion_without_a_rule_is_a_consultation() -> None:
    spec = QuestionSpec(QuestionKind.MOTION, "x")
    found = outcome_of(spec, online=way(marks((5,), (3,)), valid=10))
    assert (found.is_adopted, found.questions[0].decision) == (None, Decision.COUNTED)


def test_without_a_quorum_nothing_is_decided_and_nobody_elected() -> None:
    electorate = Electorate(on_roll=20)
    online = way(marks((9,), (0,)), marks((9, 0), (9, 0), (1, 0)), valid=10)
    found = decide([MOTION, REVIEW], online=online, electorate=electorate, book=BOOK, quorum_rule=QUORUM)
    assert found.quorum is not None
    assert (found.quorum.holds, found.quorum.arithmetic) == (False, "10 ≤ 1/2 × 20 = 10")
    assert [question.decision for question in found.questions] == [Decision.NO_QUORUM] * 2
    assert found.questions[1].chosen == ()
    assert not any(line.is_chosen for line in found.questions[1].lines)


def test_a_quorum_of_members_is_a_share_of_the_body_and_not_of_the_roll() -> None:
    electorate = Electorate(on_roll=20, members=60)
    online = way(marks((20,), (0,)), valid=20)
    found = decide(
        [MOTION],
        online=online,
        electorate=electorate,
        book=BOOK,
        quorum_rule="assembly.representatives.quorum",
    )
    assert found.quorum is not None
    assert found.quorum.arithmetic == "20 < 2/3 × 60 = 40"


def test_whoever_reaches_more_than_half_is_elected_and_the_rest_of_the_seats_stay_open() -> None:
    found = result_of(REVIEW, online=way(marks((6, 1), (5, 2), (2, 5)), valid=10))
    assert (found.chosen, found.decision, found.open_seats) == (("甲",), Decision.TOO_FEW, 1)
    second = found.lines[1]
    assert second.figures.together == (5, 2, 3)
    assert second.verdict is not None
    assert (second.verdict.holds, second.verdict.arithmetic) == (False, "5 ≤ 1/2 × 10 = 5")


def test_a_tie_at_the_last_seat_is_a_result() -> None:
    found = result_of(REVIEW, online=way(marks((9, 0), (6, 1), (6, 1)), valid=10))
    assert (found.decision, found.chosen) == (Decision.TIED, ("甲",))
    assert (found.tied, found.tied_seats, found.open_seats) == (("丙", "乙"), 1, 0)


def test_ticks_are_elected_by_most_votes_and_nobody_without_one() -> None:
    found = result_of(TICKS, online=way(marks((4,), (0,), (0,)), valid=5))
    assert (found.columns, found.chosen, found.open_seats) == (("votes",), ("树",), 1)


def test_a_further_round_asks_for_a_third_of_the_ballots_cast_invalid_ones_too() -> None:
    spec = QuestionSpec(
        QuestionKind.SELECTION, "x", options=("甲", "乙"), most=1, seats=1, majority_rule=FLOOR
    )
    # A third of 9 + 3 is 4.
    found = result_of(spec, paper=way(marks((4,), (3,)), valid=9, invalid=3))
    assert found.chosen == ("甲",)
    assert found.lines[0].verdict is not None
    assert found.lines[0].verdict.arithmetic == "4 ≥ 1/3 × 12 = 4"
    assert result_of(spec, paper=way(marks((3,), (3,)), valid=9, invalid=3)).chosen == ()


def test_names_written_in_are_one_name_on_screen_and_paper_by_their_normal_form() -> None:
    online = way(marks((3, 0), (0, 0), (0, 0), names={"Zoe\u0301": 3, "丁一": 2}), valid=5)
    paper = way(marks((1, 0), (0, 0), (0, 0), names={"Zo\u00e9": 2}), valid=4)
    found = result_of(REVIEW, online=online, paper=paper)
    written = {line.name: line.figures.together for line in found.lines if line.is_written_in}
    assert written == {"Zo\u00e9": (5, 0, 4), "丁一": (2, 0, 7)}
    assert found.chosen == ("Zo\u00e9",)  # 5 of 9; 甲 has 4


def test_a_merge_adds_spellings_and_says_why() -> None:
    online = way(marks((0, 0), (0, 0), (0, 0), names={"丁一": 3, "丁壹": 3}), valid=10)
    apart = result_of(REVIEW, online=online)
    assert apart.chosen == ()
    merge = Merge(0, "丁壹", "丁一", "选举委员会认定为同一人")
    merged = result_of(REVIEW, online=online, merges=[merge])
    assert [line.name for line in merged.lines if line.is_written_in] == ["丁一"]
    assert (merged.chosen, merged.merges) == (("丁一",), (merge,))


def test_a_listed_name_written_in_is_shown_and_not_added() -> None:
    # One ballot may hold both the mark and the name: together they would be two votes of one person.
    online = way(marks((5, 0), (0, 0), (0, 0), names={"甲": 2}), valid=10)
    found = result_of(REVIEW, online=online)
    assert found.set_aside == (("甲", 2),)
    assert found.lines[0].figures.together == (5, 0, 5)
    assert found.chosen == ()


def test_a_name_written_twice_on_one_ballot_is_not_more_than_one_vote_of_everybody() -> None:
    online = way(marks((0, 0), (0, 0), (0, 0), names={"丁": 4}), valid=3)
    found = result_of(REVIEW, online=online)
    assert found.lines[3].figures.together == (3, 0, 0)


def test_grades_are_counted_and_level_ones_both_named() -> None:
    online = way(marks((4, 4, 1), (0, 2, 5)), valid=10)
    found = result_of(GRADE, online=online)
    first, second = found.lines
    assert (first.figures.together, first.grades) == ((4, 4, 1, 1), ("优秀", "称职"))
    assert (second.figures.together, second.grades) == ((0, 2, 5, 3), ("不称职",))
    assert found.columns == ("优秀", "称职", "不称职", "ungraded")


def test_an_item_that_nobody_graded_has_no_grade() -> None:
    found = result_of(GRADE, online=way(marks((0, 0, 0), (1, 0, 0)), valid=1))
    assert found.lines[0].grades == ()


def test_a_ranking_is_counted_stage_by_stage_and_checked_by_the_other_engine() -> None:
    # 甲 4, 乙 3, 丙 2; 丙 goes out and both of its papers go to 乙, which has 5 of 9.
    online = way(orders({(0, 1): 4, (1,): 1, (2, 1): 2}), valid=7)
    paper = way(orders({(1, 0): 2, (): 1}, spoiled=0), valid=3, invalid=1)
    found = result_of(RANK, online=online, paper=paper)
    assert (found.chosen, found.decision) == (("乙地",), Decision.CHOSEN)
    assert found.count is not None
    assert found.second is not None
    assert found.second["status"] == "agrees"
    stages = result_from_json(found.count).stages
    assert [dict(stage.totals) for stage in stages][:2] == [
        {"甲地": 4, "乙地": 3, "丙地": 2},
        {"甲地": 4, "乙地": 5, "丙地": 0},
    ]
    assert found.lines[1].figures.online == (1, 7)
    assert (found.papers.together.valid, found.papers.together.blank, found.papers.together.invalid) == (
        10,
        1,
        1,
    )
    assert ((1, 0), 0, 2) in found.rankings


def test_a_tie_of_rankings_is_a_result() -> None:
    found = result_of(RANK, online=way(orders({(0,): 2, (1,): 2}), valid=4))
    assert found.decision is Decision.TIED
    assert (found.tied, found.chosen) == (("乙地", "甲地"), ())


def test_texts_that_are_no_ranking_are_invalid_ballots() -> None:
    found = result_of(RANK, online=way(orders({(0,): 2}, spoiled=1), valid=3))
    assert (found.papers.online.valid, found.papers.online.invalid) == (2, 1)


def test_named_votes_give_the_same_counts_as_sealed_ones() -> None:
    specs = [MOTION, REVIEW, GRADE, RANK]
    ballots = [
        (
            Answer(chosen=frozenset({0})),
            Answer(frozenset({0}), frozenset({1}), ("丁",)),
            Answer(levels={0: 1}),
            Answer(order=(1, 0)),
        ),
        (Answer(), Answer(), Answer(), Answer()),
    ]
    counted = count_named([contest_of(spec) for spec in specs], ballots)
    assert counted.valid == 2
    motion, review, grade, ranking = counted.counts
    assert motion.counts == ((1,), (0,))
    assert (review.counts, review.names) == (((1, 0), (0, 1), (0, 0)), Counter({"丁": 1}))
    assert grade.counts == ((0, 1, 0), (0, 0, 0))
    assert ranking.rankings == Counter({(1, 0): 1, (): 1})
    nobody = decide(
        specs,
        online=count_named([contest_of(spec) for spec in specs], []),
        electorate=Electorate(3),
        book=BOOK,
    )
    assert [question.papers.together.valid for question in nobody.questions] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("spec", "count"),
    [
        (MOTION, marks((6,), (3,))),
        (REVIEW, marks((9, 0), (6, 1), (6, 1), names={"丁": 1, "甲": 1}, spoiled=1)),
        (GRADE, marks((4, 4, 1), (0, 2, 5))),
        (RANK, orders({(0, 1): 4, (1,): 3, (2, 1): 3})),
    ],
)
def test_what_is_kept_reads_back_as_the_same_result(spec: QuestionSpec, count: ContestCount) -> None:
    merges = [Merge(0, "丁", "丁丁", "同一人")]
    found = result_of(spec, online=way(count, valid=10), merges=merges)
    assert question_from_json(json.loads(json.dumps(as_json(found)))) == found
