"""Answers into picks, and sums back into counts."""

from __future__ import annotations

import pytest

from civicforum.sealed import Answer, NotAText, counts_of, picks_of, seal, shown, verify_ballot
from tests.support.sealed_election import FULL, OTHER, Election

# The two papers of the support module, as their voters would say it.
SAYS_FULL = [
    Answer(chosen=frozenset({0, 2})),
    Answer(chosen=frozenset({0}), against=frozenset({1}), names=("王小明",)),
    Answer(levels={0: 1, 1: 2}),
    Answer(order=(2, 0, 1)),
]
SAYS_OTHER = [
    Answer(chosen=frozenset({1, 4})),
    Answer(chosen=frozenset({1, 2}), against=frozenset({0})),
    Answer(levels={0: 0, 1: 0}),
    Answer(order=(2, 0, 1)),
]


def test_answers_become_the_picks_of_their_slots(finished: Election) -> None:
    contests = finished.board.manifest.contests
    assert picks_of(contests, SAYS_FULL) == FULL
    assert picks_of(contests, SAYS_OTHER) == OTHER


def test_no_answers_are_a_blank_ballot(finished: Election) -> None:
    contests = finished.board.manifest.contests
    picks = picks_of(contests, [Answer()] * 4)
    verify_ballot(finished.race, seal(finished.race, picks, 5, 0, bytes(32)))
    assert [count.names for count in shown(contests, picks)] == [{}] * 4
    assert shown(contests, picks)[3].rankings == {(): 1}


def test_an_audit_shows_what_the_voter_said(finished: Election) -> None:
    choose, review, rate, rank = shown(finished.board.manifest.contests, FULL)
    assert choose.counts == ((1,), (0,), (1,), (0,), (0,))
    assert review.counts == ((1, 0), (0, 1), (0, 0))
    assert review.names == {"王小明": 1}
    assert rate.counts == ((0, 1, 0), (0, 0, 1))
    assert rank.rankings == {(2, 0, 1): 1}


def test_a_result_is_read_question_by_question(finished: Election) -> None:
    """Counted are OTHER twice, FULL once and a blank ballot."""
    result = finished.board.result
    assert result is not None
    choose, review, rate, rank = counts_of(finished.board.manifest.contests, result)
    assert choose.counts == ((1,), (2,), (1,), (0,), (2,))
    assert review.counts == ((1, 2), (2, 1), (2, 0))
    assert review.names == {"王小明": 1}
    assert rate.counts == ((2, 1, 0), (2, 0, 1))
    assert (rank.rankings, rank.spoiled) == ({(2, 0, 1): 3, (): 1}, 0)


def test_spoiled_texts_and_rankings_are_counted_apart(finished: Election) -> None:
    texts = [{"\ufffd": 2, "": 5, "李四": 1}, {"\ufffd": 1, "99": 2, "0": 3}]
    counts = counts_of(finished.board.manifest.contests, {"counts": [0] * 18, "texts": texts})
    assert (counts[1].names, counts[1].spoiled) == ({"李四": 1}, 2)
    assert (counts[3].rankings, counts[3].spoiled) == ({(0,): 3}, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        Answer(chosen=frozenset({5})),
        Answer(chosen=frozenset({-1})),
    ],
)
def test_an_option_that_is_not_there_cannot_be_marked(finished: Election, wrong: Answer) -> None:
    with pytest.raises(IndexError):
        picks_of(finished.board.manifest.contests, [wrong, *SAYS_FULL[1:]])


def test_a_name_must_fit(finished: Election) -> None:
    contests = finished.board.manifest.contests
    for names in (("王" * 10,), ("王小明", "李四")):
        with pytest.raises((NotAText, IndexError)):
            picks_of(contests, [SAYS_FULL[0], Answer(names=names), *SAYS_FULL[2:]])
