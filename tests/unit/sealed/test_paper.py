"""The arithmetic of the paper count, where it needs another election than the forgeries have."""

from __future__ import annotations

from typing import Any

import pytest

from civicforum.sealed import Check, Refused, paper_line
from civicforum.sealed.paper import PaperCount
from tests.support.sealed_election import Election

AT_LEAST_ONE = {"kind": "choose", "options": ["a", "b", "c"], "max": 2, "min": 1}
YES_NO = {"kind": "choose", "options": ["yes", "no"], "max": 1}


def with_papers(contest: dict[str, Any], *, papers: int, **terms: Any) -> Election:
    """Return a closed election: the last voters took paper, the others marked the first option."""
    election = Election([contest], threshold=1, size=1, **terms)
    voters = len(election.secrets)
    for voter in range(voters - papers):
        election.cast(voter, [1] + [0] * (election.race.slots - 1))
    for voter in range(voters - papers, voters):
        election.void(voter)
    election.close()
    return election


def count(election: Election, found: int, counts: list[int], invalid: int = 0) -> PaperCount | None:
    issued = 2
    election.put(
        paper_line(issued=issued, found=found, invalid=invalid, counts=counts, signed_by=["张三", "李四"])
    )
    return election.board.paper


@pytest.mark.parametrize("counts", [[1, 0, 0], [0, 0, 0], [2, 2, 1], [3, 0, 0]])
def test_papers_bear_as_many_marks_as_the_rules_ask_for(counts: list[int]) -> None:
    """Two valid papers of one or two marks each hold two to four marks, and none twice."""
    with pytest.raises(Refused) as refused:
        count(with_papers(AT_LEAST_ONE, papers=2, voters=3), 2, counts)
    assert refused.value.check is Check.PAPER_COUNTS


@pytest.mark.parametrize("counts", [[1, 1, 0], [2, 0, 0], [2, 2, 0], [2, 1, 1]])
def test_possible_counts_are_taken(counts: list[int]) -> None:
    paper = count(with_papers(AT_LEAST_ONE, papers=2, voters=3), 2, counts)
    assert paper is not None
    assert paper.counts == tuple(counts)


def test_invalid_papers_bear_no_marks() -> None:
    with pytest.raises(Refused) as refused:
        count(with_papers(AT_LEAST_ONE, papers=2, voters=3), 2, [2, 0, 0], invalid=1)
    assert refused.value.check is Check.PAPER_COUNTS


def test_the_final_result_lacks_nothing_once_paper_is_counted() -> None:
    election = with_papers(YES_NO, papers=2, voters=4)
    election.open((1,))
    with pytest.raises(Refused) as refused:
        election.board.check_complete()
    assert refused.value.check is Check.COMPLETE
    count(election, 2, [1, 1])
    election.board.check_complete()


@pytest.mark.parametrize(
    ("counts", "is_possible"), [([7, 5], True), ([12, 0], True), ([13, 0], False), ([7, 6], False)]
)
def test_weighted_papers_weigh_at_most_what_was_voided(counts: list[int], is_possible: bool) -> None:
    weights = [*[1] * 100, 7, 5]
    election = with_papers(YES_NO, papers=2, voters=102, weights=weights, least=100)
    if is_possible:
        assert count(election, 2, counts) is not None
        return
    with pytest.raises(Refused) as refused:
        count(election, 2, counts)
    assert refused.value.check is Check.PAPER_COUNTS
